/// What a simulated Flink shows of itself.
module Kta.Cli.Tests.FlinkFaceTests

open System
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink

let private servesUntilStopped () : Task<unit> = task {
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    let port = (listener.LocalEndpoint :?> IPEndPoint).Port
    let arguments = [ "flink"; Tool.sample "orders.yaml"; "--port"; string port; "--speed"; "60x" ]
    let! taken = Tool.run arguments
    Expect.equal taken.Code 1 "taken"
    Expect.stringContains taken.Notes $"Nothing can listen at 127.0.0.1:{port}" "why"
    listener.Stop()

    use stopping = new CancellationTokenSource()
    let running = Tool.runUntil stopping.Token arguments
    use client = new HttpClient()
    let mutable jobs = ""

    while jobs = "" do
        try
            let! answer = client.GetStringAsync $"http://127.0.0.1:{port}/jobs"
            jobs <- answer
        with :? HttpRequestException ->
            do! Task.Delay 50

    stopping.Cancel()
    let! (outcome: Tool.Outcome) = running
    Expect.equal outcome.Code 0 outcome.Notes
    Expect.equal outcome.Output "" "no result"
    let id = text [ "jobs"; 0; "id" ] (JsonNode.Parse jobs |> Unchecked.nonNull)

    Expect.stringContains
        outcome.Notes
        $"orders is job {id} at http://127.0.0.1:{port}/, 256 slots, second 0, 60x."
        "where"
}

let tests =
    testList "A simulated Flink shows" [
        testTask "of the cluster" {
            do!
                serving shop (fun served -> task {
                    let! overview = served.Get "/overview"
                    Expect.equal (whole [ "slots-total" ] overview) 256L "plenty"
                    Expect.equal (whole [ "slots-available" ] overview) 248L "its vertices share eight slots"
                    Expect.equal (whole [ "jobs-running" ] overview) 1L "one job"
                    let! config = served.Get "/config"
                    Expect.equal (text [ "flink-version" ] config) "2.3.0" "version"
                    let! managers = served.Get "/taskmanagers"
                    let all = items (at [ "taskmanagers" ] managers)
                    Expect.equal (all |> List.sumBy (whole [ "slotsNumber" ])) 256L "slots"
                    Expect.equal (all |> List.sumBy (whole [ "freeSlots" ])) 248L "free"
                    let! metrics = served.Get "/jobmanager/metrics?get=taskSlotsTotal,taskSlotsAvailable,unknown"

                    Expect.equal
                        [ for item in items metrics -> text [ "id" ] item, text [ "value" ] item ]
                        [ "taskSlotsTotal", "256"; "taskSlotsAvailable", "248" ]
                        "values are strings, unknown names are left out"

                })
        }

        testTask "of its task managers what the operator of Flink asks for: the load, and constants for the memory" {
            do!
                serving shop (fun served -> task {
                    served.Pass 60.0

                    let asked = [
                        "Status.JVM.CPU.Load"
                        "Status.JVM.Memory.Heap.Max"
                        "Status.JVM.Memory.Heap.Used"
                        "Status.JVM.Memory.Metaspace.Used"
                        "Status.Flink.Memory.Managed.Used"
                        "Status.JVM.GarbageCollector.All.TimeMsPerSecond"
                    ]

                    let! listed = served.Get "/taskmanagers/metrics"
                    Expect.equal (names listed |> List.sort) (List.sort asked) "names"
                    let get = String.concat "," asked
                    let! values = served.Get $"/taskmanagers/metrics?get={get}&agg=min,max,avg"
                    Expect.equal (names values) asked "all of them at once"
                    let all = dict [ for one in items values -> text [ "id" ] one, one ]
                    let heap = all["Status.JVM.Memory.Heap.Max"]
                    Expect.equal (real [ "min" ] heap) (1024.0 * 1024.0 * 1024.0) "1 GiB of heap in each"
                    let used = real [ "max" ] all["Status.JVM.Memory.Heap.Used"]
                    Expect.equal used (real [ "avg" ] heap / 2.0) "half of it used"
                    Expect.isGreaterThan (real [ "max" ] all["Status.JVM.CPU.Load"]) 0.0 "a load"
                })
        }

        testTask "of the job, whose id comes from its name" {
            do!
                serving shop (fun served -> task {
                    served.Pass 61.0
                    let! jobs = served.Get "/jobs"
                    let id = text [ "jobs"; 0; "id" ] jobs
                    Expect.equal id served.Face.JobId "id"
                    Expect.isTrue (id.Length = 32 && Seq.forall Char.IsAsciiHexDigitLower id) "32 hexadecimal digits"
                    Expect.equal (text [ "jobs"; 0; "status" ] jobs) "RUNNING" "status"
                    let! status = served.InJob "/status"
                    Expect.equal (status.ToJsonString()) """{"status":"RUNNING"}""" "by itself"
                    let! overview = served.Get "/jobs/overview"
                    let overview = at [ "jobs"; 0 ] overview
                    Expect.equal (text [ "name" ] overview) "shop" "name"
                    Expect.equal (whole [ "duration" ] overview) 61_000L "simulated time"

                    Expect.equal
                        (whole [ "tasks"; "running" ] overview)
                        (whole [ "tasks"; "total" ] overview)
                        "all run"

                    let! details = served.InJob ""
                    Expect.equal (text [ "state" ] details) "RUNNING" "state"
                    let started = whole [ "start-time" ] details

                    Expect.equal
                        started
                        (DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds())
                        "start"

                    Expect.equal (whole [ "now" ] details) (started + 61_000L) "now"
                    let vertices = items (at [ "vertices" ] details)
                    Expect.equal (List.map (text [ "id" ]) vertices) [ "orders"; "clicks"; "join"; "sink" ] "ids"
                    Expect.equal (text [ "name" ] vertices[0]) "Source: orders" "a source is called one"
                    Expect.equal (whole [ "maxParallelism" ] vertices[2]) 64L "key groups"
                    Expect.equal (whole [ "maxParallelism" ] vertices[3]) 128L "Flink's default"

                    Expect.equal
                        (whole [ "tasks"; "RUNNING" ] vertices[2])
                        (whole [ "parallelism" ] vertices[2])
                        "tasks"

                    Expect.isTrue ((at [ "metrics"; "read-records-complete" ] vertices[2]).GetValue<bool>()) "complete"

                    Expect.equal
                        (whole [ "metrics"; "read-records" ] vertices[0])
                        0L
                        "nothing comes to a source from a task"

                    Expect.isGreaterThan (whole [ "metrics"; "write-records" ] vertices[0]) 0L "but from it"
                    Expect.isGreaterThan (real [ "metrics"; "accumulated-busy-time" ] vertices[2]) 0.0 "busy"
                })
        }

        testTask "of the plan: what has key groups is reached by HASH, the rest by REBALANCE, sources by nothing" {
            do!
                serving shop (fun served -> task {
                    let! plan = served.InJob "/plan"
                    let nodes = items (at [ "plan"; "nodes" ] plan)

                    let inputs = [
                        for node in nodes do
                            match node["inputs"] with
                            | null -> text [ "id" ] node, "", ""
                            | inputs ->
                                for input in items inputs do
                                    text [ "id" ] node, text [ "id" ] input, text [ "ship_strategy" ] input
                    ]

                    Expect.equal
                        inputs
                        [
                            "sink", "join", "REBALANCE"
                            "join", "orders", "HASH"
                            "join", "clicks", "HASH"
                            "clicks", "", ""
                            "orders", "", ""
                        ]
                        "edges"

                    let! details = served.InJob ""

                    Expect.isTrue
                        (JsonNode.DeepEquals(at [ "plan" ] details, at [ "plan" ] plan))
                        "the same in the job"
                })
        }

        testTask "of a vertex: its subtasks, and its back-pressure from the second look on" {
            do!
                serving shop (fun served -> task {
                    served.Pass 60.0
                    let! vertex = served.InJob "/vertices/join"
                    let subtasks = items (at [ "subtasks" ] vertex)
                    Expect.equal (int64 subtasks.Length) (whole [ "parallelism" ] vertex) "subtasks"
                    let read = List.sumBy (whole [ "metrics"; "read-records" ]) subtasks
                    let! details = served.InJob ""
                    Expect.equal read (whole [ "vertices"; 2; "metrics"; "read-records" ] details) "records"
                    let! first = served.InJob "/vertices/join/backpressure"
                    Expect.equal (first.ToJsonString()) """{"status":"deprecated"}""" "the first look"
                    let! second = served.InJob "/vertices/join/backpressure"
                    Expect.equal (text [ "status" ] second) "ok" "the second"
                    let one = at [ "subtasks"; 0 ] second
                    close (real [ "ratio" ] one + real [ "idleRatio" ] one + real [ "busyRatio" ] one) 1.0 "shares"
                })
        }

        testTask "of a job that is being stopped: what it ran with, whatever is asked for meanwhile" {
            do!
                serving (chain "stopped" 900.0) (fun served -> task {
                    let shows (count: int64) = task {
                        let! details = served.InJob ""
                        let! vertex = served.InJob "/vertices/map"
                        let! jobs = served.Get "/jobs/overview"
                        let! cluster = served.Get "/overview"
                        Expect.equal (text [ "state" ] details) "RESTARTING" "being stopped"
                        Expect.equal (whole [ "vertices"; 1; "parallelism" ] details) count "the job"
                        Expect.equal (whole [ "plan"; "nodes"; 0; "parallelism" ] details) count "the plan"
                        Expect.equal (whole [ "parallelism" ] vertex) count "the vertex"
                        Expect.hasLength (items (at [ "subtasks" ] vertex)) (int count) "its subtasks"
                        Expect.equal (whole [ "jobs"; 0; "tasks"; "canceling" ] jobs) (count + 2L) "tasks"
                        Expect.equal (whole [ "slots-available" ] cluster) (256L - count) "slots"
                    }

                    served.Pass 60.0
                    let! _ = served.Require [ "source", 2, 2; "map", 6, 6 ]
                    do! shows 3L
                    let! _ = served.Require [ "source", 2, 2; "map", 5, 5 ]
                    do! shows 3L
                    let! history = served.InJob "/rescales/history"
                    let id = text [ "rescaleUuid" ] (items history |> List.last)
                    let! rescale = served.InJob $"/rescales/details/{id}"
                    let before = whole [ "vertices"; "map"; "preRescaleParallelism" ] rescale
                    Expect.equal before 3L "and that is what the second rescale begins with"
                    served.Pass 30.0
                    let! _ = served.Require [ "source", 2, 2; "map", 1, 1 ]
                    do! shows 5L
                })
        }

        testTask "until it is stopped, with exit code 0; it says where, and what is wrong if it cannot listen there" {
            do! servesUntilStopped ()
        }
    ]
