module Kta.Functional.Tests.Algorithms.DhalionTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

/// Blocked and working time of the source, the map and the sink, with 4 instances each, and the lag.
let private flow (nodes: (float * float) list) (lag: int) =
    Measurements.Of [|
        for i, (blocked, busy) in List.indexed nodes ->
            let numbers = NodeMeasurements(BackPressured = blocked, Busy = busy, RecordsIn = 1000, Parallelism = 4)

            struct (chain[i], (if i = 0 then numbers.With(Quantity.Lag, lag) else numbers))
    |]

let private same = counts [ 4; 4; 4 ] chain

let private minutesAgo (age: int) (measured: Measurements) (applied: int list) =
    past age measured (counts applied chain)

let private decided (options: DhalionOptions) (history: PastIteration list) (now: Measurements) =
    Dhalion.Rule(options).Decide(now, contextOf chain history)

let private numbers history now = decided (DhalionOptions()) history now |> numbersOf chain
let private calm = flow [ 0., 0.3; 0., 0.3; 0., 0.3 ] 0

let private up =
    testList "a bottleneck" [
        test "is the node that others wait for: it grows with the time they are blocked" {
            let now = flow [ 0.6, 0.4; 0., 1.; 0., 0.5 ] 0
            let plan = decided (DhalionOptions()) [ minutesAgo 1 now [ 4; 4; 4 ] ] now
            Expect.equal (numbersOf chain plan) [ 4; 10; 4 ] "2.5 times"

            Expect.equal
                (textsOf map plan)
                [ "Dhalion: those who feed it are blocked 60 % of the time, times 2.50 → 10" ]
                "why"
        }

        test "hides behind the one in front of it, until that is mended" {
            Expect.equal (numbers [] (flow [ 0.5, 0.5; 0.5, 0.5; 0., 1. ] 0)) [ 4; 4; 8 ] "both wait for the sink"
            Expect.equal (numbers [] (flow [ 0.5, 0.5; 0., 1.; 0., 0.5 ] 0)) [ 4; 8; 4 ] "then for the map"
        }

        test "grows at most tenfold, and not below a tenth of blocked time" {
            Expect.equal (numbers [] (flow [ 1., 0.; 0., 1.; 0., 1. ] 0)) [ 4; 40; 4 ] "at most"
            Expect.equal (numbers [] (flow [ 0.09, 0.9; 0., 1.; 0., 1. ] 0)) [ 4; 4; 4 ] "9 %"
        }

        test "may be the source, whose lag grows" {
            let before (lag: int) = [ minutesAgo 1 (flow [ 0., 1.; 0., 0.9; 0., 0.9 ] lag) [ 4; 4; 4 ] ]
            let now = flow [ 0., 1.; 0., 0.9; 0., 0.9 ] 120_000
            Expect.equal (numbers (before 0) now) [ 12; 4; 4 ] "2,000/s at 1,000/s taken in"
            Expect.equal (numbers (before 60_000) now) [ 4; 4; 4 ] "1,000/s is not more than that"
        }

        test "of a source comes after all others" {
            let held (lag: int) = flow [ 0.05, 0.95; 0.5, 0.5; 0., 1. ] lag
            let plan = decided (DhalionOptions()) [ minutesAgo 1 (held 0) [ 4; 4; 4 ] ] (held 120_000)
            Expect.equal (numbersOf chain plan) [ 4; 4; 8 ] "the sink first"

            Expect.equal
                (textsOf source plan)
                [ "Dhalion: keeps 4, its lag grows, but another bottleneck comes first" ]
                "why"
        }

        test "is left alone for a time if raising it did not help" {
            let now = flow [ 0.6, 0.4; 0., 1.; 0., 0.5 ] 0

            let raised (blocked: float) = [
                minutesAgo 1 now [ 4; 4; 4 ]
                minutesAgo 2 (flow [ blocked, 0.4; 0., 1.; 0., 0.5 ] 0) [ 4; 8; 4 ]
            ]

            let remembering = DhalionOptions(Blacklist = TimeSpan.FromMinutes 5.)
            let plan = decided remembering (raised 0.6) now
            Expect.equal (numbersOf chain plan) [ 4; 4; 4 ] "blocked as much as before"
            Expect.isTrue (plan.IsHeldBack map) "held back"
            Expect.equal (decided remembering (raised 0.8) now |> numbersOf chain) [ 4; 10; 4 ] "it helped"
            Expect.equal (numbers (raised 0.6) now) [ 4; 10; 4 ] "unless it is off"
        }
    ]

let private down =
    testList "without a bottleneck" [
        test "all nodes shrink by a fifth, rounded down, if all have little to do" {
            let plan = decided (DhalionOptions()) [ minutesAgo 1 calm [ 4; 4; 4 ] ] calm
            Expect.equal (numbersOf chain plan) [ 3; 3; 3 ] "3.2"

            Expect.equal
                (textsOf map plan)
                [ "Dhalion: nothing is a bottleneck, and all have little to do, times 0.80 → 3" ]
                "why"
        }

        test "nothing shrinks while a node works, a source has a lag, or the growth of its lag is not known" {
            let steadily now = numbers [ minutesAgo 1 now [ 4; 4; 4 ] ] now
            Expect.equal (steadily (flow [ 0., 0.3; 0., 0.41; 0., 0.3 ] 0)) [ 4; 4; 4 ] "the map works"
            Expect.equal (steadily (flow [ 0., 0.3; 0., 0.3; 0., 0.3 ] 10_001)) [ 4; 4; 4 ] "a lag"
            Expect.equal (numbers [] calm) [ 4; 4; 4 ] "no history"
        }
    ]

let private settings = test "settings that are wrong are told together" {
    let options =
        DhalionOptions(
            BackPressureThreshold = 0,
            MaxScaleUpFactor = 1,
            ScaleDownFactor = 1,
            LowUse = 2,
            LowLag = -1,
            Blacklist = TimeSpan.Zero
        )

    let message = thrownBy<ArgumentException>(fun () -> Dhalion.Rule options |> ignore)

    for part in
        [
            "backPressureThreshold is 0"
            "maxScaleUpFactor is 1"
            "scaleDownFactor is 1"
            "lowUse is 2"
            "lowLag is -1"
            "blacklist is"
        ] do
        Expect.stringContains message part "each of them"
}

let private properties =
    testList "always" [
        Generators.property
            "the plan covers the topology, and no node grows more than tenfold, whatever was measured"
            500
            (Gen.zip Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))))
            (fun (garbage, applied) ->
                let history = [ for age in 1..6 -> past age garbage (counts applied chain) ]
                let plan = decided (DhalionOptions(Blacklist = TimeSpan.FromMinutes 5.)) history garbage

                for node in chain do
                    let before = (contextOf chain history).CurrentParallelism(node, garbage)
                    Expect.isTrue (plan[node] >= 1 && float plan[node] <= 10. * float before.Value) $"{plan[node]}")

        Generators.property
            "more blocked time never means a smaller bottleneck"
            300
            (Gen.zip (Gen.choose (0, 1000)) (Gen.choose (0, 1000)))
            (fun (few, many) ->
                let at share = numbers [] (flow [ float share / 1000., 0.; 0., 1.; 0., 1. ] 0) |> List.item 1
                Expect.isLessThanOrEqual (at (min few many)) (at (max few many)) "monotone")
    ]

let tests = testList "Dhalion" [ up; down; settings; properties ]
