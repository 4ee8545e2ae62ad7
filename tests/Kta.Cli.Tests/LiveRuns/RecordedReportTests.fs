module Kta.Cli.Tests.LiveRuns.RecordedReportTests

open System
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Cli.Tests.Reports
open Kta.Cli.Tests.Reports.ReportTests
open Kta.Cli.Tests.Tool
open Kta.Cli.Tests.LiveRuns

open Kta.Cli.Tests.LiveRuns.LivePages

let private recorded (folder: string) (application: Application) (algorithm: Algorithm) = task {
    let path = Path.Combine(folder, "decisions.jsonl")
    use recorder = new CallRecorder(path)

    let options = LocalOperatorOptions(Record = recorder, Clock = VirtualClock Stores.start)
    let! run = Simulator.RunAsync(application, algorithm, options)
    return path, run
}

let tests =
    testList "kta report of a recording" [
        testTask "shows a recording, with what the next request says was applied" {
            do!
                inFolder (fun folder -> task {
                    let application =
                        Application(
                            Name = Runs.hour.Name,
                            Operators = Runs.hour.Operators,
                            Sources = Runs.hour.Sources,
                            Duration = Runs.hour.Duration,
                            Limits = ParallelismLimits(1, 20)
                        )

                    let! path, run = recorded folder application Stores.algorithm
                    let! page = pageOf folder [ path; "--lag"; "10s" ]
                    let data = dataOf "data" page
                    let iterations = list "iterations" data
                    Expect.hasLength iterations run.Iterations.Count "the decisions"
                    Expect.floatClose Accuracy.high (figure "agreement" page) (agreement run.Iterations) "agreement"
                    has page "<h1>decisions.jsonl · break-even"

                    Expect.isTrue
                        (run.Iterations
                         |> Seq.exists (fun one -> one.Plan |> Seq.exists (fun pair -> pair.Value > 20)))
                        "a plan above the limits"

                    let applied = [
                        for one in iterations do
                            for decided in list "d" one do
                                decided[2].GetInt32()
                    ]

                    // What the last plan became, no request tells.
                    Expect.all
                        (List.truncate (applied.Length - 3) applied)
                        (fun count -> count <= 20)
                        "what was applied"
                })
        }

        testTask "shows what failed in a recording, and asks which topology is meant" {
            do!
                inFolder (fun folder -> task {
                    let node (name: string) = TopologyNode.Deployment name :> TopologyNode

                    let algorithm =
                        Algorithm
                            .For<JsonObject, JsonObject>()
                            .WithMonitor(fun _ -> JsonObject())
                            .WithPlan(fun context ->
                                if Seq.length context.History = 3 then
                                    failwith "the disk is on fire"

                                Plan.ForEach(context.Topology, fun _ -> 2 + Seq.length context.History))
                            .WithName("own")

                    let path = Path.Combine(folder, "calls.jsonl")

                    let recorder = new CallRecorder(path)

                    for name, iterations in [ "orders", 6; "payments", 2 ] do
                        let! _ =
                            LocalOperator.RunAsync(
                                algorithm,
                                Topology.Of(node name),
                                iterations,
                                LocalOperatorOptions(
                                    Record = recorder,
                                    Clock = VirtualClock Stores.start,
                                    OnFailure = FailureHandling.GoOn
                                )
                            )

                        ()

                    do! recorder.DisposeAsync()
                    do! failsWith [ path ] 1 "is about several topologies: choose one with --node"

                    do!
                        failsWith
                            [ path; "--node"; "nobody" ]
                            1
                            "Its nodes are: Deployment/orders; Deployment/payments"

                    let! page = pageOf folder [ path; "--node"; "Deployment/orders" ]
                    let data = dataOf "data" page
                    Expect.hasLength (list "iterations" data) 3 "what was decided"
                    Expect.isGreaterThan (kinds data |> List.filter ((=) "failure") |> List.length) 0 "what failed"
                    has page "plan answered 500: "
                    has page "the disk is on fire"
                    // Where nothing was measured, nothing is drawn.
                    let panels = dataOf "panel-list" page

                    Expect.equal
                        [ for one in panels.EnumerateArray() -> string (one.GetProperty("title").GetString()) ]
                        [ "Instances" ]
                        "panels"
                })
        }

        testTask "takes a topology that has changed for that of the same policy" {
            do!
                inFolder (fun folder -> task {
                    let algorithm =
                        Algorithm
                            .For<JsonObject, JsonObject>()
                            .WithMonitor(fun _ -> JsonObject())
                            .WithPlan(fun context -> Plan.ForEach(context.Topology, fun _ -> 3))

                    let path = Path.Combine(folder, "calls.jsonl")
                    let recorder = new CallRecorder(path)
                    let node (name: string) = TopologyNode.Deployment name :> TopologyNode

                    for hour, names in List.indexed [ [ "a"; "b" ]; [ "b"; "c" ] ] do
                        let! _ =
                            LocalOperator.RunAsync(
                                algorithm,
                                Topology(List.map node names),
                                4,
                                LocalOperatorOptions(
                                    Record = recorder,
                                    Clock = VirtualClock(Stores.minute (60.0 * float hour))
                                )
                            )

                        ()

                    do! recorder.DisposeAsync()
                    let! page = pageOf folder [ path ]
                    let data = dataOf "data" page

                    Expect.equal
                        [ for name in list "nodes" data -> name.GetString() ]
                        [ "Deployment/a"; "Deployment/b"; "Deployment/c" ]
                        "all nodes"

                    Expect.hasLength (list "iterations" data) 8 "all decisions"
                    Expect.equal (kinds data) [ "gap" ] "the time between"
                })
        }
    ]
