module Kta.Functional.Tests.Testing.FakeOperatorTests

open System
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Http
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Testing
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.TestingSnippets.Autoscaler

let private everyMinute () = LocalOperatorOptions(Interval = minutes 1, NewId = IterationIds.Numbered())

let private counts (run: LocalRun) = [ for one in run.Iterations -> List.ofSeq one.Parallelism.Values ]

let tests =
    testList "A fake operator" [
        testCaseTask "turns the loop over HTTP, and answers each iteration with its types"
        <| fun () -> task {
            use! op = FakeOperator.StartAsync(careful, Topology.Of(orders, payments), everyMinute ())

            Expect.equal
                (op.Endpoints.Plan.Host, op.Endpoints.Plan.AbsolutePath)
                ("127.0.0.1", "/api/v1alpha1/plan")
                "served here"

            let! _ = op.IterateAsync()
            let! second = op.IterateAsync()

            Expect.equal
                (second.MonitorResult, second.AnalyzeResult)
                ({ RecordsPerSecond = 20_000.0 }, { Instances = 4 })
                "results"

            Expect.equal second.Plan (Plan.ofSeq [ orders, 4; payments, 4 ]) "plan"
            Expect.equal (second.Id, second.StartedAt.Minute) ("00000000-0000-4000-8000-000000000002", 1) "id and time"
            let! run = op.RunAsync 3
            Expect.equal (counts run) [ [ 1; 1 ]; [ 4; 4 ]; [ 3; 3 ]; [ 2; 2 ]; [ 1; 1 ] ] "the run, with its history"
            Expect.equal op.Calls.Count 15 "three calls each"
        }

        testCaseTask "without more it is about one node, every 30 seconds, and stays within limits that are named"
        <| fun () -> task {
            use! op = FakeOperator.StartAsync careful
            let! _ = op.RunAsync 3

            Expect.equal
                (op.Topology, op.Run.Iterations[2].StartedAt.Minute)
                (Topology.Of(deployment "app"), 1)
                "defaults"

            use! limited = FakeOperator.StartAsync(careful, options = LocalOperatorOptions(MaxParallelism = 3))
            let! run = limited.RunAsync 3
            Expect.equal (counts run) [ [ 1 ]; [ 1 ]; [ 3 ] ] "limits"
        }

        testCaseTask "an algorithm without analyze is not asked for one"
        <| fun () -> task {
            let plain =
                Algorithm
                    .For<Load, Demand>()
                    .WithMonitor(fun _ -> { RecordsPerSecond = 1.0 })
                    .WithPlan(fun _ -> Plan.Single 2)

            use! op = FakeOperator.StartAsync plain
            let! one = op.IterateAsync()
            Expect.isNull one.AnalyzeResult "nothing"
            one.Plan.Expect 2 |> ignore

            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    op.IterateAsync(CallFault.ReplyLost Step.Analyze).GetAwaiter().GetResult()
                    |> ignore))
                "analyze is not served, so nothing can go wrong with it. (Parameter 'faults')"
                "no fault of it"
        }

        testCaseTask
            "all calls made again, each with its whole history, are answered alike, unless the steps changed meanwhile"
        <| fun () -> task {
            let worldly = Service.Of(ref 1)

            let changing =
                careful.WithMonitor(fun ctx (_: CancellationToken) -> task {
                    return {
                        RecordsPerSecond = float worldly.Value.Value
                    }
                })

            use! op = FakeOperator.StartAsync changing
            let! _ = op.RunAsync 3
            let! same = op.ReplayAsync()
            same.ThrowIfDifferent()
            Expect.equal same.Compared 9 "all of them"
            worldly.Value.Value <- 2
            let! changed = op.ReplayAsync()

            Expect.equal
                [ for one in changed.Differences -> one.Line, one.Path, one.Replayed ]
                [ for line in [ 7L; 4L; 1L ] -> line, "$.recordsPerSecond", "2" ]
                "the last one first"
        }

        testCaseTask "one that is served already is called at its address, in whatever types"
        <| fun () -> task {
            let backend = HttpBackend("127.0.0.1", 0)
            backend.Setup careful
            use! server = backend.StartAsync CancellationToken.None

            use op =
                FakeOperator.At(Algorithm.For<JsonObject, JsonObject>(), StepEndpoints.At(string server.BaseAddress))

            let! one = (op: FakeOperator<_, _>).IterateAsync()
            Expect.equal (one.MonitorResult.ToJsonString()) """{"recordsPerSecond":3000}""" "as JSON"
        }

        testCaseTask "a fixture goes on from an earlier run"
        <| fun () -> task {
            let! earlier = LocalOperator.RunAsync(careful, Topology.Of(deployment "app"), 2, everyMinute ())

            use! op =
                FakeOperator.StartAsync(careful, options = LocalOperatorOptions(EarlierIterations = earlier.Iterations))

            let! one = op.IterateAsync()
            one.Plan.Expect 3 |> ignore
        }

        testCaseTask "one that has been disposed of says so, and still shows what happened"
        <| fun () -> task {
            let! op = FakeOperator.StartAsync(careful, options = everyMinute ())
            let! _ = op.RunAsync 2
            do! op.DisposeAsync()

            for call in
                [
                    fun () -> op.IterateAsync().GetAwaiter().GetResult() |> ignore
                    fun () -> op.RunAsync(1).GetAwaiter().GetResult() |> ignore
                    fun () -> op.ReplayAsync().GetAwaiter().GetResult() |> ignore
                ] do
                Expect.equal
                    ((thrownBy<ObjectDisposedException> call).ReplaceLineEndings "\n")
                    "The fake operator has been disposed of, so it calls nothing any more. Iterate and replay before that; Run and Calls stay.\nObject name: 'FakeOperator'."
                    "which object"

            Expect.equal (counts op.Run, op.Calls.Count) ([ [ 1 ]; [ 4 ] ], 6) "what happened"
        }

        test "what cannot work is refused at the start" {
            let refused (start: unit -> Task) = thrownBy<ArgumentException>(fun () -> start().GetAwaiter().GetResult())

            Expect.equal
                (refused (fun () -> FakeOperator.StartAsync(careful.WithOnly Step.Plan)))
                "algorithm (plan) has no monitor step, which the loop needs. Add it with WithMonitor. (Parameter 'algorithm')"
                "a step"

            Expect.equal
                (refused (fun () ->
                    FakeOperator.StartAsync(careful, options = LocalOperatorOptions(Clock = TimeProvider.System))))
                "A fake operator waits for nothing, so its Clock has to be a VirtualClock; it is a SystemTimeProvider. (Parameter 'options')"
                "a clock"
        }
    ]
