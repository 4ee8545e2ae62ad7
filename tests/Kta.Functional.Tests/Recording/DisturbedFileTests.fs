module Kta.Functional.Tests.Recording.DisturbedFileTests

open System.Collections.Concurrent
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

let private listening (recorder: CallRecorder) =
    let problems = ConcurrentQueue<string>()
    recorder.add_Problem (fun _ problem -> problems.Enqueue problem.Message)
    problems

/// What others do to a file, where its calls are afterwards, and how it is told.
let private interventions: (string * (Folder -> unit) * string list * string) list = [
    let moved = "was moved away, replaced or deleted while it was written to."
    "moved away", (fun folder -> File.Move(folder.Calls, folder.File "moved")), [ "3"; "4" ], moved

    "moved away and made anew, as logrotate does it",
    (fun folder ->
        File.Move(folder.Calls, folder.File "moved")
        File.WriteAllText(folder.Calls, "")),
    [ "3"; "4" ],
    moved

    "replaced by a copy of itself, as editors do it",
    (fun folder ->
        File.Copy(folder.Calls, folder.File "copy")
        File.Move(folder.File "copy", folder.Calls, true)),
    [ "1"; "2"; "3"; "4" ],
    moved

    "deleted", (fun folder -> File.Delete folder.Calls), [ "3"; "4" ], moved

    "copied and truncated",
    (fun folder ->
        File.Copy(folder.Calls, folder.File "copy")
        use file = new FileStream(folder.Calls, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite)
        ()),
    [ "3"; "4" ],
    "was truncated while it was written to, to 0 bytes."

    "cut after its first line",
    (fun folder ->
        let length = File.ReadAllBytes folder.Calls |> Array.findIndex ((=) 10uy)

        use file = new FileStream(folder.Calls, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)

        file.SetLength(int64 length + 1L)),
    [ "1"; "3"; "4" ],
    "was truncated while it was written to, to "

    "written to by somebody else",
    (fun folder -> File.AppendAllText(folder.Calls, earlierLine 100)),
    [ "1"; "2"; "100"; "3"; "4" ],
    "Somebody else writes to the recording"
]

let private disturbed =
    testList "goes on where its file is" [
        for name, intervene, expected, message in interventions do
            testCaseTask name
            <| fun () -> task {
                use folder = new Folder()
                let recorder = new CallRecorder(folder.Calls, patient)
                let told = listening recorder
                do! recorder.RecordAsync(numbered 1)
                do! recorder.RecordAsync(numbered 2)
                intervene folder
                do! recorder.RecordAsync(numbered 3)
                do! recorder.RecordAsync(numbered 4)
                do! recorder.DisposeAsync()
                Expect.equal (idsOf folder.Calls) expected "every later call is at the path"
                Expect.isFalse (Array.contains 0uy (File.ReadAllBytes folder.Calls)) "no zeros"
                Expect.equal (recorder.Written, recorder.Dropped) (4L, 0L) "all were written"
                Expect.stringContains (Seq.exactlyOne told) message "told once"
            }

        testCaseTask "replaced by an edited copy of itself between full files: none of them is missing"
        <| fun () -> task {
            use folder = new Folder()

            let! _ =
                record folder.Calls (small 9) (fun recorder -> task {
                    do! recorder.RecordAsync(numbered 1)
                    do! recorder.RecordAsync(numbered 2)
                    File.Copy(folder.Calls, folder.File "copy")
                    File.AppendAllText(folder.File "copy", "\n")
                    File.Move(folder.File "copy", folder.Calls, true)
                    do! recorder.RecordAsync(numbered 3)
                    do! recorder.RecordAsync(numbered 4)
                })

            Expect.equal (idsOf folder.Calls) [ "1"; "2"; "3"; "4" ] "the whole recording"
        }

        testCaseTask "truncated again and again: no zeros, and no line in pieces"
        <| fun () -> task {
            use folder = new Folder()
            use truncated = new CountdownEvent(50)
            let recorder = new CallRecorder(folder.Calls, patient)
            do! recorder.RecordAsync(numbered 0)

            let truncating =
                Task.Factory.StartNew(
                    (fun () ->
                        while not truncated.IsSet do
                            use file =
                                new FileStream(folder.Calls, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)

                            if file.Length > 0L then
                                file.SetLength 0L
                                truncated.Signal() |> ignore),
                    TaskCreationOptions.LongRunning
                )

            while not truncating.IsCompleted do
                do! recorder.RecordAsync(numbered 1)

            do! truncating
            do! recorder.RecordAsync(numbered 2)
            do! recorder.DisposeAsync()
            Expect.equal (List.last (idsOf folder.Calls)) "2" "the last call"
            Expect.isFalse (Array.contains 0uy (File.ReadAllBytes folder.Calls)) "no zeros"
        }

        testCaseTask "and a reader is told which full file is missing"
        <| fun () -> task {
            use folder = new Folder()

            let! _ =
                record folder.Calls (small 9) (fun recorder -> task {
                    for n in 1..3 do
                        do! recorder.RecordAsync(numbered n)

                    File.Delete folder.Calls

                    for n in 4..6 do
                        do! recorder.RecordAsync(numbered n)
                })

            let oldest = CallRecording.FilesOf folder.Calls |> Seq.head
            File.Delete oldest

            Expect.equal
                [
                    for line in CallRecording.Read folder.Calls do
                        if isNull line.Call then
                            (string line.File).Replace("000001", "000003"), line.Number, line.Problem
                ]
                [
                    for _ in 1..2 ->
                        oldest.Replace("000001", "000003"), 0L, "the file is missing: it was moved away or deleted"
                ]
                "the first and the third"

            let! report = Replay.RunAsync(DummyAutoscaler.Create(), folder.Calls)
            Expect.isFalse report.IsComplete (report.ToText())
            File.Delete folder.Calls

            Expect.contains
                [ for line in CallRecording.Read folder.Calls -> line.Problem ]
                "the file is missing, the newest of the recording"
                "also the newest"
        }
    ]

let tests = testSequenced (testList "A recorder" [ disturbed ])
