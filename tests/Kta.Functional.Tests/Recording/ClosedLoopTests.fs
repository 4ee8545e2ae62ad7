module Kta.Functional.Tests.Recording.ClosedLoopTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

type Load = { Minute: int64; Before: int }
type Demand = { Instances: int }

let private orders = TopologyNode.Deployment "orders"
let private one = Topology.Of orders

let private applied (entry: HistoryEntry<Load, Demand>) = entry.Parallelism[orders]

/// Monitor and plan look at the history, so that every answer has consequences.
let private algorithm (perInstance: int64) =
    Algorithm
        .For<Load, Demand>()
        .WithMonitor(fun ctx -> {
            Minute = ctx.StartedAt.ToUnixTimeSeconds() / 60L % 10L
            Before =
                match ctx.History.Latest with
                | null -> 0
                | latest -> applied latest
        })
        .WithAnalyze(fun ctx -> {
            Instances = 1 + int (ctx.MonitorResult.Minute / perInstance)
        })
        .WithPlan(fun ctx ->
            let before = ctx.MonitorResult.Before
            Plan.ForEach(ctx.Topology, (fun _ -> max ctx.AnalyzeResult.Instances (before - 1))))

let private options (max: int) (recorder: CallRecorder | null) =
    LocalOperatorOptions(
        Clock = VirtualClock(),
        Interval = TimeSpan.FromMinutes 1.0,
        NewId = IterationIds.Numbered(),
        HistoryLength = 3,
        MaxParallelism = max,
        Record = recorder
    )

let private recordLoop (folder: Folder) (max: int) (algorithm: Algorithm) = task {
    let! _ =
        record folder.Calls patient (fun recorder -> LocalOperator.RunAsync(algorithm, one, 30, options max recorder))

    ()
}

/// What each step answers, by the loop itself.
let private answersOf (max: int) (algorithm: Algorithm) = task {
    use folder = new Folder()
    do! recordLoop folder max algorithm
    return [ for call in callsOf folder.Calls -> call.Step, textOf call.Reply ]
}

let private expected (before: (Step * string) list) (now: (Step * string) list) = [
    for line, ((step, a), (_, b)) in List.zip before now |> List.indexed do
        if a <> b then
            line + 1, step
]

let private found (report: ReplayReport) = [ for d in report.Differences -> int d.Line, d.Step ]

let tests =
    testList "A closed loop" [
        for max in [ 4; Int32.MaxValue ] do
            testCaseTask $"answers as the loop itself would have, with a maximum of {max}"
            <| fun () -> task {
                use folder = new Folder()
                do! recordLoop folder max (algorithm 2L)
                let! before = answersOf max (algorithm 2L)
                let! now = answersOf max (algorithm 1L)
                let! closed = Replay.RunClosedLoopAsync(algorithm 1L, folder.Calls, maxParallelism = max)
                let differences = expected before now
                Expect.isTrue (List.exists (fun (_, step) -> step = Step.Monitor) differences) "the history has its say"
                Expect.isTrue (List.exists (fun (_, step) -> step = Step.Plan) differences) "and plan"
                Expect.equal (found closed) differences (closed.ToText())

                Expect.equal
                    (set [
                        for d in closed.Differences do
                            if not d.IsRequestChanged then
                                d.Step
                    ])
                    (set [ Step.Analyze ])
                    "only analyze is another function"

                let! opened = Replay.RunAsync(algorithm 1L, folder.Calls)

                Expect.equal
                    (set [ for d in opened.Differences -> d.Step ])
                    (set [ Step.Analyze ])
                    "one by one, nothing follows"

                Expect.equal (closed.IsClosedLoop, opened.IsClosedLoop) (true, false) "each says what it was"

                Expect.stringStarts
                    (closed.ToText())
                    $"90 calls of algorithm, replayed with algorithm, in a closed loop: {differences.Length} differ."
                    "so does the text"

                Expect.equal
                    ((closed.ToText().Split(Environment.NewLine)[2]).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                    [| "line"; "step"; "iteration"; "request"; "path"; "recorded"; "replayed" |]
                    "and its columns"
            }

        testCaseTask "of the same algorithm has the recorded requests, and no difference"
        <| fun () -> task {
            use folder = new Folder()
            do! recordLoop folder 3 (algorithm 2L)
            let! report = Replay.RunClosedLoopAsync(algorithm 2L, folder.Calls)
            Expect.equal (report.Compared, report.Differences.Count) (90, 0) (report.ToText())
            report.ThrowIfDifferent()
        }

        testCaseTask "learns the maximum where the recording shows it"
        <| fun () -> task {
            use folder = new Folder()
            let topmost = 3
            do! recordLoop folder topmost (algorithm 2L)
            let! now = answersOf topmost (algorithm 1L)
            let! before = answersOf topmost (algorithm 2L)
            let! learned = Replay.RunClosedLoopAsync(algorithm 1L, folder.Calls)
            let! told = Replay.RunClosedLoopAsync(algorithm 1L, folder.Calls, maxParallelism = topmost)
            Expect.equal (found told) (expected before now) "as told"

            let later (differences: (int * Step) list) = differences |> List.filter (fun (line, _) -> line > 33)
            Expect.equal (later (found learned)) (later (expected before now)) "as learned after ten minutes"
        }

        testCaseTask "leaves out what follows a failure, there and in the history"
        <| fun () -> task {
            use folder = new Folder()
            do! recordLoop folder 9 (algorithm 2L)

            let failing =
                (algorithm 2L)
                    .WithMonitor(fun ctx ->
                        if ctx.Id.EndsWith "02" then
                            raise (TimeoutException "no metrics")

                        {
                            Minute = ctx.StartedAt.ToUnixTimeSeconds() / 60L % 10L
                            Before = 100 + ctx.History.Count
                        })

            let! report = Replay.RunClosedLoopAsync(failing, folder.Calls)

            Expect.equal
                [ for call in report.NotComparable -> call.Line, call.Reason ]
                [
                    5L, "monitor fails now in this iteration, so analyze would not be called"
                    6L, "monitor fails now in this iteration, so plan would not be called"
                ]
                (report.ToText())

            let third = report.Differences |> Seq.find (fun d -> d.Line > 6L)
            Expect.equal (third.Path, third.Replayed) ("$.before", "101") "one of two is left"
        }

        testCaseTask "takes the recorded answers of steps the algorithm lacks"
        <| fun () -> task {
            use folder = new Folder()
            do! recordLoop folder 9 (algorithm 2L)
            let changed = (algorithm 1L).WithOnly(Step.Analyze, Step.Plan)
            let! report = Replay.RunClosedLoopAsync(changed, folder.Calls)
            Expect.equal (report.NotComparable.Count, report.Compared) (30, 60) "monitor is not called"
            Expect.isTrue (report.Differences |> Seq.exists (fun d -> d.Step = Step.Plan)) (report.ToText())
        }

        testCaseTask "takes lines and calls, and requests that are none"
        <| fun () -> task {
            use folder = new Folder()
            do! recordLoop folder 9 (algorithm 2L)
            let! byPath = Replay.RunClosedLoopAsync(algorithm 1L, folder.Calls)
            let! byLines = Replay.RunClosedLoopAsync(algorithm 1L, CallRecording.Read folder.Calls)
            let! byCalls = Replay.RunClosedLoopAsync(algorithm 1L, callsOf folder.Calls)
            Expect.equal (found byLines, found byCalls) (found byPath, found byPath) "the same"

            let! odd =
                Replay.RunClosedLoopAsync(
                    algorithm 1L,
                    [
                        for request in [ ""; "nonsense"; "[]"; "{}"; """{"id":1,"topology":{}}""" ] ->
                            callOf request "{}"
                    ]
                )

            Expect.equal odd.Differences.Count 5 "refused now, answered then"
        }

        testCaseTask "has bounds that make sense"
        <| fun () -> task {
            for min, max in [ Nullable 0, Nullable(); Nullable(), Nullable 0; Nullable 3, Nullable 2 ] do
                Expect.throwsT<ArgumentOutOfRangeException>
                    (fun () ->
                        Replay.RunClosedLoopAsync(DummyAutoscaler.Create(), [ call ], min, max)
                        |> ignore)
                    $"{min} {max}"
        }
    ]
