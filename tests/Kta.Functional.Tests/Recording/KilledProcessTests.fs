module Kta.Functional.Tests.Recording.KilledProcessTests

open System
open System.Diagnostics
open System.Net.Http
open System.Text
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Algorithms
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

let private quickstart = Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"

let private start (recording: string) =
    let info =
        ProcessStartInfo("dotnet", [ quickstart; "--host"; "127.0.0.1"; "--port"; "0" ], RedirectStandardOutput = true)

    info.Environment["Kta__Record__Path"] <- recording
    info.Environment["Kta__Record__Patience"] <- "00:00:30"
    nonNull (Process.Start info)

let private addressOf (started: Process) : Task<Uri> =
    let rec next () : Task<Uri> = task {
        match! started.StandardOutput.ReadLineAsync() with
        | null -> return failtest "it ended before it served"
        | line ->
            match Regex.Match(line, @"Serving .* at (http://\S+?)/api/v1alpha1") with
            | found when found.Success -> return Uri found.Groups[1].Value
            | _ -> return! next ()
    }

    next ()

let tests =
    testCaseTask
        "A process that is killed while it is called loses no call it has answered, and goes on after a restart"
    <| fun () -> task {
        use folder = new Folder()
        let answered = ref 0
        let clients = 8

        for _ in 1..2 do
            use started = start folder.Calls

            try
                let! address = addressOf started
                started.StandardOutput.ReadToEndAsync() |> ignore
                use client = new HttpClient(BaseAddress = address)

                let callUntilItIsGone () : Task = task {
                    try
                        while true do
                            use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
                            use! reply = client.PostAsync("/api/v1alpha1/monitor", content)
                            reply.EnsureSuccessStatusCode() |> ignore

                            if Interlocked.Increment answered % 200 = 0 then
                                started.Kill()
                    with :? HttpRequestException ->
                        ()
                }

                do! Task.WhenAll [ for _ in 1..clients -> callUntilItIsGone () ]
                do! started.WaitForExitAsync()
                Expect.equal started.ExitCode 137 "SIGKILL"
            finally
                if not started.HasExited then
                    started.Kill()

        let! report = Replay.RunAsync(DummyAutoscaler.Create(), folder.Calls)
        Expect.isGreaterThanOrEqual answered.Value 400 "calls were answered"
        Expect.isGreaterThanOrEqual report.Calls answered.Value "every answered call is there"
        Expect.isLessThanOrEqual report.Calls (answered.Value + 2 * clients) "and at most those that were under way"
        Expect.isTrue report.IsSame (report.ToText())
        Expect.all report.UnreadableLines _.IsTorn "nothing but torn lines"
    }
