/// Figures of runs made by hand, with answers known in advance.
module Kta.Functional.Tests.Simulation.FigureTests

open System
open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests

let private map, sink = Calls.vertex "map", Calls.vertex "sink"

let private second (number: int) = RunSample(int64 number, 100.0, 0.0, 0.0, 1.0, 4, 4, 0, 0, false)

let private change (at: int) (changes: (TopologyNode * int * int) list) =
    let side pick =
        Dictionary(dict [ for node, before, after in changes -> node, pick (before, after) ])
        :> IReadOnlyDictionary<_, _>

    PlanChange(TimeSpan.FromSeconds(float at), side fst, side snd)

let private objective = ServiceObjective(TimeSpan.FromSeconds 10.0)

let private figures (samples: RunSample list) (changes: PlanChange list) =
    RunFigures.Of(List<RunSample> samples, List<PlanChange> changes, objective)

let private with' (numbers: int seq) (other: RunSample -> RunSample) (samples: RunSample list) =
    let chosen = set numbers

    samples
    |> List.map (fun sample ->
        if chosen.Contains(int sample.Second) then
            other sample
        else
            sample)

let private lag (seconds: float) (sample: RunSample) =
    RunSample(
        sample.Second,
        sample.Rate,
        seconds,
        seconds * sample.Rate,
        sample.LatencySeconds,
        sample.Instances,
        sample.Needed,
        sample.Over,
        sample.Under,
        sample.IsDown
    )

let private latency (seconds: float) (sample: RunSample) =
    RunSample(
        sample.Second,
        sample.Rate,
        sample.LagSeconds,
        sample.Lag,
        seconds,
        sample.Instances,
        sample.Needed,
        sample.Over,
        sample.Under,
        sample.IsDown
    )

let private sized (instances: int) (needed: int) (over: int) (under: int) (sample: RunSample) =
    RunSample(
        sample.Second,
        sample.Rate,
        sample.LagSeconds,
        sample.Lag,
        sample.LatencySeconds,
        instances,
        needed,
        over,
        under,
        sample.IsDown
    )

let private down (sample: RunSample) =
    RunSample(
        sample.Second,
        sample.Rate,
        sample.LagSeconds,
        sample.Lag,
        sample.LatencySeconds,
        sample.Instances,
        sample.Needed,
        sample.Over,
        sample.Under,
        true
    )

let private rate (records: float) (sample: RunSample) =
    RunSample(
        sample.Second,
        records,
        sample.LagSeconds,
        sample.Lag,
        sample.LatencySeconds,
        sample.Instances,
        sample.Needed,
        sample.Over,
        sample.Under,
        sample.IsDown
    )

let private quiet (seconds: int) = [ for number in 0 .. seconds - 1 -> second number ]

let private close actual expected what = Expect.floatClose Accuracy.high actual expected what

let private seconds =
    testList "of seconds" [
        test "instance-hours are instances times time" {
            let samples = quiet 3600 |> with' [ 1800..3599 ] (sized 10 4 6 0)
            close (figures samples []).InstanceHours 7.0 "half an hour of 4, half of 10"
        }

        test "over- and under-provisioning are means over all seconds" {
            let samples = quiet 100 |> with' [ 0..9 ] (sized 9 4 5 0) |> with' [ 10..29 ] (sized 3 4 1 2)
            let found = figures samples []
            close found.OverProvisioned 0.7 "5 in 10 seconds, 1 in 20"
            close found.UnderProvisioned 0.4 "2 in 20 seconds"
        }

        test "time above the objective is a share, and the longest stretch has its place" {
            let samples =
                quiet 200
                |> with' [ 20..29 ] (lag 10.1)
                |> with' [ 50..69 ] (lag 60.0)
                |> with' [ 90..99 ] (lag 10.0)

            let found = figures samples []
            close found.TimeAboveObjective 0.15 "10 and 20 of 200; exactly 10 s is not above"

            Expect.equal
                found.LongestViolation
                (Violation(TimeSpan.FromSeconds 50.0, TimeSpan.FromSeconds 20.0))
                "where"

            close found.MaxLagSeconds 60.0 "the largest"
            close found.MeanLagSeconds ((10.0 * 10.1 + 20.0 * 60.0 + 10.0 * 10.0) / 200.0) "the mean"
        }

        test "nothing above the objective is no stretch" {
            Expect.isNull (figures (quiet 10) []).LongestViolation "none"
        }

        test "latency counts where the objective names one, and either is enough" {
            let samples = quiet 100 |> with' [ 0..9 ] (lag 11.0) |> with' [ 5..24 ] (latency 3.0)
            close (figures samples []).TimeAboveObjective 0.1 "lag alone"

            let both = ServiceObjective(TimeSpan.FromSeconds 10.0, TimeSpan.FromSeconds 2.0)
            close (RunFigures.Of(List<RunSample> samples, [||], both)).TimeAboveObjective 0.25 "seconds 0 to 24"
        }

        test "the 99th percentile is the latency that 99 of 100 seconds do not exceed" {
            let samples = quiet 200 |> with' [ 0; 1 ] (latency 9.0) |> with' [ 2 ] (latency 5.0)
            close (figures samples []).P99LatencySeconds 5.0 "the two largest are above it"

            for count, expected in [ 1, 9.0; 7, 9.0; 99, 9.0; 100, 1.0; 199, 9.0 ] do
                let worst = [ 0 .. (count - 1) / 100 ]
                let samples = quiet count |> with' worst (latency 9.0)
                close (figures samples []).P99LatencySeconds expected $"{worst.Length} of {count}"

            close (figures samples []).MeanLatencySeconds ((197.0 + 5.0 + 18.0) / 200.0) "the mean"
        }

        test "downtime is counted in seconds" {
            close (figures (quiet 100 |> with' [ 7..36 ] down) []).DowntimeSeconds 30.0 "30"
        }

        test "J is hours against ideal tracking, changes per minute, and three times the share above the objective" {
            // Ideal tracking looks once a minute: the 4 in second 0 and the 8 in second 60.
            let samples =
                quiet 120
                |> with' [ 0..59 ] (sized 8 4 4 0)
                |> with' [ 60..119 ] (sized 8 8 0 0)
                |> with' [ 0..11 ] (lag 20.0)

            let found = figures samples [ change 60 [ map, 1, 2 ] ]
            close found.IdealInstanceHours (12.0 * 60.0 / 3600.0) "12 instance-minutes"
            close found.J (16.0 / 12.0 + 1.0 / 2.0 + 3.0 * 0.1) "the sum"
        }

        test "there have to be seconds" { Expect.throwsT<ArgumentException> (fun () -> figures [] [] |> ignore) "none" }
    ]

let private changes =
    testList "of changes" [
        test "a change that gives a node more is one up, any other one down" {
            let found =
                figures (quiet 10) [
                    change 1 [ map, 1, 2; sink, 4, 4 ]
                    change 2 [ map, 2, 3; sink, 4, 1 ]
                    change 3 [ map, 3, 2; sink, 1, 1 ]
                ]

            Expect.equal (found.Rescales, found.RescalesUp, found.RescalesDown) (3, 2, 1) "shifts count as up"
        }

        test "turning a node's last change around within ten minutes is an oscillation" {
            let found =
                figures (quiet 10) [
                    change 0 [ map, 1, 2; sink, 4, 4 ]
                    // Another node in another direction is none.
                    change 100 [ map, 2, 2; sink, 4, 3 ]
                    // Both turn around: one change, one oscillation.
                    change 600 [ map, 2, 1; sink, 3, 4 ]
                    // Too long after.
                    change 1_201 [ map, 1, 2; sink, 4, 4 ]
                    // The same direction again is none.
                    change 1_300 [ map, 2, 3; sink, 4, 4 ]
                ]

            Expect.equal found.Oscillations 1 "one"
        }

        test "ten minutes are within, and a second more is not" {
            for apart, expected in [ 599, 1; 600, 1; 601, 0 ] do
                let found = figures (quiet 10) [ change 0 [ map, 1, 2 ]; change apart [ map, 2, 1 ] ]
                Expect.equal found.Oscillations expected $"{apart} s"
        }

        test "convergence is what follows a step of the load" {
            // Steps at 100 and 500; a change of 10 % is none.
            let samples =
                quiet 1_000
                |> with' [ 50..99 ] (rate 110.0)
                |> with' [ 100..499 ] (rate 200.0)
                |> with' [ 500..999 ] (rate 80.0)

            let found =
                figures samples [
                    change 60 [ map, 1, 2 ]
                    change 130 [ map, 2, 3 ]
                    change 250 [ map, 3, 4 ]
                    change 700 [ map, 4, 2 ]
                ]

            Expect.equal found.ConvergedAfterDecisions (Nullable 2) "two after the first step, one after the second"
            Expect.equal found.ConvergedAfterSeconds (Nullable 200.0) "200 s after the second step"
        }

        test "without a step of the load there is nothing to converge to" {
            let found = figures (quiet 100) [ change 60 [ map, 1, 2 ] ]
            Expect.equal found.ConvergedAfterDecisions (Nullable()) "null"
        }
    ]

let tests = testList "Figures" [ seconds; changes ]
