module Kta.Functional.Tests.Algorithms.PidTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private orders = Topology.Of map
let private minute = TimeSpan.FromMinutes 1.

let private measured (quantity: Quantity) (instances: int) (value: float) =
    Measurements.Of(struct (map, NodeMeasurements(Parallelism = instances).With(quantity, value)))

/// A decision on values a minute apart, oldest first, at a number of instances that has not changed for an hour.
let private after (options: PidOptions) (quantity: Quantity) (instances: int) (values: float list) =
    let applied = counts [ instances ] orders

    let history =
        [ yield! List.rev values |> List.tail; yield! List.replicate 60 nan ]
        |> List.mapi (fun age value -> past (age + 1) (measured quantity instances value) applied)

    Pid.Rule(options).Decide(measured quantity instances (List.last values), contextOf orders history)

let private busy = after (PidOptions()) Quantity.Busy

let private decisions =
    testList "one decision" [
        test "10 instances at 0.70, 0.77, 0.84 and a setpoint of 0.7 become 12" {
            let plan = busy 10 [ 0.70; 0.77; 0.84 ]
            Expect.equal plan[map] 12 "0.5 x 0.1 + 0.5 x 0.2 are 15 % more"
            Expect.floatClose Accuracy.high (plan.NumbersOf(map)["instances"]) 11.5 "before rounding"
            Expect.floatClose Accuracy.high (plan.NumbersOf(map)["error"]) 0.2 "the error"

            Expect.equal
                (textsOf map plan)
                [ "PID: busy 0.84 at a setpoint of 0.70, errors 0.20, 0.10, 0.00 → 12 (11.50)" ]
                "why"
        }

        for values, instances, expected, why in
            [
                [ 0.5; 0.76 ], 10, 10, "an error of 0.086 is within the dead band"
                [ 0.7; 0.64 ], 10, 10, "on the other side too"
                [ 0.35; 0.35 ], 10, 8, "0.5 x -0.5 is a quarter less, 7.5"
                [ 0.7; 0.35 ], 10, 5, "the move counts as well"
                [ 1.0 ], 10, 12, "with one measurement only the error itself counts"
                [ 0.1; 0.1 ], 1, 1, "never none"
                [ 1.0; 1.0 ], 60, 64, "at most 64"
                [ 1.0; 1.0 ], 70, 70, "what runs above the limit and is needed stays"
            ] do
            test $"{instances} instances after {values}: {expected}, {why}" {
                let plan = busy instances values
                Expect.equal plan[map] expected why
            }

        test "an increase that rounding takes away comes with the third error above the dead band" {
            for values, expected in [ [ 1.0; 1.0 ], 1; [ 1.0; 1.0; 1.0 ], 2; [ 0.7; 1.0; 1.0 ], 1 ] do
                let plan = busy 1 values
                Expect.equal plan[map] expected $"after {values}"
        }

        test "gains and interval are as said" {
            let options =
                PidOptions(Kp = 1., Ki = 0.25, Kd = 0.5, IntervalSeconds = 120., Setpoint = 0.5, DeadBand = 0.)

            let plan = after options Quantity.Busy 20 [ 0.5; 0.55; 0.65 ]
            // 1 x 0.2 + 0.25 x 2 min x 0.3 + 0.5 x (0.3 - 0.2 + 0) / 2 min
            Expect.floatClose Accuracy.high (plan.NumbersOf(map)["instances"]) (20. * 1.375) "instances"
        }

        test "holds the CPU where told so" {
            let plan = after (PidOptions(Signal = PidSignal.Cpu)) Quantity.Cpu 10 [ 1.4; 1.4 ]
            Expect.equal plan[map] 15 "an error of 1, half of it more"
        }

        test "holds the lag where told so, and a node without one follows those that feed it" {
            let now =
                Measurements.Of(
                    struct (source, NodeMeasurements(Lag = 30_000, Parallelism = 4)),
                    struct (map, NodeMeasurements(Parallelism = 2)),
                    struct (sink, NodeMeasurements(Lag = 10_000, Parallelism = 3))
                )

            let options = PidOptions(Signal = PidSignal.Lag, Setpoint = 10_000.)
            let plan = Pid.Rule(options).Decide(now, contextOf chain [])
            Expect.equal (numbersOf chain plan) [ 8; 4; 3 ] "twice as many for an error of 2, none for 0"
        }
    ]

let private frozen =
    testList "after a change" [
        test "it is frozen, and what was measured then does not count later" {
            let rule = Pid.Rule(PidOptions(WarmUpSeconds = 150.))
            let four, five = counts [ 4 ] orders, counts [ 5 ] orders
            let entry (age: int) instances value applied = past age (measured Quantity.Busy instances value) applied

            let changed (age: int) = [
                for newer in 1 .. age - 1 do
                    entry newer 5 1.0 five
                entry age 4 0.84 five
                for older in age + 1 .. age + 10 do
                    entry older 4 0.84 four
            ]

            let decided age = rule.Decide(measured Quantity.Busy 5 1.0, contextOf orders (changed age))

            let plan = decided 2
            Expect.equal plan[map] 5 "120 s after the change"

            Expect.equal
                (textsOf map plan)
                [
                    "WarmUp: ignores what was measured, last change 120 s ago, wait 150 s"
                    "PID: keeps 5, its busy is absent"
                ]
                "why"

            let plan = decided 3
            Expect.equal plan[map] 6 "180 s after it"

            Expect.equal
                (textsOf map plan)
                [ "PID: busy 1.00 at a setpoint of 0.70, errors 0.43 → 6 (6.07)" ]
                "neither the errors under the plan before nor those of the warm-up"
        }

        test "it does not go down while nobody knows whether there was a change" {
            let low = measured Quantity.Busy 10 0.2
            let applied = counts [ 10 ] orders

            for entries, expected in [ 0, 10; 1, 10; 2, 10; 4, 6 ] do
                let plan = Pid.Rule().Decide(low, contextOf orders (steady entries low applied))
                Expect.equal plan[map] expected $"{entries} entries"
        }
    ]

let private inFSharp = test "in F#" {
    let pid = Pid.rule (PidOptions(Signal = PidSignal.Lag, Setpoint = 20_000.0))
    Expect.equal pid.Name (Pid.rule Pid.defaults).Name "a rule like any other"
}

let private refused =
    testList "refuses" [
        for options, problem in
            [
                PidOptions(Setpoint = 70.),
                "setpoint is 70, it has to be for busy more than 0 to 1, for cpu more than 0 to 10, for lag at least 1 record"
                PidOptions(Signal = PidSignal.Lag), "setpoint is 0.7"
                PidOptions(Signal = enum 9), "signal is 9"
                PidOptions(Kp = nan), "kp is NaN, it has to be from 0 to 100"
                PidOptions(MinParallelism = 0), "minParallelism is 0"
                PidOptions(MinParallelism = 9, MaxParallelism = 8), "maxParallelism is 8"
            ] do
            test problem {
                Expect.stringContains
                    (thrownBy<ArgumentException>(fun () -> Pid.Rule options |> ignore))
                    problem
                    "the message"
            }
    ]

let tests = testList "PID" [ decisions; frozen; inFSharp; refused ]
