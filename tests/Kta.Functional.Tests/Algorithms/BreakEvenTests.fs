module Kta.Functional.Tests.Algorithms.BreakEvenTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private rule = BreakEven.Rule()

let private operators = [
    {
        PerInstance = 1000.
        Selectivity = 1.
    }
    { PerInstance = 500.; Selectivity = 1. }
    { PerInstance = 800.; Selectivity = 0. }
]

let private plan = [ 3; 6; 4 ]
let private at (arrivals: float) = measure operators chain arrivals plan
let private after (history: PastIteration seq) (now: Measurements) = rule.Decide(now, contextOf chain history)
let private lagging (lag: float) (now: Measurements) = now.With(source, now[source].With(Quantity.Lag, lag))
let private busily count = steady count (at 2000.) (counts plan chain)
let private idly count = steady count (at 800.) (counts plan chain)

let private decisions =
    testList "decides" [
        test "up when overload is measured: more arrives than is consumed, and the lag shows it" {
            let decided = after (busily 6) (at 6000. |> lagging 180_000.)
            Expect.equal (numbersOf chain decided) [ 10; 19; 12 ] "sized for what arrives and some growth"

            Expect.equal
                (textsOf map decided)
                [
                    "Break-even: 6,000/s at 500/s per instance need 12.45 of 6 instances; arrivals exceed the capacity of 3,000/s (lag 30 s), so the job is sized for 8,593/s (growth 43%, spare 5%): 18.17 -> 19."
                ]
                "the sentence"
        }

        test "nothing when only little is spare" {
            let decided = after (busily 6) (at 2600.)
            Expect.equal (numbersOf chain decided) plan "kept"

            Expect.equal
                (textsOf source decided)
                [
                    "Break-even: 2,000/s at 1,000/s per instance need 2.00 of 3 instances; stays (not yet paid for): going to 2,500/s would save 0.0 job minutes and cost 7.0."
                ]
                "the sentence"
        }

        test "down when the waste has paid for the change, and not before" {
            Expect.equal (numbersOf chain (after (idly 5) (at 800.))) plan "after five minutes it has not"
            let decided = after (idly 60) (at 800.)
            Expect.equal (numbersOf chain decided) [ 1; 2; 2 ] "after an hour it has"
            Expect.stringContains (textsOf map decided |> List.head) "fewer instances for" "the sentence"
        }

        test "never down without three measurements" {
            for entries in [ 0; 1 ] do
                let decided = after (idly entries) (at 800.)
                Expect.equal (numbersOf chain decided) plan "kept"
                Expect.stringContains (textsOf map decided |> List.head) "stays (too little history)" "why"
        }

        test "a node above the maximum keeps what it has" {
            let small = BreakEven.Rule(BreakEvenOptions(MaxParallelism = 2))
            let decided = small.Decide(at 6000. |> lagging 180_000., contextOf chain (busily 6))
            Expect.equal (numbersOf chain decided) plan "not forced down"
        }

        test "looks at no more than 120 entries" {
            let looked = ref 0

            let history = seq {
                for age in 1..1000 do
                    looked.Value <- looked.Value + 1
                    past age (at 800.) (counts plan chain)
            }

            after history (at 800.) |> ignore
            Expect.equal (looked.Value, rule.HistoryNeeded.Entries) (120, 120) "so many"
        }

        test "takes the parallelism of a monitor that does not measure it from what was applied" {
            let without (measured: Measurements) =
                Measurements.Of [|
                    for node in chain -> struct (node, measured[node].With(Quantity.Parallelism, Reading.Absent))
                |]

            let history = steady 61 (without (at 800.)) (counts plan chain)
            Expect.equal (numbersOf chain (after history (without (at 800.)))) [ 1; 2; 2 ] "as if it were measured"
        }

        test "refuses to guess the parallelism, and names the node" {
            let all = at 800.
            let now = Measurements.Of(struct (source, all[source]), struct (map, all[map]))

            Expect.equal
                (thrownBy<MissingMeasurementException>(fun () -> after [] now |> ignore))
                "The parallelism of sink is not known: it was not measured, and no earlier iteration tells it. Without it not even \"change nothing\" has a number. Let the monitor set Parallelism, at least until there is a history."
                "the whole message"
        }

        test "settings that are out of range are refused all at once" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    BreakEven.Rule(
                        BreakEvenOptions(LatePrice = -1., Levels = 1, ScalingExponent = nan, MaxParallelism = 0)
                    )
                    |> ignore))
                "Break-even cannot work like this: latePrice is -1, it has to be from 0 to 1000 job minutes; scalingExponent is NaN, it has to be from 0.1 to 1; levels is 1, it has to be from 2 to 1000; maxParallelism is 0, it has to be at least minParallelism, which is 1."
                "one message"
        }
    ]

let private properties =
    testList "always" [
        Generators.property
            "a complete plan within the bounds, or what is there: 20,000 inputs"
            20_000
            (Gen.zip
                (Gen.zip Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))))
                (Gen.listOf Garbage.measurements))
            (fun ((garbage, applied), earlier) ->
                let history = [|
                    for age, then' in Seq.indexed (garbage :: earlier) -> past (age + 1) then' (counts applied chain)
                |]

                let context = contextOf chain history
                let decided = rule.Decide(garbage, context)
                Expect.equal decided.Count 3 "every node"

                for node in chain do
                    let now = context.CurrentParallelism(node, garbage).Value

                    Expect.isTrue
                        (decided[node] = now || (decided[node] >= 1 && decided[node] <= 64))
                        $"{now} → {decided[node]}")

        Generators.property
            "an increase lowers no node, a decrease raises none"
            500
            (Gen.zip3
                (Gen.listOfLength 3 (Gen.choose (1, 60)))
                (Gen.choose (1, 40_000))
                (Gen.zip (Gen.choose (0, 60)) (Gen.choose (0, 60))))
            (fun (plan, arrivals, (seconds, entries)) ->
                let now =
                    measure operators chain (float arrivals) plan
                    |> lagging (float (arrivals * seconds))

                let decided = rule.Decide(now, contextOf chain (steady entries now (counts plan chain)))
                let differences = List.map2 (fun after before -> sign (after - before)) (numbersOf chain decided) plan
                Expect.isFalse (List.contains 1 differences && List.contains -1 differences) $"{plan} → {decided}")
    ]

let tests = testList "Break-even" [ decisions; properties ]
