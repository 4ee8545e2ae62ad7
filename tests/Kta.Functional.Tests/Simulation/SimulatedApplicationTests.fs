/// What an application lets one do, and what it shows.
module Kta.Functional.Tests.Simulation.SimulatedApplicationTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Simulation.Applications

let private measure (app: SimulatedApplication) = app.Measure().ToTuple()

let private two rate =
    chain [ "source", 1_000.0; "map", 500.0 ] [ "source", 1; "map", 2 ] (Trace.Constant rate)

let private problems (application: Application) = [ for problem in application.Problems -> string problem ]

let tests =
    testList "A simulated application" [
        test "measures what a stack would show, as means since the last measurement" {
            let measured, app = start (two 800.0) |> advance 60 |> measure
            let source, map = measured[node "source"], measured[node "map"]
            Expect.equal source.ArrivalRate.Value (Nullable 800.0) "what arrives"
            Expect.equal source.RecordsIn.Value (Nullable 800.0) "what is taken in"
            Expect.equal source.Lag.Value (Nullable 0.0) "what waits"
            Expect.equal source.Parallelism.Value (Nullable 1.0) "instances"
            Expect.floatClose Accuracy.high source.Busy.Value.Value 0.8 "busy"
            Expect.floatClose Accuracy.high source.Idle.Value.Value 0.2 "idle"
            Expect.floatClose Accuracy.high source.TrueProcessingRate.Value.Value 1_000.0 "what it could take in"
            Expect.equal map.ArrivalRate.State ReadingState.Absent "nothing arrives from outside"
            Expect.equal map.Lag.State ReadingState.Absent "only sources have a lag"

            Expect.equal
                (measured.EdgesOf app.Topology |> List.ofSeq)
                [ TopologyEdge(node "source", node "map") ]
                "how they are connected"

            let next, _ = app |> advance 60 |> measure
            Expect.floatClose Accuracy.high next[node "map"].RecordsIn.Value.Value 800.0 "the first second is over"
        }

        test "measures nothing of downtime and warm-up" {
            let app = start (two 800.0) |> advance 60 |> measure |> snd
            let scaled = app.Rescale(counts [ "map", 3 ])
            Expect.isTrue scaled.IsDown "it restarts"
            Expect.equal scaled.WarmAt (after 149) "30 s of downtime, 60 s of warm-up, of which one has passed"

            let warming, _ = scaled |> advance 89 |> measure
            Expect.equal warming[node "map"].RecordsIn.State ReadingState.Absent "rates need seconds"
            Expect.equal warming[node "map"].Parallelism.Value (Nullable 3.0) "the new number"
            Expect.equal warming[node "source"].Lag.State ReadingState.Current "the queue is outside"

            let measured, _ = scaled |> advance 150 |> measure
            Expect.floatClose Accuracy.high measured[node "source"].ArrivalRate.Value.Value 800.0 "as before"
        }

        test "is a value: what comes after leaves it as it was" {
            let app = start (two 900.0) |> advance 50
            let before = seconds 3 app
            app.Rescale(counts [ "map", 9 ]) |> advance 100 |> ignore
            app |> advance 500 |> measure |> ignore
            Expect.equal (seconds 3 app) before "the same seconds"
            Expect.equal app.Time (after 50) "the same time"
        }

        test "does nothing when a plan changes nothing, and restarts when it is told to" {
            let app = start (two 900.0) |> advance 50
            Expect.equal (app.Rescale(counts [ "map", 2 ])).Totals.Restarts 0 "the plan it has"
            let restarted = app.Restart(after 10)
            Expect.equal (restarted.Totals.Restarts, restarted.Totals.Rescales) (1, 0) "a restart, no rescale"
            Expect.equal (advance 30 restarted).Totals.Downtime (after 10) "its downtime"
        }

        test "runs no more instances of an operator than it has key groups" {
            let application =
                Application(
                    Operators = [| StreamOperator("only", 100.0, MaxParallelism = 4) |],
                    Sources = traces [ "only", Trace.Constant 1_000.0 ]
                )

            let app = (start application).Rescale(Plan.Single 9)
            Expect.equal app.Parallelism[node "only"] 4 "as many as there are"
        }

        test "starts with the smallest plan for the first rate" {
            let app = start (orders (Trace.Cosine(150_000.0, 100_000.0, TimeSpan.FromHours 1.0)))

            Expect.equal
                [ for node in app.Topology -> app.Parallelism[node] ]
                [ 6; 25; 46 ]
                "the plan for 250,000 records per second"
        }

        test "knows what a load demands of each operator, and the smallest plan for it, within its limits" {
            let diamond =
                Application(
                    Operators = [|
                        StreamOperator("in", 100.0)
                        StreamOperator("left", 100.0, Selectivity = 0.5)
                        StreamOperator("right", 50.0, Exponent = 0.5)
                        StreamOperator("out", 100.0, MaxParallelism = 2)
                    |],
                    Edges = [|
                        for from, into in [ "in", "left"; "in", "right"; "left", "out"; "right", "out" ] ->
                            TopologyEdge(node from, node into)
                    |],
                    Sources = traces [ "in", Trace.Constant 300.0 ],
                    Limits = ParallelismLimits(2, 20)
                )

            let rates = dict [ node "in", 200.0 ] |> System.Collections.Generic.Dictionary
            let demand = diamond.Demand rates

            Expect.equal
                [ for one in diamond.Topology -> demand[one] ]
                [ 200.0; 200.0; 200.0; 300.0 ]
                "records per second"

            Expect.equal
                [ for one in diamond.Topology -> (diamond.SmallestPlan rates)[one] ]
                [ 2; 2; 16; 2 ]
                "exactly enough; no more than there are key groups"

            Expect.equal
                [ for one in diamond.Topology -> (diamond.SmallestPlanAt TimeSpan.Zero)[one] ]
                [ 3; 3; 20; 2 ]
                "for the first rate; no more than the limit"
        }

        test "refuses nodes it has not and numbers below 1" {
            let app = start (two 1.0)

            Expect.throwsT<ArgumentException> (fun () -> app.Rescale(counts [ "other", 2 ]) |> ignore) "a foreign node"
            Expect.throwsT<ArgumentException> (fun () -> app.Rescale(counts [ "map", 0 ]) |> ignore) "no instance"

            Expect.throwsT<ArgumentOutOfRangeException>
                (fun () -> app.Advance(TimeSpan.FromSeconds 0.5) |> ignore)
                "half a second"
        }

        test "an observer sees every second, with what the figures need" {
            let seen = Collections.Generic.List<struct (int64 * float * float * bool)>()

            let look =
                SampleObserver(fun sample ->
                    seen.Add(struct (sample.Second, sample.LagSeconds, sample.Latency, sample.IsDown)))

            let app = start (two 800.0)

            app.Advance(after 3, look).Rescale(counts [ "map", 3 ]).Advance(after 32, look)
            |> ignore

            Expect.equal [ for struct (second, _, _, _) in seen -> second ] [ 0L .. 34L ] "seconds"
            Expect.equal seen[2] (struct (2L, 0.0, 1.0, false)) "a second in the one buffer"

            Expect.equal
                seen[3]
                (struct (3L, 1.0, 2.0, true))
                "down: a second of input waits, and what is in the buffer"

            Expect.equal seen[32] (struct (32L, 30.0, 31.0, true)) "the last second of downtime"
        }

        test "a description that cannot be is refused with everything that is wrong" {
            let wrong =
                Application(
                    Operators = [|
                        StreamOperator("a", 0.0)
                        StreamOperator("b", 10.0, Selectivity = -1.0, Exponent = nan)
                        StreamOperator("a", 10.0)
                    |],
                    Sources = traces [ "a", Trace.Constant 1.0 ],
                    BufferSeconds = 0.0,
                    Downtime = TimeSpan.FromSeconds 1.5,
                    Limits = ParallelismLimits(4, 2)
                )

            Expect.equal
                (problems wrong)
                [
                    "operators[0].ratePerInstance: expected a positive number of records per second, found 0"
                    "operators[1].exponent: expected a number above 0, at most 2, found NaN"
                    "operators[1].selectivity: expected a number of at least 0, found -1"
                    "operators[2].id: expected ids that differ, found a"
                    "downtime: expected a whole number of seconds, from 0 to a day, found 00:00:01.5000000"
                    "bufferSeconds: expected a positive number of seconds, found 0"
                    "limits.max: expected a whole number of at least limits.min, 4, found 2"
                ]
                "all problems"

            let thrown =
                Expect.throwsC (fun () -> SimulatedApplication.Start wrong |> ignore) (fun error -> error.Message)

            for problem in problems wrong do
                Expect.stringContains thrown problem "the message"
        }

        test "what is null is told like everything else that is wrong" {
            let application = chain [ "a", 10.0 ] [] (Trace.Constant 1.0)

            Expect.equal
                (problems (CSharp.Wrongs.WithoutParts application))
                [
                    "outages: expected a list, empty for none, found nothing"
                    "objective: expected an objective, found nothing"
                    "limits: expected limits, found nothing"
                ]
                "parts"

            Expect.equal
                (problems (CSharp.Wrongs.WithoutAnOutage application))
                [ "outages[0]: expected an outage, found nothing" ]
                "an outage"

            let thrown =
                thrownBy<ArgumentException>(fun () ->
                    Simulator
                        .RunAsync(CSharp.Wrongs.WithoutParts application, Autoscaler.Create(Ds2.Rule()))
                        .GetAwaiter()
                        .GetResult()
                    |> ignore)

            Expect.stringContains thrown "limits: expected limits, found nothing" "before anything is run"
        }

        test "edges have to go forward, and whatever nothing feeds needs a trace" {
            let wrong =
                Application(
                    Operators = [| for id in [ "a"; "b"; "c" ] -> StreamOperator(id, 10.0) |],
                    Edges = [|
                        TopologyEdge(node "a", node "b")
                        TopologyEdge(node "b", node "a")
                        TopologyEdge(node "a", node "b")
                        TopologyEdge(node "a", node "z")
                    |],
                    Sources = traces [ "b", Trace.Constant 1.0; "y", Trace.Constant 1.0 ],
                    Parallelism = counts [ "a", 0; "x", 3 ]
                )

            Expect.equal
                (problems wrong)
                [
                    "edges[1]: expected edges from an operator to one that stands behind it, found b → a"
                    "edges[2]: expected each edge once, found a → b"
                    "edges[3][1]: expected one of a, b, c, found z"
                    "sources.b: expected traces of operators that no other feeds, found one that is fed by an edge"
                    "sources.y: expected one of a, b, c, found y"
                    "parallelism.a: expected a whole number of at least 1, found 0"
                    "parallelism.x: expected one of a, b, c, found x"
                ]
                "all problems"
        }
    ]
