/// What rules make of a past that is not known as a whole.
module Kta.Functional.Tests.Algorithms.RulePropertyTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms.Loops

let private seconds (n: int) = TimeSpan.FromSeconds(float n)

let private operators = [
    { PerInstance = 100.; Selectivity = 2. }
    {
        PerInstance = 150.
        Selectivity = 0.5
    }
    { PerInstance = 80.; Selectivity = 0. }
]

/// Seconds since the last iteration, what arrives, and which of the nodes stand idle.
type private Tick = {
    After: int
    Arrivals: int
    Idle: bool list
    IsCounted: bool
}

let private ticks = gen {
    let! count = Gen.choose (2, 30)

    let! levels =
        Gen.listOfLength count (Gen.frequency [ 4, Gen.constant None; 1, Gen.choose (20, 2000) |> Gen.map Some ])

    let levels =
        levels
        |> List.scan (fun now next -> Option.defaultValue now next) 400
        |> List.tail

    let! after = Gen.listOfLength count (Gen.elements [ 30; 30; 60; 60; 25; 120 ])

    let! idle =
        Gen.listOfLength count (Gen.listOfLength 3 (Gen.frequency [ 9, Gen.constant false; 1, Gen.constant true ]))

    let! counted = Gen.listOfLength count (Gen.elements [ true; false ])

    return
        List.zip3 after levels (List.zip idle counted)
        |> List.map (fun (after, arrivals, (idle, counted)) -> {
            After = after
            Arrivals = arrivals
            Idle = idle
            IsCounted = counted
        })
}

let private measured (tick: Tick) (isCounted: bool) (current: int list) =
    let all = measure operators chain (float tick.Arrivals) current

    (all, Seq.zip chain tick.Idle)
    ||> Seq.fold (fun all (node, isIdle) ->
        let numbers = all[node]

        let counted =
            if isCounted then
                numbers
            else
                numbers.With(Quantity.Parallelism, Reading.Absent)

        all.With(
            node,
            if isIdle then
                counted.With(Quantity.RecordsIn, 0).With(Quantity.RecordsOut, 0).With(Quantity.Busy, 0)
            else
                counted
        ))

type private Entry = HistoryEntry<Measurements, Proposals>

let private decide (algorithm: Algorithm<Measurements, Proposals>) (time: DateTimeOffset) now (history: Entry list) =
    let context =
        PlanContext<Measurements, Proposals>(
            chain,
            now,
            history = history,
            udfStartTimestampMillis = time.ToUnixTimeMilliseconds()
        )

    numbersOf chain (algorithm.Explain(context).Plan)

/// The whole history at the end of a loop, the time, what was measured, what is there, and what the rule says.
let private run algorithm (ticks: Tick list) =
    ((start, [ 4; 6; 3 ], [], None), ticks)
    ||> List.fold (fun (time, current, history, _) tick ->
        let time = time + seconds tick.After
        let now = measured tick (tick.IsCounted || List.isEmpty history) current
        let decided = decide algorithm time now history

        let entry =
            Entry(now, null, counts decided chain, udfStartTimestampMillis = time.ToUnixTimeMilliseconds())

        time, decided, entry :: history, Some(time, tick, current, history, decided))
    |> fun (_, _, _, last) -> last.Value

let private pods value period = HpaPolicy(HpaPolicyType.Pods, value, seconds period)

let private hpa (up: int, upPolicy) (down: int, downPolicy) =
    Hpa.Rule(
        HpaOptions(
            ScaleUp = HpaScaling(StabilizationWindow = seconds up, Policies = [ upPolicy ]),
            ScaleDown = HpaScaling(StabilizationWindow = seconds down, Policies = [ downPolicy ])
        )
    )

let private rules = [
    "ds2", Ds2.Rule()
    "ds2, timely", Ds2.Rule(Ds2Options(Timely = true))
    "hpa", Hpa.Rule()
    "hpa without behavior", Hpa.Rule(HpaOptions(Behavior = false))
    "hpa with windows", hpa (60, pods 4 60) (120, pods 2 60)
    "hpa with slow decreases", hpa (0, pods 9 30) (0, pods 1 180)
    "break-even", BreakEven.Rule(BreakEvenOptions(IntervalSeconds = 30, DowntimeSeconds = 5, WarmUpSeconds = 5))
    "the larger of two", Rule.Max(Ds2.Rule(), Hpa.Rule())
]

let private foreign = [
    "of another policy", Entry(Measurements.Nothing, null, Plan.Of(struct (Kta.Functional.Tests.Calls.orders, 3)))
    "of another topology",
    Entry(Measurements.Nothing, null, Plan.Of(struct (Kta.Functional.Tests.Calls.orders, 3), struct (map, 1)))
]

let tests =
    testList "Rules always" [
        for name, rule in rules do
            let algorithm = Autoscaler.Create rule

            for kind, entry in foreign do
                Generators.property
                    $"{name}: an entry {kind} is the end of the history"
                    150
                    (Gen.zip ticks (Gen.choose (0, 6)))
                    (fun (ticks, kept) ->
                        let time, tick, current, history, _ = run algorithm ticks
                        let now = measured tick true current
                        let newer = List.truncate kept history
                        let older = history |> List.skip newer.Length

                        Expect.equal
                            (decide algorithm time now (newer @ entry :: older))
                            (decide algorithm time now newer)
                            "the same as without what is behind it")

            Generators.property
                $"{name}: never goes down because something is not known"
                300
                (Gen.zip ticks (Gen.choose (0, 6)))
                (fun (ticks, kept) ->
                    let time, tick, current, history, whole = run algorithm ticks
                    let now = measured tick true current
                    let cut = decide algorithm time now (List.truncate kept history)

                    for count, less, all in List.zip3 current cut whole do
                        if less < count && all >= count then
                            failtest $"{count} to {less} with {kept} of {history.Length} entries after %A{ticks}")
    ]
