module Kta.Functional.Tests.Recording.CompletenessTests

open System
open System.IO
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

let private recorded (folder: Folder) (options: CallRecorderOptions) = task {
    let! _ =
        record folder.Calls options (fun recorder -> task {
            for _ in 1..3 do
                do! recorder.RecordAsync call
        })

    ()
}

let private line (path: string) = (File.ReadAllLines path)[0]

/// What is wrong with a recording in which every answer is the same, and what the report says of it.
let private wrong: (string * (Folder -> unit) * string) list = [
    "a torn last line",
    (fun folder -> File.AppendAllText(folder.Calls, (line folder.Calls)[..99])),
    "1 line cannot be read"
    "a line that is none", (fun folder -> File.AppendAllText(folder.Calls, "nonsense\n")), "1 line cannot be read"
    "zeros", (fun folder -> File.AppendAllText(folder.Calls, String('\000', 9))), "1 line cannot be read"
    "calls that were dropped",
    (fun folder -> File.AppendAllText(folder.Calls, """{"v":1,"at":"2025-01-01T00:01:30.5Z","dropped":17}""" + "\n")),
    "17 calls were dropped by the recorder"
    "a file that is missing",
    (fun folder -> File.Delete(Seq.item 1 (CallRecording.FilesOf folder.Calls))),
    "1 line cannot be read"
    "a newest file that is missing", (fun folder -> File.Delete folder.Calls), "1 line cannot be read"
]

let private incomplete =
    testList "is not complete with" [
        for name, spoil, said in wrong do
            testCaseTask name
            <| fun () -> task {
                use folder = new Folder()
                do! recorded folder (CallRecorderOptions(MaxFileBytes = 1L))
                spoil folder
                let! report = Replay.RunAsync(DummyAutoscaler.CreateMonitor(), folder.Calls)
                Expect.isTrue report.IsSame (report.ToText())
                let message = Calls.thrownBy<ReplayException>(fun () -> report.ThrowIfDifferent())

                Expect.stringStarts
                    message
                    "No answer differs, but the recording is not complete, so others might. ThrowIfDifferent(allowIncomplete: true) accepts that."
                    "why it fails"

                Expect.stringContains message said "what is missing"
                report.ThrowIfDifferent(allowIncomplete = true)
            }

        testCaseTask "nothing else: a whole recording passes"
        <| fun () -> task {
            use folder = new Folder()
            do! recorded folder (CallRecorderOptions(MaxFileBytes = 1L))
            let! report = Replay.RunAsync(DummyAutoscaler.CreateMonitor(), folder.Calls)
            Expect.isTrue report.IsComplete (report.ToText())
            report.ThrowIfDifferent()
        }

        testCaseTask "nothing else: files that had to go pass, too"
        <| fun () -> task {
            use folder = new Folder()
            do! recorded folder (CallRecorderOptions(MaxFileBytes = 1L, MaxFiles = 2))
            let! report = Replay.RunAsync(DummyAutoscaler.CreateMonitor(), folder.Calls)
            Expect.equal (report.Calls, report.IsComplete) (2, true) (report.ToText())
        }
    ]

let private empty =
    testList "compares nothing" [
        testCaseTask "if it is empty"
        <| fun () -> task {
            use folder = new Folder()
            File.WriteAllText(folder.Calls, "")
            let! report = Replay.RunAsync(DummyAutoscaler.Create(), folder.Calls)
            let message = Calls.thrownBy<ReplayException>(fun () -> report.ThrowIfDifferent())
            Expect.stringContains message "nothing could be compared, the recording is empty." "the reason"
        }

        testCaseTask "if it has no call of the algorithm's steps"
        <| fun () -> task {
            use folder = new Folder()
            do! recorded folder patient
            let others = DummyAutoscaler.Create().WithOnly(Step.Analyze, Step.Plan)
            let! report = Replay.RunAsync(others, folder.Calls)
            let message = Calls.thrownBy<ReplayException>(fun () -> report.ThrowIfDifferent())

            Expect.stringContains
                message
                "nothing could be compared, the recording has no call of analyze or plan"
                "the reason"
        }
    ]

let tests = testList "A recording" [ incomplete; empty ]
