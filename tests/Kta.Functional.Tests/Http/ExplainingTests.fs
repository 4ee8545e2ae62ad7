/// Why a plan is as it is: in the log, over HTTP, in recordings and replays, in the table of the local operator.
module Kta.Functional.Tests.Http.ExplainingTests

open System
open System.IO
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Calls
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Recording.Recordings
open Microsoft.Extensions.Logging

let private wanting (count: int) (strategies: Strategy list) =
    Autoscaler
        .Create(
            (fun (_: MonitorContext<Measurements, Proposals>) -> Measurements.Nothing),
            Rule.Of(
                "fixed",
                fun _ ctx ->
                    Plan.ForEach(ctx.Topology, (fun _ -> count)).Because(ctx.Topology[0], $"fixed: {count} wanted")
            )
        )
        .WithStrategies(Array.ofList strategies)

let private held = wanting 6 [ Strategy.Bounds(1, 5); Strategy.Cooldown(TimeSpan.FromMinutes 2.) ]

/// Four instances since 40 s.
let private request =
    let entry (age: int64) (count: int) =
        (Requests.entry "{}" "{}")
            .Replace("\"udfStartTimestampMillis\":1,", $"\"udfStartTimestampMillis\":{1700000100000L - age * 1000L},")
            .Replace(":4}", $":{count}}}")

    Requests.ofNodes [ "orders" ] "{}" "{}" "[]"
    |> _.Replace("\"resultHistory\":[]", $"\"resultHistory\":[{entry 40L 4},{entry 70L 3}]")

let private reasons = [
    "fixed: 6 wanted"
    "Bounds: 5 instead of 6, at most 5"
    "Cooldown: kept 4 instead of 5, last change 40 s ago, wait 120 s"
]

let private patient = wanting 2 [ Strategy.Stabilize(TimeSpan.FromMinutes 5.) ]

/// An iteration by its number, which is when it started in tens of seconds, and the numbers of its history.
let private iterated (iteration: int64) (entries: int64 list) =
    let startedAt (iteration: int64) = $"\"udfStartTimestampMillis\":{1700000000000L + iteration * 10000L},"

    let history = [
        for entry in entries -> (Requests.entry "{}" "{}").Replace("\"udfStartTimestampMillis\":1,", startedAt entry)
    ]

    let measured = """{"nodes":{"Deployment/orders":{"parallelism":4}}}"""

    (Requests.ofNodes [ "orders" ] measured "{}" "[]")
        .Replace("\"udfStartTimestampMillis\":1700000100000,", startedAt iteration)
        .Replace("\"resultHistory\":[]", "\"resultHistory\":[" + String.concat "," history + "]")

/// The iterations before one, newest first.
let private downTo (oldest: int64) (iteration: int64) = List.rev [ oldest .. iteration - 1L ]

let private shortHistories (log: Server.RecordedLog) =
    log.Lines
    |> List.filter (fun line -> line.Id.Name = "ShortHistory")
    |> List.length

let private log =
    testList "The log" [
        testCaseTask "has one line for each node that is changed or held back, with the reasons"
        <| fun () ->
            Server.serve held (fun server -> task {
                let! reply = server.Call("plan", request)
                Expect.equal reply.Text (planText [ "orders" ] 4) "held back"
                let! line = server.Log.Await "Decided"
                Expect.equal line.Level LogLevel.Information "worth a line"
                Expect.stringEnds line.Text ("Deployment/orders keeps 4: " + String.concat "; " reasons) "why"
            })

        testCaseTask "has no line at that level if nothing changes and nothing would"
        <| fun () ->
            Server.serve (wanting 4 []) (fun server -> task {
                let! _ = server.Call("plan", request)
                let! line = server.Log.Await "Decided"
                Expect.equal line.Level LogLevel.Debug "nothing to tell"
                Expect.stringEnds line.Text "1 unchanged" "all"
            })

        testCaseTask "keeps foreign text on one line"
        <| fun () ->
            let rude =
                Algorithm.CreatePlan<System.Text.Json.Nodes.JsonObject>
                    (fun (ctx: PlanContext<System.Text.Json.Nodes.JsonObject, System.Text.Json.Nodes.JsonObject>) ->
                        Plan
                            .ForEach(ctx.Topology, (fun _ -> 1))
                            .Because(ctx.Topology[0], "a\nfail: b" + String('x', 5000)))

            Server.serve rude (fun server -> task {
                let! _ = server.Call("plan", request)
                let! line = server.Log.Await "Decided"
                Expect.isFalse (line.Text.Contains '\n') "one line"
                Expect.isLessThan line.Text.Length 700 "shortened"
            })

        testCaseTask "says once that a policy sends less history than strategies look at"
        <| fun () ->
            Server.serve patient (fun server -> task {
                // Three entries at most, as resultHistoryLength says: the oldest one goes.
                for iteration in 1L .. 9L do
                    let! reply = server.Call("plan", iterated iteration (downTo (max 0L (iteration - 3L)) iteration))

                    Expect.equal reply.Text (planText [ "orders" ] 4) "not down"

                let! line = server.Log.Await "ShortHistory"

                Expect.stringStarts
                    line.Text
                    "the strategies look back 1 entry and 300 s, but the history has 3 entries"
                    "who"

                let! _ = server.Log.Await("Decided", 9)
                Expect.equal (shortHistories server.Log) 1 "once"
            })

        testCaseTask "says so too if there is never any history"
        <| fun () ->
            Server.serve patient (fun server -> task {
                for iteration in 1L .. 3L do
                    let! _ = server.Call("plan", iterated iteration [])
                    ()

                let! line = server.Log.Await "ShortHistory"
                Expect.stringContains line.Text "the history has 0 entries" "none"
            })

        for what, calls in
            [
                "that grows, after an operator that has run for long has restarted",
                [
                    for iteration in 1L .. 12L -> iteration, downTo 0L iteration
                    for iteration in 21L .. 27L -> iteration, downTo 21L iteration
                ]
                "of an iteration that is tried again and again", List.replicate 8 (9L, [ 8L; 7L ])
                "that is empty with each attempt", List.replicate 8 (9L, [])
                "of which other servers have answered most",
                [ 5L, downTo 3L 5L; 31L, downTo 28L 31L; 61L, downTo 58L 61L ]
            ] do
            testCaseTask $"says nothing about a history {what}"
            <| fun () ->
                Server.serve patient (fun server -> task {
                    for iteration, entries in calls do
                        let! reply = server.Call("plan", iterated iteration entries)
                        Expect.equal reply.Status 200 reply.Text

                    let! _ = server.Log.Await("Decided", calls.Length)
                    Expect.equal (shortHistories server.Log) 0 "nothing"
                })
    ]

let private explained =
    testList "POST explain" [
        testCaseTask "answers the plan as plan does, and the reasons by the same keys"
        <| fun () ->
            Server.serve held (fun server -> task {
                let! reply = server.Call("explain", request)
                Expect.equal reply.Status 200 reply.Text
                let listed = reasons |> List.map (fun reason -> $"\"{reason}\"") |> String.concat ","

                Expect.equal
                    reply.Text
                    $$$"""{"plan":{{{planText [ "orders" ] 4}}},"reasons":{"{{{planKey "orders"}}}":[{{{listed}}}]},"heldBack":["{{{planKey "orders"}}}"],"lacksData":[]}"""
                    "the whole reply"

                Expect.equal
                    (server.Log.Lines |> List.filter (fun line -> line.Id.Name = "Decided"))
                    []
                    "it decides nothing"
            })

        testCaseTask "tells which nodes lack measurements"
        <| fun () ->
            Server.serve (Autoscaler.Create(Ds2.Rule())) (fun server -> task {
                let measured = """{"nodes":{"Deployment/orders":{"parallelism":4}}}"""
                let! reply = server.Call("explain", Requests.ofNodes [ "orders" ] measured "{}" "[]")
                Expect.equal reply.Status 200 reply.Text
                Expect.stringContains reply.Text $$"""lacksData":["{{planKey "orders"}}"]""" "the node"
            })

        testCaseTask "refuses what plan refuses"
        <| fun () ->
            Server.serve held (fun server -> task {
                let! reply = server.Call("explain", "{}")
                Expect.equal reply.Status 422 reply.Text
            })

        testCaseTask "is not there without a plan step"
        <| fun () ->
            Server.serve (held.WithOnly Step.Monitor) (fun server -> task {
                let! reply = server.Call("explain", request)
                Expect.equal reply.Status 404 reply.Text
            })
    ]

let private kept =
    testList "Kept" [
        testCaseTask "in a recording, and compared by a replay side by side"
        <| fun () -> task {
            use folder = new Folder()

            let! _ =
                record folder.Calls (CallRecorderOptions()) (fun recorder -> task {
                    let runner = StepRunner(held, Explains = true)
                    let calls = recorder.Record((fun step body token -> runner.RunAsync(step, body, token)), held)

                    let! _ =
                        calls.Invoke(
                            Step.Plan,
                            ReadOnlyMemory(Text.Encoding.UTF8.GetBytes request),
                            Threading.CancellationToken.None
                        )

                    ()
                })

            let call = callsOf folder.Calls |> List.exactlyOne
            Expect.equal (List.ofSeq call.Reasons["Deployment/orders"]) reasons "recorded"
            let! same = Replay.RunAsync(held, folder.Calls)
            Expect.isTrue same.IsSame "the same"
            let! other = Replay.RunAsync(wanting 9 [], folder.Calls)
            let difference = Seq.exactlyOne other.Differences

            Expect.equal
                (Seq.exactlyOne difference.Reasons)
                (ReasonDifference("Deployment/orders", String.concat "; " reasons, "fixed: 9 wanted"))
                "side by side"

            Expect.stringContains (string other) "recorded: fixed: 6 wanted; Bounds" "in the report"
            Expect.stringContains (string other) "replayed: fixed: 9 wanted" "in the report"
        }

        testCaseTask "in the table of the local operator, below the row"
        <| fun () -> task {
            let options = LocalOperatorOptions(Clock = VirtualClock(), NewId = IterationIds.Numbered())
            let! run = LocalOperator.RunAsync(wanting 6 [ Strategy.Bounds(1, 5) ], Topology.Of orders, 2, options)
            Expect.equal (nonNull run.Iterations[0].Explanation).Nodes[0].Planned 5 "explained"
            let lines = run.ToTable().Split(Environment.NewLine)

            Expect.equal
                (lines[2].Trim())
                "Deployment/orders → 5: fixed: 6 wanted; Bounds: 5 instead of 6, at most 5"
                "below the first row"

            Expect.stringStarts (lines[3].Trim()) "2  " "nothing below the second: it changes nothing"
        }
    ]

let tests = testList "Explained decisions" [ log; explained; kept ]
