module Kta.Functional.Tests.Algorithms.FlinkAutoscalerTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops
open Kta.Functional.Tests.Algorithms.FlinkJobs

let private worked =
    // Source and sink, a second between two iterations: the lags at them, and what both nodes process.
    let decideAfter (parallelism: int) (rate: float) (busy: float) (lags: float list) =
        let topology = Topology.Of(source, sink)

        let measured (lag: float) =
            let numbers =
                NodeMeasurements(RecordsIn = rate, RecordsOut = rate, Busy = busy, Parallelism = parallelism)

            Measurements.Of(struct (source, numbers.With(Quantity.Lag, lag)), struct (sink, numbers))

        let earlier = lags |> List.rev |> List.tail

        let history =
            earlier
            |> List.mapi (fun age lag ->
                PastIteration(start - seconds (age + 1), measured lag, counts [ parallelism; parallelism ] topology))

        let rule =
            FlinkAutoscaler.Rule(
                FlinkAutoscalerOptions(
                    MetricsWindow = seconds earlier.Length,
                    UtilizationTarget = 0.8,
                    UtilizationMax = 0.9,
                    UtilizationMin = 0.7,
                    RestartTime = seconds 1,
                    CatchUp = seconds 2,
                    ScaleDownInterval = TimeSpan.Zero,
                    BacklogLagThreshold = seconds 1,
                    MaxScaleDownFactor = 1.0
                )
            )

        rule.Decide(measured (List.last lags), RuleContext(topology, start, history))

    testList "a backlog is worked off" [
        for name, parallelism, rate, busy, lags, expected in
            [
                "up for arrivals, backlog and restart", 1, 500., 0.85, [ 2000.; 2000. ], 4
                "nothing while the backlog shrinks", 4, 1800., 1.0, [ 6000.; 3600.; 2000. ], 4
                "down when it has gone", 4, 1800., 1.0, [ 3600.; 2000.; 400. ], 2
                "nothing inside the band", 2, 900., 1.0, [ 2000.; 1400.; 800. ], 2
                "nothing outside it if that is no change", 2, 900., 1.0, [ 1400.; 800.; 300. ], 2
            ] do
            test name {
                let decided = decideAfter parallelism rate busy lags
                Expect.equal [ decided[source]; decided[sink] ] [ expected; expected ] "both nodes"
            }

        test "and the reasons say so" {
            Expect.equal
                (textsOf sink (decideAfter 1 500. 0.85 [ 2000.; 2000. ]))
                [
                    "Flink: 500/s needed and 1,000/s to catch up, so 1,875/s at 80 % busy; 1 can process 588/s → 4 (3.19)"
                ]
                "up"

            Expect.equal
                (textsOf source (decideAfter 4 1800. 1.0 [ 6000.; 3600.; 2000. ]) |> List.last)
                "Flink: keeps 4 instead of 3, no node that would change is outside its band; here it is 1,000 to ∞/s"
                "nothing"
        }
    ]

let private windows =
    testList "the window" [
        test "is full before anything is decided" {
            let options = FlinkAutoscalerOptions(MetricsWindow = seconds 180)
            let overload = busy 10 1000. 5000.
            Expect.equal (after 2 options overload |> size) 10 "two minutes are known"

            Expect.equal
                (after 2 options overload |> why)
                [ "Flink: keeps 10, the measurements since the last change cover 120 s, metricsWindow is 180 s" ]
                "why"

            Expect.isGreaterThan (after 3 options overload |> size) 10 "three are"
        }

        test "begins anew with every change" {
            let options = Plain.With(window = 120)
            let changed = [ busy 10 1000. 5000., 10; busy 5 500. 5000., 10; busy 5 500. 5000., 5 ]
            Expect.equal (decide options changed (busy 10 1000. 5000.) |> size) 50 "two minutes since the change"
            Expect.equal (decide options (List.tail changed) (busy 10 1000. 5000.) |> size) 10 "one minute"
        }

        test "is a mean over its time, so that one spike does not double a node" {
            let calm, spike = busy 10 1000. 1000., busy 10 1000. 4000.
            let options = Plain.With(window = 180)
            Expect.equal (decide options (List.replicate 5 (calm, 10)) spike |> size) 20 "1000, 1000 and 4000"
        }

        test "lets a source that catches up tell what it can process" {
            // A quarter busy and half blocked: the busy time promises 2000/s.
            let blocked =
                NodeMeasurements(
                    RecordsIn = 500,
                    Busy = 0.25,
                    BackPressured = 0.5,
                    ArrivalRate = 3000,
                    Lag = 100_000,
                    Parallelism = 4
                )

            let options = Plain.With(window = 120)
            Expect.equal (after 3 options blocked |> size) 12 "1000/s were seen"
            Expect.equal (after 3 options (blocked.With(Quantity.Lag, 100)) |> size) 6 "nothing to catch up"
        }
    ]

let private jobs =
    testList "a job" [
        test "changes as a whole when one node is outside its band, and not at all when none is" {
            let operators = [
                { PerInstance = 100.; Selectivity = 1. }
                { PerInstance = 100.; Selectivity = 1. }
                { PerInstance = 100.; Selectivity = 0. }
            ]

            let rule =
                FlinkAutoscaler.Rule(
                    FlinkAutoscalerOptions(
                        MetricsWindow = seconds 60,
                        CatchUp = TimeSpan.Zero,
                        ScaleDownInterval = TimeSpan.Zero
                    )
                )

            let decided (plan: int list) =
                let now = measure operators chain 800. plan

                rule.Decide(now, contextOf chain (steady 3 now (counts plan chain)))
                |> numbersOf chain

            Expect.equal (decided [ 10; 9; 9 ]) [ 10; 9; 9 ] "12 would be right, but all are within 40 to 100 %"
            Expect.equal (decided [ 10; 7; 9 ]) [ 12; 12; 12 ] "the one of 7 is too small"
        }

        test "is refused settings that are out of range all at once" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    FlinkAutoscaler.Rule(
                        FlinkAutoscalerOptions(
                            UtilizationTarget = 0.,
                            UtilizationMax = -1.,
                            MinParallelism = 3,
                            MaxParallelism = 2
                        )
                    )
                    |> ignore))
                "The Flink rule cannot work like this: utilizationTarget is 0, it has to be more than 0, at most 1; utilizationMax is -1, it has to be at least utilizationTarget, or absent for target plus boundary; maxParallelism is 2, it has to be at least minParallelism."
                "one message"
        }

        Generators.property
            "gets a plan for every node, each at least 1, whatever was measured"
            500
            (Gen.zip3 Garbage.measurements Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))))
            (fun (now, before, applied) ->
                let rule = FlinkAutoscaler.Rule(Plain.With(effectiveness = true, scalability = true, tracking = true))
                let history = [| for age in 1..4 -> past age before (counts applied chain) |]
                let plan = rule.Decide(now, contextOf chain history)
                Expect.equal plan.Count 3 "every node"

                for node in chain do
                    Expect.isGreaterThanOrEqual plan[node] 1 "at least 1")
    ]

let tests = testList "Flink" [ worked; windows; jobs ]
