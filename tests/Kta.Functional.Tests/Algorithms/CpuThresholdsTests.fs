module Kta.Functional.Tests.Algorithms.CpuThresholdsTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private plan = [ 3; 6; 5 ]
let private applied = counts plan chain

/// The quantity of source, map and sink; NaN where it is not measured.
let private measured (quantity: Quantity) (values: float list) =
    Measurements.Of [|
        for node, count, value in Seq.zip3 chain plan values ->
            struct (node, NodeMeasurements(Parallelism = count).With(quantity, value))
    |]

let private cpu = measured Quantity.Cpu
let private high = cpu [ 0.2; 0.75; 0.3 ]
let private low = cpu [ 0.02; 0.09; 0.05 ]
let private between = cpu [ 0.2; 0.5; 0.3 ]

let private decide history now = CpuThresholds.Rule().Decide(now, contextOf chain history)
let private after (minutes: int) (now: Measurements) = decide (steady minutes now applied) now

let private decisions =
    testList "one decision" [
        for minutes, expected in [ 14, plan; 15, [ 6; 12; 10 ]; 600, [ 6; 12; 10 ] ] do
            test $"CPU of 75 %% for {minutes} min: {expected}" {
                Expect.equal (numbersOf chain (after minutes high)) expected "15 doubles the whole job"
            }

        for minutes, expected in [ 359, plan; 360, [ 2; 3; 3 ] ] do
            test $"CPU below 10 %% for {minutes} min: {expected}" {
                Expect.equal (numbersOf chain (after minutes low)) expected "360 halve the whole job, rounded up"
            }

        test "between the thresholds nothing changes" {
            Expect.equal (numbersOf chain (after 600 between)) plan "however long"
        }

        test "one measurement on the other side starts the time again" {
            for spoiled in [ 1; 7; 14 ] do
                let history = [ for age in 1..20 -> past age (if age = spoiled then between else high) applied ]
                Expect.equal (numbersOf chain (decide history high)) plan $"{spoiled} min ago"

            let history = [ for age in 1..20 -> past age (if age = 15 then between else high) applied ]
            Expect.equal (numbersOf chain (decide history high)) [ 6; 12; 10 ] "before the 15 min it does not matter"
        }

        test "a change of the plan starts the time again" {
            let history = [
                for age in 1..30 -> past age high (if age <= 10 then applied else counts [ 2; 3; 3 ] chain)
            ]

            Expect.equal (numbersOf chain (decide history high)) plan "10 min ago"
        }

        test "a measurement that is missing starts the time again" {
            let history = [ for age in 1..20 -> past age (if age = 7 then cpu [ nan; nan; nan ] else high) applied ]
            Expect.equal (numbersOf chain (decide history high)) plan "7 min ago"
        }
    ]

let private reads =
    testList "says what it reads" [
        test "CPU where it is measured" {
            Expect.equal
                (textsOf sink (after 15 high))
                [ $"CPU thresholds: cpu 75 %% of {map}, at least 75 %% for 900 s, doubles the job" ]
                "of the node that uses most"
        }

        test "busy where it is not" {
            let now = measured Quantity.Busy [ 0.2; 0.9; 0.3 ]
            let plan = after 5 now
            Expect.equal (numbersOf chain plan) [ 3; 6; 5 ] "not yet"

            Expect.equal
                (textsOf sink plan)
                [ $"CPU thresholds: busy (cpu is not measured) 90 %% of {map}, at least 75 %% for 300 s of 900 s" ]
                "for so long"

            Expect.equal (numbersOf chain (after 15 now)) [ 6; 12; 10 ] "as for CPU"
        }

        test "a node that tells neither has no say on the way up, and forbids to go down" {
            let without (now: Measurements) = now.With(sink, NodeMeasurements(Parallelism = 5))
            Expect.equal (numbersOf chain (after 15 (without high))) [ 6; 12; 10 ] "up"
            Expect.equal (numbersOf chain (after 360 (without low))) plan "not down"
        }

        test "nothing is known" {
            let plan = after 360 (cpu [ nan; nan; nan ])
            Expect.isTrue (plan.LacksData map) "no decision"

            Expect.equal
                (textsOf map plan)
                [ "CPU thresholds: keeps 6, neither cpu nor busy of any node is known" ]
                "why"
        }
    ]

let private settings =
    testList "the settings" [
        test "thresholds and times are as said" {
            let rule =
                CpuThresholds.Rule(
                    CpuThresholdsOptions(
                        ScaleUpAt = 0.5,
                        ScaleUpAfter = minutes 2,
                        ScaleDownBelow = 0.4,
                        ScaleDownAfter = minutes 3
                    )
                )

            for value, entries, expected in
                [ 0.5, 1, plan; 0.5, 2, [ 6; 12; 10 ]; 0.39, 2, plan; 0.39, 3, [ 2; 3; 3 ]; 0.4, 9, plan ] do
                let now = cpu [ value; value; value ]
                let decided = rule.Decide(now, contextOf chain (steady entries now applied))
                Expect.equal (numbersOf chain decided) expected $"{value} for {entries} min"
        }

        test "no node leaves its limits" {
            let options = CpuThresholdsOptions(MinParallelism = 3, MaxParallelism = 10)

            let decided now =
                CpuThresholds.Rule(options).Decide(now, contextOf chain (steady 360 now applied))

            Expect.equal (numbersOf chain (decided high)) [ 6; 10; 10 ] "up"
            Expect.equal (numbersOf chain (decided low)) [ 3; 3; 3 ] "down"
            Expect.contains (textsOf map (decided high)) "CPU thresholds: limited to 10" "says so"
        }

        for options, problem in
            [
                CpuThresholdsOptions(ScaleUpAt = 75.), "scaleUpAt is 75"
                CpuThresholdsOptions(ScaleDownBelow = 0.8), "scaleDownBelow is 0.8"
                CpuThresholdsOptions(ScaleUpAfter = minutes -1), "scaleUpAfter is -00:01:00"
                CpuThresholdsOptions(MaxParallelism = 0), "maxParallelism is 0"
            ] do
            test $"refuses: {problem}" {
                Expect.stringContains
                    (thrownBy<ArgumentException>(fun () -> CpuThresholds.Rule options |> ignore))
                    problem
                    "the message"
            }

        test "in F#" {
            let managed = CpuThresholds.rule (CpuThresholdsOptions(ScaleDownAfter = hours 1))
            Expect.equal managed.Name (CpuThresholds.rule CpuThresholds.defaults).Name "a rule like any other"
        }
    ]

let tests = testList "CPU thresholds" [ decisions; reads; settings ]
