module Kta.Functional.Tests.Algorithms.StrategyPropertyTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.Memories
open Kta.Functional.Tests.Algorithms.Trajectories

let private seconds (n: int) = TimeSpan.FromSeconds(float n)
let private pods value period = HpaPolicy(HpaPolicyType.Pods, value, seconds period)

let private upTo (fraction: float) (now: int) = max 1 (int (ceil (float now * fraction - 1e-9)))

/// A rule with a window: what was largest within two minutes.
let private highest =
    Rule.Of(
        "highest",
        (fun now context ->
            let past = [
                for past in context.History do
                    if context.StartedAt - past.StartedAt <= seconds 120 then
                        past.Measurements
            ]

            let wanted node =
                now :: past
                |> List.map (fun measured -> int measured[node].ArrivalRate.Value.Value)
                |> List.max

            Plan.ForEach(context.Topology, wanted)),
        HistoryNeeded(0, seconds 120)
    )

type private Strategies = (string * (unit -> Strategy list) * (unit -> Remembering)) list

/// Strategies, and the same with a memory.
let private strategies: Strategies = [
    "bounds",
    (fun () -> [ Strategy.Bounds(3, 9) ]),
    (fun () -> plainly (fun proposed _ -> List.map (max 3 >> min 9) proposed))
    "largest change",
    (fun () -> [ Strategy.MaxChange(up = 0.5, down = 0.3) ]),
    (fun () -> plainly (List.map2 (fun count now -> count |> min (upTo 1.5 now) |> max (min now (upTo 0.7 now)))))
    "over-provisioning",
    (fun () -> [ Strategy.OverProvision 0.2 ]),
    (fun () -> plainly (fun proposed _ -> proposed |> List.map (fun n -> upTo 1.2 n)))
    "minor changes",
    (fun () -> [ Strategy.MinorChanges(2, 1) ]),
    (fun () ->
        plainly (
            List.map2 (fun count now ->
                if count <> now && now - count <= 2 && count - now <= 1 then
                    now
                else
                    count)
        ))
    "coupled rescale",
    (fun () -> [ Strategy.CoupledRescale 0.25 ]),
    (fun () ->
        plainly (fun proposed current ->
            if List.exists2 (fun count now -> float (abs (count - now)) > 0.25 * float now) proposed current then
                proposed
            else
                current))
    "budget",
    (fun () -> [ Strategy.Budget 12 ]),
    (fun () ->
        plainly (fun proposed _ ->
            let shrunk share =
                proposed
                |> List.map (fun count -> 1 + int (floor (share * float (count - 1) + 0.5)))

            // The largest share of what is beyond 1 that fits; it is one at which a number changes.
            [
                yield! [ 0.; 1. ]

                for count in proposed do
                    for less in 1 .. count - 1 -> (float less - 0.5) / float (count - 1) + 1e-9
            ]
            |> List.map shrunk
            |> List.filter (fun plan -> List.sum plan <= 12)
            |> List.maxBy List.sum))
    "stabilization",
    (fun () -> [ Strategy.Stabilize(seconds 180, seconds 60) ]),
    (fun () -> stabilize (seconds 180) (seconds 60))
    "two stabilizations",
    (fun () -> [ Strategy.Stabilize(seconds 120); Strategy.Stabilize(seconds 90, seconds 30) ]),
    (fun () -> chained [ stabilize (seconds 120) TimeSpan.Zero; stabilize (seconds 90) (seconds 30) ])
    "cooldown",
    (fun () -> [ Strategy.Cooldown(seconds 60, seconds 150) ]),
    (fun () -> cooldown (seconds 60) (seconds 150))
    "delayed scale-down", (fun () -> [ Strategy.DelayScaleDown(seconds 120) ]), (fun () -> delayScaleDown (seconds 120))
    "activation", (fun () -> [ Strategy.Activation 3 ]), (fun () -> activation 3)
    "rate limit",
    (fun () -> [ Strategy.RateLimit(pods 3 90, pods 2 120) ]),
    (fun () -> rateLimit (3, seconds 90) (2, seconds 120))
    "shadow", (fun () -> [ Strategy.Shadow highest ]), (fun () -> plainly (fun proposed _ -> proposed))
    "recommend-only", (fun () -> [ Strategy.RecommendOnly() ]), (fun () -> plainly (fun _ current -> current))
    "all of it",
    (fun () -> [
        Strategy.OverProvision 0.2
        Strategy.Stabilize(seconds 120, seconds 30)
        Strategy.DelayScaleDown(seconds 90)
        Strategy.Activation 2
        Strategy.RateLimit(pods 4 90, pods 3 90)
        Strategy.Bounds(2, 12)
        Strategy.Cooldown(seconds 30, seconds 60)
    ]),
    (fun () ->
        chained [
            plainly (fun proposed _ -> proposed |> List.map (fun n -> upTo 1.2 n))
            stabilize (seconds 120) (seconds 30)
            delayScaleDown (seconds 90)
            activation 2
            rateLimit (4, seconds 90) (3, seconds 90)
            plainly (fun proposed _ -> List.map (max 2 >> min 12) proposed)
            cooldown (seconds 30) (seconds 60)
        ])
]

/// Those that go by missing measurements.
let private patient: Strategies = [
    "fallback", (fun () -> [ Strategy.Fallback(seconds 90, 10) ]), (fun () -> fallback (seconds 90) 10 false)
    "fallback at once",
    (fun () -> [ Strategy.Fallback(TimeSpan.Zero, 3, true) ]),
    (fun () -> fallback TimeSpan.Zero 3 true)
    "fallback that may go down",
    (fun () -> [ Strategy.Fallback(seconds 60, 4, mayGoDown = true); Strategy.Bounds(2, 15) ]),
    (fun () ->
        chained [ fallback (seconds 60) 4 true; plainly (fun proposed _ -> List.map (max 2 >> min 15) proposed) ])
]

let private daily (from: string) (until: string) =
    TimeOnly.Parse(from, Globalization.CultureInfo.InvariantCulture),
    TimeOnly.Parse(until, Globalization.CultureInfo.InvariantCulture)

/// Those that go by the clocks of a place.
let private timed: Strategies = [
    for from, until in [ "01:30", "02:30"; "02:00", "03:00"; "22:00", "06:00"; "02:30", "01:30" ] do
        let begins, ends = daily from until
        let window = DailyWindow(begins, ends, "Europe/Berlin")

        $"bounds from {from} to {until}",
        (fun () -> [ Strategy.During(window, Strategy.Bounds(3, 5)) ]),
        (fun () -> during begins ends (plainly (fun proposed _ -> List.map (max 3 >> min 5) proposed)))

        $"stabilization from {from} to {until}",
        (fun () -> [ Strategy.During(window, Strategy.Stabilize(seconds 7200)) ]),
        (fun () -> during begins ends (stabilize (seconds 7200) TimeSpan.Zero))
]

let private describe (ticks: Tick list) at =
    ticks
    |> List.truncate (at + 1)
    |> List.map (fun tick -> tick.After, tick.Proposals)
    |> sprintf "%A"

/// What nobody can know about a loop, cut off: nothing, some entries, some of another policy in between.
let private losses (iteration: Iteration) : Entry list list =
    let foreign = Entry(Measurements.Nothing, null, Plan.Of(struct (Kta.Functional.Tests.Calls.orders, 3)))

    [
        for kept in [ 0; 1; 2; 5 ] do
            if kept < iteration.History.Length then
                List.truncate kept iteration.History

                List.truncate kept iteration.History
                @ foreign :: List.skip kept iteration.History
    ]

/// Nights of which one hour is missing, one comes twice, and one is as any other.
let private nights =
    [
        DateTime(2026, 3, 28, 18, 0, 0)
        DateTime(2026, 10, 24, 18, 0, 0)
        DateTime(2026, 7, 1, 18, 0, 0)
    ]
    |> List.map (fun utc -> DateTimeOffset(utc, TimeSpan.Zero))

let private remembers name (strategies: unit -> Strategy list) (memory: unit -> Remembering) count starts ticks =
    Generators.property
        $"{name}: the same as one that remembers"
        count
        (Gen.zip (Gen.elements starts) ticks)
        (fun (start, ticks) ->
            let algorithm = proposing.WithStrategies(strategies () |> Array.ofList)
            let remember = memory ()

            for at, (tick, iteration) in List.indexed (List.zip ticks (runFrom start algorithm ticks)) do
                let expected = remember iteration.Time tick.Proposals iteration.Current

                if iteration.Decided <> expected then
                    failtest $"expected %A{expected}, found %A{iteration.Decided} after {describe ticks at}")

let private neverGoesDown name (strategies: unit -> Strategy list) starts ticks =
    Generators.property
        $"{name}: never goes down because something is not known"
        200
        (Gen.zip3 (Gen.elements starts) ticks (Gen.choose (0, 39)))
        (fun (start, ticks, at) ->
            let algorithm = proposing.WithStrategies(strategies () |> Array.ofList)
            let at = min at (List.length ticks - 1)
            let iteration = (runFrom start algorithm ticks)[at]

            for history in losses iteration do
                let plan = decide algorithm iteration.Time iteration.Now history

                for node, now, whole in Seq.zip3 chain iteration.Current iteration.Decided do
                    if plan[node] < now && whole >= now then
                        failtest $"{now} to {plan[node]} with {history.Length} entries after {describe ticks at}")

let tests =
    testList "Strategies always" [
        for strategies, starts, ticks in
            [ strategies, [ start ], ticks; patient, [ start ], ticksWithGaps; timed, nights, slowTicks ] do
            for name, strategies, memory in strategies do
                remembers name strategies memory 1000 starts ticks
                neverGoesDown name strategies starts ticks

        Generators.property "shadow: says what the other rule would have said, and nothing else" 300 ticks (fun ticks ->
            let algorithm = proposing.WithStrategies(Strategy.Shadow highest)
            let seen = Collections.Generic.List<DateTimeOffset * int list>()

            for tick, iteration in List.zip ticks (run algorithm ticks) do
                seen.Add(iteration.Time, tick.Proposals)

                for i, reasons in List.indexed iteration.Reasons do
                    let most =
                        seen
                        |> Seq.filter (fun (at, _) -> iteration.Time - at <= seconds 120)
                        |> Seq.map (fun (_, numbers) -> numbers[i])
                        |> Seq.max

                    Expect.equal reasons [ $"Shadow: highest would say {most}" ] "one sentence")

        Generators.property "recommend-only: says what would have been done" 300 ticks (fun ticks ->
            let algorithm = proposing.WithStrategies(Strategy.Bounds(1, 30), Strategy.RecommendOnly())

            for tick, iteration in List.zip ticks (run algorithm ticks) do
                for count, reasons in List.zip tick.Proposals iteration.Reasons do
                    let expected =
                        if count = 8 then
                            []
                        else
                            [ $"RecommendOnly: kept 8, {count} is recommended" ]

                    Expect.equal reasons expected "one sentence, where there is something to say")
    ]
