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

/// Strategies, and the same with a memory.
let private strategies: (string * (unit -> Strategy list) * (unit -> Remembering)) list = [
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

let tests =
    testList "Strategies always" [
        for name, strategies, memory in strategies do
            Generators.property $"{name}: the same as one that remembers" 1000 ticks (fun ticks ->
                let algorithm = proposing.WithStrategies(strategies () |> Array.ofList)
                let remember = memory ()

                for at, (tick, iteration) in List.indexed (List.zip ticks (run algorithm ticks)) do
                    let expected = remember iteration.Time tick.Proposals iteration.Current

                    if iteration.Decided <> expected then
                        failtest $"expected %A{expected}, found %A{iteration.Decided} after {describe ticks at}")

            Generators.property
                $"{name}: never goes down because something is not known"
                200
                (Gen.zip ticks (Gen.choose (0, 39)))
                (fun (ticks, at) ->
                    let algorithm = proposing.WithStrategies(strategies () |> Array.ofList)
                    let at = min at (ticks.Length - 1)
                    let iteration = (run algorithm ticks)[at]

                    for history in losses iteration do
                        let plan = decide algorithm iteration.Time iteration.Now history

                        for node, now, whole in Seq.zip3 chain iteration.Current iteration.Decided do
                            if plan[node] < now && whole >= now then
                                failtest
                                    $"{now} to {plan[node]} with {history.Length} entries after {describe ticks at}")
    ]
