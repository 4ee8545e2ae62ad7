module Kta.Functional.Tests.Recording.RecorderTests

open System
open System.Collections.Concurrent
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

let private listening (recorder: CallRecorder) =
    let problems = ConcurrentQueue<RecordingProblem>()
    recorder.add_Problem (fun _ problem -> problems.Enqueue problem)
    problems

let private files =
    testList "keeps to its files" [
        testCaseTask "a new one is begun when one is full, and the oldest goes"
        <| fun () -> task {
            use folder = new Folder()
            let one = folder.File "one.jsonl"
            let! _ = record one patient (fun recorder -> recorder.RecordAsync(numbered 0))
            let length = FileInfo(one).Length
            File.Delete one

            let! recorder =
                record folder.Calls (CallRecorderOptions(MaxFileBytes = 3L * length, MaxFiles = 3)) (fun recorder -> task {
                    for n in 0..9 do
                        do! recorder.RecordAsync(numbered n)
                        do! recorder.RecordAsync(numbered n)
                })

            Expect.equal recorder.Written 20L "all were written"
            Expect.equal folder.Names [ "calls.000005-x.jsonl"; "calls.000006-x.jsonl"; "calls.jsonl" ] "three files"

            Expect.equal
                [
                    for line in CallRecording.Read folder.Calls ->
                        (nonNull (Path.GetFileName line.File)).Split('-', '.')[1],
                        line.Number,
                        textOf (nonNull line.Call).Request
                ]
                [
                    for file, from, until in [ "000005", 12, 14; "000006", 15, 17; "jsonl", 18, 19 ] do
                        for n in from..until -> file, int64 (n - from + 1), $$"""{"id":"{{n / 2}}"}"""
                ]
                "the newest calls, in their order"
        }

        testCaseTask "a call that is larger than a file gets one of its own"
        <| fun () -> task {
            use folder = new Folder()

            let! _ =
                record folder.Calls (CallRecorderOptions(MaxFileBytes = 1L)) (fun recorder -> task {
                    for n in 1..3 do
                        do! recorder.RecordAsync(numbered n)
                })

            Expect.equal folder.Names [ "calls.000001-x.jsonl"; "calls.000002-x.jsonl"; "calls.jsonl" ] "one call each"
            Expect.equal (callsOf folder.Calls) [ numbered 1; numbered 2; numbered 3 ] "whole"
        }

        testCaseTask "goes on with a recording, also after a torn line"
        <| fun () -> task {
            use folder = new Folder()
            let! _ = record folder.Calls patient (fun recorder -> recorder.RecordAsync(numbered 1))
            File.AppendAllText(folder.Calls, """{"v":1,"at":"2025""")
            let! _ = record folder.Calls patient (fun recorder -> recorder.RecordAsync(numbered 2))
            let lines = CallRecording.Read folder.Calls |> List.ofSeq

            Expect.equal
                [ for line in lines -> isNull line.Call, line.IsTorn ]
                [ false, false; true, true; false, false ]
                "torn in between"
        }

        testCaseTask "makes folders, and a new file when someone has removed it"
        <| fun () -> task {
            use folder = new Folder()
            let path = Path.Combine(folder.File "deep", "down", "calls")

            let! _ =
                record path patient (fun recorder -> task {
                    do! recorder.RecordAsync(numbered 1)
                    File.Delete path
                    do! recorder.RecordAsync(numbered 2)
                })

            Expect.equal (callsOf path) [ numbered 2 ] "the second"
        }

        testCaseTask "is read while it is written"
        <| fun () -> task {
            use folder = new Folder()

            let! _ =
                record folder.Calls patient (fun recorder -> task {
                    do! recorder.RecordAsync(numbered 1)
                    Expect.equal (callsOf folder.Calls) [ numbered 1 ] "answered is written"
                })

            ()
        }

        test "not with limits out of range: all of them are named" {
            Expect.equal
                (Calls.thrownBy<ArgumentException>(fun () ->
                    CallRecorder(
                        "calls.jsonl",
                        CallRecorderOptions(
                            MaxFileBytes = 0L,
                            MaxFiles = 0,
                            MaxWaitingBytes = 0L,
                            Patience = TimeSpan.FromHours 1.0
                        )
                    )
                    |> ignore))
                "The recorder cannot work like this: MaxFileBytes has to be at least 1, it is 0; MaxFiles has to be at least 1, it is 0; MaxWaitingBytes has to be at least 1, it is 0; Patience has to be from 0 to 1 minute, it is 01:00:00."
                "the whole message"
        }
    ]

let private troubles =
    testList "survives a disk that" [
        testCaseTask "cannot be written, tells it once, and notes what is missing when it goes on"
        <| fun () -> task {
            use folder = new Folder()
            Directory.CreateDirectory folder.Calls |> ignore
            let recorder = new CallRecorder(folder.Calls, patient)
            let told = listening recorder
            do! recorder.RecordAsync(numbered 1)
            do! recorder.RecordAsync(numbered 2)
            Expect.equal (recorder.Written, recorder.Dropped) (0L, 2L) "counted"
            Directory.Delete folder.Calls
            do! recorder.RecordAsync(numbered 3)
            do! recorder.DisposeAsync()

            Expect.equal
                [ for problem in told -> problem.Message, problem.Dropped ]
                [
                    $"The recording {folder.Calls} cannot be written, so calls are missing from it: Access to the path '{folder.Calls}' is denied.",
                    0L
                    $"The recording {folder.Calls} goes on; 2 calls are missing from it.", 2L
                ]
                "the trouble, and its end"

            Expect.equal
                [ for line in CallRecording.Read folder.Calls -> line.Dropped, line.Call ]
                [ 2L, null; 0L, numbered 3 ]
                "the recording tells it, too"
        }

        testCaseTask "is too slow: calls are not slowed down, dropped beyond the limit, counted and noted"
        <| fun () -> task {
            use folder = new Folder()
            let recorder = new CallRecorder(folder.Calls, CallRecorderOptions(MaxWaitingBytes = 30L))
            use gate = new ManualResetEventSlim(false)
            use hanging = new ManualResetEventSlim(false)
            let told = listening recorder

            // The listener stands for a disk that hangs: it is called by the thread that writes.
            recorder.add_Problem (fun _ problem ->
                if not (isNull problem.Error) then
                    hanging.Set()
                    gate.Wait())

            do! recorder.RecordAsync(numbered 1)
            do! recorder.FlushAsync()
            File.Delete folder.Calls
            Directory.CreateDirectory folder.Calls |> ignore
            do! recorder.RecordAsync(numbered 2)
            hanging.Wait()
            Directory.Delete folder.Calls
            do! recorder.RecordAsync(numbered 3)
            do! recorder.RecordAsync(numbered 4)

            Expect.equal
                (recorder.Written, recorder.Dropped)
                (1L, 2L)
                "one cannot be written, one waits, one is too many"

            gate.Set()
            do! recorder.FlushAsync()
            do! recorder.RecordAsync(numbered 5)
            do! recorder.DisposeAsync()
            Expect.equal (recorder.Written, recorder.Dropped) (3L, 2L) "all are counted"

            Expect.equal
                (List.last (List.ofSeq told)).Message
                $"The recording {folder.Calls} goes on; 2 calls are missing from it."
                "the end"

            Expect.contains
                [ for problem in told -> problem.Message ]
                $"The disk is too slow for the recording {folder.Calls}: more than 30 bytes wait. Calls are dropped until it has caught up."
                "the reason"

            Expect.equal
                [ for line in CallRecording.Read folder.Calls -> line.Dropped, line.Call ]
                [ 2L, null; 0L, numbered 3; 0L, numbered 5 ]
                "noted"
        }

        testCaseTask "another recorder writes to: the second one records nothing, and says so"
        <| fun () -> task {
            use folder = new Folder()
            let first = new CallRecorder(folder.Calls, patient)
            do! first.RecordAsync(numbered 1)
            let second = new CallRecorder(folder.Calls, patient)
            do! second.RecordAsync(numbered 2)
            let told = listening second

            Expect.stringContains
                (Seq.head told).Message
                $"Another recorder writes to {folder.Calls}. Give each process, and each recorder, a file of its own."
                "told to those who listen later, too"

            do! first.DisposeAsync()
            do! second.RecordAsync(numbered 3)
            do! second.DisposeAsync()

            Expect.equal
                [ for line in CallRecording.Read folder.Calls -> line.Dropped, line.Call ]
                [ 0L, numbered 1; 1L, null; 0L, numbered 3 ]
                "it takes over"
        }

        testCaseTask "has no listener, or one that fails"
        <| fun () -> task {
            use folder = new Folder()
            Directory.CreateDirectory folder.Calls |> ignore
            let recorder = new CallRecorder(folder.Calls, patient)
            recorder.add_Problem (fun _ _ -> failwith "a bad listener")
            do! recorder.RecordAsync(numbered 1)
            do! recorder.DisposeAsync()
            do! recorder.RecordAsync(numbered 2)
            Expect.equal recorder.Dropped 2L "after its end, too"
        }
    ]

let tests = testSequenced (testList "A recorder" [ files; troubles ])
