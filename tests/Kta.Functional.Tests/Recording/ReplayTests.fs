module Kta.Functional.Tests.Recording.ReplayTests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

type Rate = { RecordsPerSecond: int64 }

let private one = Topology.Of(TopologyNode.Deployment "orders")

/// Follows a load that rises by 37 with every iteration and begins anew after 500.
let private custom (recordsPerInstance: int64) =
    Algorithm
        .For<Rate, Rate>()
        .WithMonitor(fun ctx -> {
            RecordsPerSecond = 10_000L + 37L * (ctx.StartedAt.ToUnixTimeSeconds() / 30L % 500L)
        })
        .WithPlan(fun ctx ->
            Plan.ForEach(ctx.Topology, (fun _ -> 1 + int (ctx.MonitorResult.RecordsPerSecond / recordsPerInstance))))
        .WithName("custom", string recordsPerInstance)

let private start = DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero)

let private recordLoop (path: string) (algorithm: Algorithm) (iterations: int) : Task = task {
    let clock = VirtualClock()

    let! _ =
        record path (CallRecorderOptions(Clock = clock, MaxFileBytes = 4_000_000L, MaxFiles = 100)) (fun recorder ->
            LocalOperator.RunAsync(
                algorithm,
                one,
                iterations,
                LocalOperatorOptions(
                    Clock = clock,
                    Interval = TimeSpan.FromSeconds 30.0,
                    NewId = IterationIds.Numbered(),
                    HistoryLength = 3,
                    Record = recorder
                )
            ))

    ()
}

/// A recording of exactly 10,000 calls, as lines counted over all files.
let private tenThousand (path: string) =
    CallRecording.Read path
    |> Seq.truncate 10_000
    |> Seq.mapi (fun i line -> RecordedLine(null, int64 (i + 1), Call = line.Call))
    |> List.ofSeq

let private found (report: ReplayReport) = [
    for d in report.Differences -> int d.Line, d.Step, d.IterationId, d.Path, d.Recorded, d.Replayed
]

let private id (iteration: int) = $"00000000-0000-4000-8000-{iteration:x12}"

let private dummy =
    testCaseTask
        "of 10,000 calls of the dummy algorithm shows no difference, and with a changed constant exactly the calls it affects"
    <| fun () -> task {
        use folder = new Folder()
        do! recordLoop folder.Calls (DummyAutoscaler.Create()) 3334
        let lines = tenThousand folder.Calls
        Expect.equal lines.Length 10_000 "the calls"
        Expect.isGreaterThan folder.Names.Length 1 "the recording was rotated"

        let! same = Replay.RunAsync(DummyAutoscaler.Create(), lines)
        Expect.equal (same.Calls, same.Compared, same.Differences.Count) (10_000, 10_000, 0) (same.ToText())
        same.ThrowIfDifferent()

        let state i = i / 2 % 2

        let steps =
            [
                for i in 1..3334 do
                    yield! [ i, Step.Monitor; i, Step.Analyze; i, Step.Plan ]
            ]
            |> List.truncate 10_000
            |> List.indexed

        let! replicas = Replay.RunAsync(DummyAutoscaler.Create(DummyOptions(2, 5, 2)), lines, 2)

        Expect.equal
            (found replicas)
            [
                for index, (i, step) in steps do
                    if step = Step.Plan && state i = 0 then
                        index + 1, step, id i, "$['Deployment/orders'].parallelism", "4", "5"
            ]
            "plans of state 0"

        let! threshold = Replay.RunAsync(DummyAutoscaler.Create(DummyOptions(3, 4, 2)), lines)

        Expect.equal
            (found threshold)
            [
                for index, (i, step) in steps do
                    let before = state (i - 1)
                    let now = if i % 3 = 0 then 1 - before else before

                    if step = Step.Analyze && now <> state i then
                        index + 1, step, id i, "$.toggleState", string (state i), string now
            ]
            "where a threshold of 3 toggles otherwise than one of 2"
    }

let private ownAlgorithm =
    testCaseTask
        "of 10,000 calls of a custom algorithm shows no difference, and with a changed constant exactly the calls it affects"
    <| fun () -> task {
        use folder = new Folder()
        do! recordLoop folder.Calls (custom 5_000L) 5000
        let lines = tenThousand folder.Calls
        let! same = Replay.RunAsync(custom 5_000L, lines)
        Expect.equal (same.Calls, same.Compared, same.Differences.Count) (10_000, 10_000, 0) (same.ToText())

        let! changed = Replay.RunAsync(custom 5_100L, lines)

        let expected = [
            for i in 1..5000 do
                let rate = 10_000L + 37L * ((start.ToUnixTimeSeconds() + 30L * int64 (i - 1)) / 30L % 500L)
                let before, now = 1L + rate / 5_000L, 1L + rate / 5_100L

                if before <> now then
                    2 * i, Step.Plan, id i, "$['Deployment/orders'].parallelism", string before, string now
        ]

        Expect.isNonEmpty expected "there are some"
        Expect.equal (found changed) expected "computed without the SDK"
    }

let private asDocumented (algorithm: Algorithm) : Task = task {
    let! report = Replay.RunAsync(algorithm, "decisions.jsonl")
    report.ThrowIfDifferent()
}

let private asALoop (algorithm: Algorithm) : Task = task {
    let! report = Replay.RunClosedLoopAsync(algorithm, "decisions.jsonl", maxParallelism = 8)
    report.ThrowIfDifferent()
}

let private sources =
    testList "takes" [
        testCaseTask "a path with its rotated files, some files, a stream, and calls, with the same result"
        <| fun () -> task {
            use folder = new Folder()
            let clock = VirtualClock()

            let! _ =
                record
                    folder.Calls
                    (CallRecorderOptions(Clock = clock, MaxFileBytes = 3000L, MaxFiles = 100))
                    (fun recorder ->
                        LocalOperator.RunAsync(
                            DummyAutoscaler.Create(),
                            one,
                            20,
                            LocalOperatorOptions(Clock = clock, NewId = IterationIds.Numbered(), Record = recorder)
                        ))

            let changed = DummyAutoscaler.Create(DummyOptions(2, 9, 2))
            let files = CallRecording.FilesOf folder.Calls
            Expect.isGreaterThan files.Count 5 "rotated"
            use together = new MemoryStream(files |> Seq.collect File.ReadAllBytes |> Array.ofSeq)
            let! byPath = Replay.RunAsync(changed, folder.Calls)
            let! byFiles = Replay.RunAsync(changed, CallRecording.ReadFiles files)
            let! byStream = Replay.RunAsync(changed, CallRecording.Read together)
            let! byCalls = Replay.RunAsync(changed, callsOf folder.Calls)

            let essence (report: ReplayReport) = [
                for d in report.Differences -> d.IterationId, d.Path, d.Recorded, d.Replayed
            ]

            for report in [ byPath; byFiles; byStream; byCalls ] do
                Expect.equal report.Calls 60 "all calls"

                Expect.equal
                    (essence report)
                    [
                        for i in 1..20 do
                            if i / 2 % 2 = 0 then
                                id i, "$['Deployment/orders'].parallelism", "4", "9"
                    ]
                    "the same differences"

            Expect.equal (essence byPath) (essence byFiles) "the same"
            Expect.equal byPath.Differences[0].File files[0] "a difference names its file"
        }

        testCaseTask "what the documentation shows"
        <| fun () -> task {
            use folder = new Folder()
            do! recordLoop folder.Calls (DummyAutoscaler.Create()) 20
            let! report = Replay.RunAsync(DummyAutoscaler.Create(DummyOptions(2, 5, 2)), folder.Calls)
            let shown = (firstBlock "docs/record-and-replay.md" "text").Replace("  …\n", "")
            Expect.stringStarts (report.ToText()) shown "the beginning of the report"

            Expect.equal
                (Calls.thrownBy<FileNotFoundException>(fun () ->
                    (asDocumented (DummyAutoscaler.Create())).GetAwaiter().GetResult()))
                "There is no recording at decisions.jsonl, and no rotated file of one."
                "where nothing was recorded"

            Expect.throwsT<FileNotFoundException>
                (fun () -> (asALoop (DummyAutoscaler.Create())).GetAwaiter().GetResult())
                "nor as a loop"
        }

        testCaseTask "no longer than it is told"
        <| fun () -> task {
            use stop = new CancellationTokenSource()

            let stopping =
                Seq.initInfinite (fun n ->
                    (if n = 50 then
                         stop.Cancel())

                    call)

            let! ended = Task.WhenAny(Replay.RunAsync(DummyAutoscaler.Create(), stopping, 1, stop.Token))
            Expect.isTrue ended.IsCanceled "an endless recording ends"
        }
    ]

let tests = testSequenced (testList "A replay" [ dummy; ownAlgorithm; sources ])
