module Kta.Functional.Tests.Recording.DiskTests

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Threading.Tasks
open Expecto
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

/// A file system of its own; tests are skipped where none can be mounted.
type private Disk() =
    let folder = new Folder()
    let path = folder.File "disk"

    let run (command: string) (arguments: string list) =
        use started =
            nonNull (Process.Start(ProcessStartInfo(command, arguments, RedirectStandardError = true)))

        started.WaitForExit()
        started.ExitCode = 0

    do
        Directory.CreateDirectory path |> ignore

        if
            not (OperatingSystem.IsLinux())
            || not (run "mount" [ "-t"; "tmpfs"; "-o"; "size=64k"; "tmpfs"; path ])
        then
            (folder :> IDisposable).Dispose()
            skiptest "no file system can be mounted here"

    member _.Calls = Path.Combine(path, "calls.jsonl")
    member _.Fill = Path.Combine(path, "fill")

    member _.Remount(options: string) = Expect.isTrue (run "mount" [ "-o"; $"remount,{options}"; path ]) options

    interface IDisposable with
        member _.Dispose() =
            run "umount" [ "-l"; path ] |> ignore
            (folder :> IDisposable).Dispose()

let private disks =
    testList "survives a disk" [
        testCaseTask "that is full for a while, without half lines"
        <| fun () -> task {
            use disk = new Disk()

            let! recorder =
                record disk.Calls patient (fun recorder -> task {
                    do! recorder.RecordAsync(numbered 1)

                    use fill = new FileStream(disk.Fill, FileMode.Create, FileAccess.Write, FileShare.None, 0)

                    try
                        while true do
                            fill.Write(ReadOnlySpan(Array.zeroCreate<byte> 1024))
                    with :? IOException ->
                        ()

                    let long = callOf $$"""{"id":"long","text":"{{String('x', 6000)}}"}""" "{}"
                    do! recorder.RecordAsync long
                    do! recorder.RecordAsync long
                    fill.SetLength 0L
                    do! recorder.RecordAsync(numbered 2)
                })

            Expect.equal recorder.Dropped 2L "counted"

            let lines = CallRecording.Read disk.Calls |> List.ofSeq
            Expect.equal (lines |> List.sumBy _.Dropped) 2L "and noted"
            Expect.all lines (fun line -> isNull line.Problem) "no half lines"

            Expect.equal
                [
                    for line in lines do
                        match line.Call with
                        | null -> ()
                        | call -> call
                ]
                [ numbered 1; numbered 2 ]
                "before and after"
        }

        testCaseTask "that is read-only for a while, and counts the first call it drops, too"
        <| fun () -> task {
            use disk = new Disk()
            let recorder = new CallRecorder(disk.Calls, patient)
            let told = ConcurrentQueue<string * int64>()
            recorder.add_Problem (fun _ problem -> told.Enqueue(problem.Message, problem.Dropped))
            do! recorder.RecordAsync(numbered 1)
            do! recorder.DisposeAsync()
            disk.Remount "ro"
            let again = new CallRecorder(disk.Calls, patient)
            again.add_Problem (fun _ problem -> told.Enqueue(problem.Message, problem.Dropped))
            do! again.RecordAsync(numbered 2)
            disk.Remount "rw"
            do! again.RecordAsync(numbered 3)
            do! again.DisposeAsync()

            Expect.equal
                (List.last (List.ofSeq told))
                ($"The recording {disk.Calls} goes on; 1 call is missing from it.", 1L)
                "told"

            Expect.equal
                [ for line in CallRecording.Read disk.Calls -> line.Dropped, line.Call ]
                [ 0L, numbered 1; 1L, null; 0L, numbered 3 ]
                "and noted"
        }
    ]

let private count =
    testCaseTask "The first call that is dropped is counted when it is told"
    <| fun () -> task {
        use folder = new Folder()
        let path = Path.Combine(folder.File "deep", "calls.jsonl")
        let recorder = new CallRecorder(path, patient)
        let told = ConcurrentQueue<int64>()

        recorder.add_Problem (fun _ problem ->
            if not (isNull problem.Error) then
                told.Enqueue problem.Dropped)

        do! recorder.RecordAsync(numbered 1)
        File.Delete path
        Directory.CreateDirectory path |> ignore
        do! recorder.RecordAsync(numbered 2)
        do! recorder.DisposeAsync()
        Expect.equal (List.ofSeq told) [ 1L ] "one is missing"
    }

let tests = testSequenced (testList "A recorder" [ disks; count ])
