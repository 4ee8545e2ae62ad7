module Kta.Functional.Tests.Recording.FilesTests

open System
open System.Diagnostics
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

let private own =
    testList "knows its own files" [
        testCaseTask "and deletes and mixes in no copy, and no file of a recorder beside it"
        <| fun () -> task {
            use folder = new Folder()
            do! recordAll (small 3) folder.Calls [ 1..2 ]

            let copies = [
                for name in
                    [
                        "calls.1.jsonl"
                        "calls.1 copy.jsonl"
                        "calls.2.jsonl"
                        "calls.20250101.jsonl"
                        "calls.202501.jsonl"
                        "calls.000001.jsonl"
                        "calls.000002.jsonl"
                        "calls.000009.jsonl"
                        "calls.copy.jsonl"
                        "calls (1).jsonl"
                    ] do
                    let copy = folder.File name
                    File.Copy(folder.Calls, copy)
                    copy
            ]

            let content = File.ReadAllBytes folder.Calls
            let beside = folder.File "calls.000003.jsonl"

            let! _ =
                record beside (small 4) (fun other -> task {
                    let! _ =
                        record folder.Calls (small 3) (fun recorder -> task {
                            for n in 3..20 do
                                do! recorder.RecordAsync(numbered n)
                                do! other.RecordAsync(numbered (100 + n))
                        })

                    ()
                })

            for copy in copies do
                Expect.equal (File.ReadAllBytes copy) content $"{copy} is as it was"

            Expect.equal (idsOf folder.Calls) [ "18"; "19"; "20" ] "its own calls"
            Expect.equal (idsOf beside) [ "117"; "118"; "119"; "120" ] "those of the other one"
            let! report = Replay.RunAsync(DummyAutoscaler.Create(), folder.Calls)
            Expect.equal report.Calls 3 "a replay, too"

            Expect.containsAll
                (report.ToText().Split Environment.NewLine)
                [
                    $"""  Not read, as it is a copy or of another recording: {folder.File "calls.2.jsonl"}"""
                    $"  Not read, as it is a copy or of another recording: {beside}"
                ]
                "what was left out is told"
        }

        testCaseTask "a recording of an earlier version is read and gone on with"
        <| fun () -> task {
            use folder = new Folder()
            File.WriteAllText(folder.File "calls.000001.jsonl", earlierLine 1)
            File.WriteAllText(folder.File "calls.000002.jsonl", earlierLine 2)
            File.WriteAllText(folder.Calls, earlierLine 3)
            Expect.equal (idsOf folder.Calls) [ "1"; "2"; "3" ] "as it is"
            do! recordAll (small 3) folder.Calls [ 4..5 ]
            Expect.equal (idsOf folder.Calls) [ "1"; "2"; "3"; "4"; "5" ] "gone on with"
            do! recordAll (small 3) folder.Calls [ 6..9 ]
            Expect.equal (idsOf folder.Calls) [ "1"; "2"; "7"; "8"; "9" ] "what may be of others is not deleted"
        }

        testCaseTask "among full files of two recordings by those of the newest"
        <| fun () -> task {
            use here = new Folder()
            use there = new Folder()
            do! recordAll (small 9) here.Calls [ 1..3 ]
            do! recordAll (small 9) there.Calls [ 11..13 ]

            for file in CallRecording.FilesOf there.Calls do
                if file <> there.Calls then
                    File.Copy(file, here.File(string (Path.GetFileName file)))

            Expect.equal (idsOf here.Calls) [ "1"; "2"; "3" ] "not mixed"
            let! report = Replay.RunAsync(DummyAutoscaler.Create(), here.Calls)
            Expect.equal report.FilesNotRead.Count 2 "and told"
        }

        testCaseTask "where the path is a link: beside the file it leads to"
        <| fun () -> task {
            use folder = new Folder()
            use linked = new Folder()
            do! recordAll (small 9) folder.Calls [ 1 ]
            File.CreateSymbolicLink(linked.Calls, folder.Calls) |> ignore
            do! recordAll (small 9) linked.Calls [ 2..3 ]
            Expect.equal (idsOf folder.Calls, idsOf linked.Calls) ([ "1"; "2"; "3" ], [ "1"; "2"; "3" ]) "one recording"
            Expect.equal linked.Names [ "calls.jsonl" ] "nothing but the link"
        }

        testCaseTask "with one file at most: the full one goes at once"
        <| fun () -> task {
            use folder = new Folder()
            do! recordAll (small 1) folder.Calls [ 1..3 ]
            Expect.equal folder.Names [ "calls.jsonl" ] "one file"
            Expect.equal (idsOf folder.Calls) [ "3" ] "the newest"
        }

        testCaseTask "against another process: the second one records nothing, and says so"
        <| fun () -> task {
            use folder = new Folder()
            let quickstart = Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"

            let! _ =
                record folder.Calls patient (fun recorder -> task {
                    do! recorder.RecordAsync(numbered 1)

                    let info =
                        ProcessStartInfo(
                            "dotnet",
                            [ quickstart; "--host"; "127.0.0.1"; "--port"; "0" ],
                            RedirectStandardOutput = true
                        )

                    info.Environment["Kta__Record__Path"] <- folder.Calls
                    use patience = new CancellationTokenSource(TimeSpan.FromSeconds 60.0)
                    use other = nonNull (Process.Start info)

                    try
                        let mutable line: string | null = ""

                        while not (isNull line)
                              && not ((nonNull line).Contains $"Another recorder writes to {folder.Calls}.") do
                            let! next = other.StandardOutput.ReadLineAsync(patience.Token)
                            line <- next

                        Expect.isNotNull line "it is told"
                    finally
                        other.Kill()

                    do! other.WaitForExitAsync()
                    do! recorder.RecordAsync(numbered 2)
                })

            Expect.equal (idsOf folder.Calls) [ "1"; "2" ] "not disturbed"
        }
    ]

let tests = testSequenced (testList "A recorder" [ own ])
