/// What keeps the rule of the Flink operator from the number it computes.
module Kta.Functional.Tests.Algorithms.FlinkLimitTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.FlinkJobs

let private decreases =
    let options =
        FlinkAutoscalerOptions(MetricsWindow = seconds 60, ScaleDownInterval = seconds 180, CatchUp = TimeSpan.Zero)

    let idle (arrivals: float) =
        busy 100 arrivals arrivals
        |> fun numbers -> numbers.With(Quantity.Busy, Reading.op_Implicit (arrivals / 10_000.))

    testList "a decrease" [
        test "waits until it has been recommended for the interval" {
            Expect.equal (after 3 options (idle 3000.) |> size) 100 "two minutes of recommendations"

            Expect.stringContains
                (after 3 options (idle 3000.) |> why |> List.last)
                "keeps 100 instead of 43, decreases are recommended for 120 s, scaleDownInterval is 180 s"
                "why"

            Expect.equal (after 4 options (idle 3000.) |> size) 43 "three"
        }

        test "goes to the largest that was recommended meanwhile" {
            let history =
                [ 2800.; 3500.; 3000.; 3000.; 3000. ]
                |> List.map (fun arrivals -> idle arrivals, 100)

            Expect.equal (decide options history (idle 2800.) |> size) 50 "3500 at 70 %"
        }

        test "starts waiting again when it is not recommended for once" {
            let history =
                [ 3000.; 9000.; 3000.; 3000.; 3000. ]
                |> List.map (fun arrivals -> idle arrivals, 100)

            Expect.equal (decide options history (idle 3000.) |> size) 100 "one minute of recommendations"
        }

        test "takes no more than a share at once" { Expect.equal (after 2 plain (idle 100.) |> size) 40 "1 would do" }
    ]

let private limits =
    testList "the parallelism" [
        test "of a source goes no further than its partitions" {
            let source = (busy 4 400. 2000.).With(Quantity.Partitions, 12)
            Expect.equal (after 2 plain source |> size) 12 "20 are needed"
        }

        test "of a source is balanced over its partitions" {
            for arrivals, alignment, expected in
                [
                    500., FlinkAlignment.Balanced, 6
                    500., FlinkAlignment.EvenlySpread, 6
                    700., FlinkAlignment.Balanced, 12
                    700., FlinkAlignment.Off, 7
                ] do
                let numbers = (busy 3 300. arrivals).With(Quantity.Partitions, 12)

                Expect.equal
                    (after 2 (Plain.With(alignment = alignment)) numbers |> size)
                    expected
                    $"{arrivals}, {alignment}"
        }

        test "of a keyed node is balanced over the key groups" {
            let keyed = (busy 16 1600. 2400.).With(Quantity.MaxParallelism, 128)
            Expect.equal (after 2 plain keyed |> size) 24 "nobody said that it is keyed"
            Expect.equal (after 2 (Plain.With(keyed = [ "source" ])) keyed |> size) 26 "4 instead of 5 key groups"
        }

        test "of a node is balanced over the key groups where the monitor says that it is keyed" {
            let node = (busy 16 1600. 2400.).With(Quantity.MaxParallelism, 128)
            let before = minutesOf [ node, 16; node, 16 ]

            let sizeWith (isKeyed: bool) =
                let edge = TopologyEdge(TopologyNode.Flink "before", source, IsKeyed = isKeyed)
                let now = Measurements.Of(struct (source, node)).WithEdges edge
                FlinkAutoscaler.Rule(plain).Decide(now, contextOf job before) |> size

            Expect.equal (sizeWith false, sizeWith true) (24, 26) "rebalanced, keyed"
        }

        test "is not forced into limits that it is outside of" {
            let options =
                FlinkAutoscalerOptions(
                    MinParallelism = 5,
                    MaxParallelism = 10,
                    MetricsWindow = seconds 60,
                    CatchUp = TimeSpan.Zero,
                    ScaleDownInterval = TimeSpan.Zero
                )

            Expect.equal (after 2 options (busy 12 1200. 5000.) |> size) 12 "above the largest"
            let small = (busy 4 40. 40.).With(Quantity.Busy, 0.1)
            Expect.equal (after 2 options small |> size) 4 "below the least"
        }

        test "of an excluded node stays" {
            let plan = after 2 (Plain.With(excluded = [ "source" ])) (busy 10 1000. 5000.)
            Expect.equal (size plan) 10 "kept"
            Expect.equal (why plan |> List.last) "Flink: keeps 10, it is one of excludedNodes" "why"
        }
    ]

let private memory =
    /// Each parallelism for two minutes, with what it could process.
    let raised =
        [ 4, 100., 8; 4, 100., 4; 2, 80., 4; 2, 80., 2; 1, 50., 2; 1, 50., 1 ]
        |> List.map (fun (parallelism, rate, applied) -> busy parallelism rate 200., applied)

    testList "what happened before" [
        test "a scale-up that brought nothing is said, and not repeated if that is wanted" {
            let history = [ busy 20 98. 300., 20; busy 10 90. 300., 20; busy 10 90. 300., 10 ]
            let decided options = decide options history (busy 20 98. 300.)
            Expect.equal (decided plain |> size) 62 "goes on"

            Expect.contains
                (decided (Plain.With(interval = 300)) |> why)
                "Flink: the last increase brought 9 % of what was expected of it"
                "it is said"

            Expect.equal (decided (Plain.With(effectiveness = true)) |> size) 20 "stopped"
            let helped = decide (Plain.With(effectiveness = true)) history (busy 20 99. 300.)
            Expect.equal (size helped) 61 "exactly a tenth is enough"
        }

        test "a node that gains less with each instance gets more of them, if that is wanted" {
            let history = (busy 8 100. 200., 8) :: raised
            Expect.equal (decide plain history (busy 8 100. 200.) |> size) 16 "linear"

            Expect.equal
                (decide (Plain.With(scalability = true)) history (busy 8 100. 200.) |> size)
                28
                "times 1 / 0.59"
        }

        test "the longest restart counts instead of the configured one, if that is wanted" {
            // Two minutes until the new plan ran.
            let history =
                [ 10, 10; 10, 10; 5, 10; 5, 10; 5, 5 ]
                |> List.map (fun (running, applied) -> busy running (100. * float running) 1000., applied)

            let options tracking =
                FlinkAutoscalerOptions(
                    MetricsWindow = seconds 60,
                    CatchUp = seconds 600,
                    RestartTime = seconds 300,
                    UtilizationBoundary = 0.1,
                    RestartTimeTracking = tracking
                )

            Expect.equal (decide (options false) history (busy 10 1000. 1000.) |> size) 20 "1,929/s"
            Expect.equal (decide (options true) history (busy 10 1000. 1000.) |> size) 17 "1,629/s"
        }
    ]

let tests = testList "Flink limits" [ decreases; limits; memory ]
