module Kta.Functional.Tests.Simulation.LocalOperatorTests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests

type Untyped = Algorithm<JsonObject, JsonObject>

let private three =
    Topology.Of(TopologyNode.Deployment "orders", TopologyNode.Deployment "payments", TopologyNode.Deployment "mails")

let private one = Topology.Of(TopologyNode.Deployment "orders")

let private options () =
    LocalOperatorOptions(Clock = VirtualClock(), Interval = TimeSpan.FromSeconds 30.0, NewId = IterationIds.Numbered())

let private decisions (run: LocalRun) = [
    for decision in run.Decisions -> [ for node in run.Topology -> decision[node] ]
]

let private run (algorithm: Algorithm) topology iterations options =
    LocalOperator.RunAsync(algorithm, topology, iterations, options)

/// The dummy's decisions, by its definition.
let private expected iterations =
    let states = [ 4; 2 ]
    [ for i in 1..iterations -> [ for node in 0..2 -> states[(i / 2 + node) % 2] ] ]

let private plain: Untyped =
    Algorithm
        .For<JsonObject, JsonObject>()
        .WithMonitor(fun ctx -> Json.object [ "seen", JsonValue.Create ctx.History.Count ])
        .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1)))

let private loop =
    testList "The loop" [
        testCaseTask "in process makes the dummy's decisions"
        <| fun () -> task {
            let! run = run (DummyAutoscaler.Create()) three 12 (options ())
            Expect.equal (decisions run) (expected 12) "as its definition says"
        }

        testCaseTask "over HTTP makes the same decisions as in process, with the same ids, times and results"
        <| fun () -> task {
            let! server = Server.start (DummyAutoscaler.Create())
            use _ = server :> IAsyncDisposable
            let endpoints = StepEndpoints.At(string server.Backend.BaseAddress)
            let! remote = LocalOperator.RunAsync(endpoints, three, 12, options ())
            let! local = run (DummyAutoscaler.Create()) three 12 (options ())
            Expect.equal (remote.ToTable()) (local.ToTable()) "the same table"

            Expect.equal
                [ for i in remote.Iterations -> i.Id, i.StartedAt, i.EndedAt ]
                [ for i in local.Iterations -> i.Id, i.StartedAt, i.EndedAt ]
                "the same iterations"
        }

        testCaseTask "split over two servers makes the same decisions as one"
        <| fun () -> task {
            let! monitor = Server.start (DummyAutoscaler.CreateMonitor())
            use _ = monitor :> IAsyncDisposable
            let! rest = Server.start (Algorithm.FromClass(DummyAutoscalerAnalyzePlanUdfs()))
            use _ = rest :> IAsyncDisposable

            let endpoints =
                StepEndpoints(
                    Uri(monitor.Backend.BaseAddress, "/api/v1alpha1/monitor"),
                    Uri(rest.Backend.BaseAddress, "/api/v1alpha1/analyze"),
                    Uri(rest.Backend.BaseAddress, "/api/v1alpha1/plan")
                )

            let! run = LocalOperator.RunAsync(endpoints, three, 12, options ())
            Expect.equal (decisions run) (expected 12) "as one process"
        }

        testCaseTask "split over two algorithms of this process makes the same decisions as one"
        <| fun () -> task {
            let rest = DummyAutoscaler.CreateAnalyzeAndPlan()
            let algorithms = StepAlgorithms(DummyAutoscaler.CreateMonitor(), rest, rest)
            let! run = LocalOperator.RunAsync(algorithms, three, 12, options ())
            Expect.equal (decisions run) (expected 12) "as one algorithm"
        }

        testCaseTask "moves a virtual clock by the interval, and counts ids"
        <| fun () -> task {
            let! run = run plain one 3 (options ())
            let start = DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)

            Expect.equal
                [ for i in run.Iterations -> i.Number, i.Id[24..], i.StartedAt ]
                [
                    1, "000000000001", start
                    2, "000000000002", start.AddSeconds 30.0
                    3, "000000000003", start.AddSeconds 60.0
                ]
                "nothing waits, nothing is random"
        }

        testCaseTask "works without analyze: its result is {}"
        <| fun () -> task {
            let! run = run plain one 1 (options ())
            Expect.equal run.Iterations[0].AnalyzeResult "{}" "as the operator sends it"
        }

        testCaseTask "keeps as many iterations as it is told, newest first"
        <| fun () -> task {
            let seen = Service.Of(List<string>())

            let algorithm =
                plain.WithMonitor(fun ctx ->
                    seen.Value.Add(String.Join(",", [ for entry in ctx.History -> entry.Id[35..] ]))
                    Json.object [])

            let! _ = run algorithm one 5 (LocalOperatorOptions(NewId = IterationIds.Numbered(), HistoryLength = 2))
            Expect.equal (List.ofSeq seen.Value) [ ""; "1"; "2,1"; "3,2"; "4,3" ] "what monitor saw"
        }

        testCaseTask "clamps what is applied, and remembers what was asked for"
        <| fun () -> task {
            let algorithm =
                plain.WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1 + ctx.History.Count * 4)))

            let! run =
                run
                    algorithm
                    one
                    3
                    (LocalOperatorOptions(Clock = VirtualClock(), MinParallelism = 2, MaxParallelism = 6))

            Expect.equal (decisions run) [ [ 2 ]; [ 5 ]; [ 6 ] ] "between 2 and 6"
            Expect.equal [ for i in run.Iterations -> i.Plan[one[0]] ] [ 1; 5; 9 ] "what plan said"

            Expect.equal
                (run.ToTable().Split('\n', StringSplitOptions.RemoveEmptyEntries)
                 |> Array.map (fun row -> row.TrimEnd()))
                [|
                    "  #  started (UTC)  Deployment/orders  monitor     analyze"
                    "  1  00:00:00       2 (1)              {\"seen\":0}  {}"
                    "  2  00:00:30       5 +                {\"seen\":1}  {}"
                    "  3  00:01:00       6 + (9)            {\"seen\":2}  {}"
                |]
                "the table shows changes and clamping"
        }

        testCaseTask "hands results on as Java leaves them"
        <| fun () -> task {
            let algorithm =
                plain
                    .WithMonitor(fun _ ->
                        Codec.Untyped.Read(ReadOnlySpan(Text.Encoding.UTF8.GetBytes """{"rate":1e7,"n":10}""")))
                    .WithPlan(fun ctx ->
                        Expect.equal (ctx.MonitorResult.ToJsonString()) """{"rate":1.0E7,"n":10}""" "in plan"
                        Plan.Single 1)

            let! run = run algorithm one 1 (options ())
            Expect.equal run.Iterations[0].MonitorResult """{"rate":1.0E7,"n":10}""" "in the run"
        }
    ]

let tests = testSequenced (testList "The local operator" [ loop ])
