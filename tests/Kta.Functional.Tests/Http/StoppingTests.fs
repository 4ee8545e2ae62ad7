module Kta.Functional.Tests.Http.StoppingTests

open System
open System.Diagnostics
open System.IO
open System.Net.Sockets
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting

let private count (word: string) (text: string) = text.Split(word).Length - 1

/// Asked to stop, an idle server takes its delay and little more; with two stops it would take it twice.
let private terminated (kind: string) (first: string list) (ready: Process -> Task<Uri>) (delay: int) =
    testCaseTask $"{kind}: SIGTERM with a ShutdownDelay of {delay} s: one stop, in time"
    <| fun () -> task {
        use started =
            OwnProgram.start (
                first
                @ [ "--urls"; "http://127.0.0.1:0"; "--services"; "watched"; "--Kta:ShutdownDelay"; $"{delay}s" ]
            )

        try
            let! _ = ready started
            let watch = Stopwatch.StartNew()
            do! Processes.askToStop started
            let! said, exitCode = OwnProgram.rest started
            let took = watch.Elapsed.TotalSeconds
            Expect.equal exitCode 0 said
            Expect.equal (count "watched: stopped" said) 1 said
            Expect.isGreaterThanOrEqual took (float delay) "the delay is kept"
            Expect.isLessThan took (float delay + 3.9) "and not twice"
        finally
            if not started.HasExited then
                started.Kill()
    }

let private processes =
    testList "A process" [
        for delay in [ 0; 1; 4 ] do
            terminated "HttpBackend" [] Processes.addressOf delay
            terminated "MapKta" [ "mapped" ] Processes.addressOfApplication delay

        testCaseTask "whose background service fails ends with another exit code than 0, and the reason"
        <| fun () -> task {
            use started = OwnProgram.start [ "--urls"; "http://127.0.0.1:0"; "--services"; "crashing" ]
            let! said, exitCode = OwnProgram.rest started
            Expect.notEqual exitCode 0 said

            Expect.stringContains
                said
                "The background service Crashing has failed, so the server has stopped: InvalidDataException: the feed has ended"
                "which, and why"
        }

        testCaseTask "with a service that cannot start says what that service says"
        <| fun () -> task {
            use started = OwnProgram.start [ "--urls"; "http://127.0.0.1:0"; "--services"; "unable" ]
            let! said, exitCode = OwnProgram.rest started
            Expect.notEqual exitCode 0 said
            Expect.stringContains said "there is no database at db:5432" "the reason"
            Expect.isFalse (said.Contains "cannot listen") "which is not the address"
        }
    ]

/// Counts its starts and stops, and fails at one of them if it is told to.
type private Counted(failStart: exn | null, failStarted: exn | null) =
    let mutable starts, stops = 0, 0

    let orFail (error: exn | null) =
        match error with
        | null -> Task.CompletedTask
        | error -> Task.FromException error

    member _.Starts = starts
    member _.Stops = stops

    interface IHostedLifecycleService with
        member _.StartingAsync _ = Task.CompletedTask

        member _.StartAsync _ =
            Interlocked.Increment &starts |> ignore
            orFail failStart

        member _.StartedAsync _ = orFail failStarted
        member _.StoppingAsync _ = Task.CompletedTask

        member _.StopAsync _ =
            Interlocked.Increment &stops |> ignore
            Task.CompletedTask

        member _.StoppedAsync _ = Task.CompletedTask

let private serving (service: Counted) =
    let backend =
        HttpBackend(
            HttpBackendOptions(
                Host = "127.0.0.1",
                Port = Nullable 0,
                ConfigureBuilder =
                    Action<WebApplicationBuilder>(fun builder ->
                        builder.Services.AddHostedService(fun _ -> service) |> ignore)
            )
        )

    backend.Setup plain
    backend

let private services =
    testList "Services of the application" [
        testCaseTask "are stopped once, whoever stops the server and however often"
        <| fun () -> task {
            let service = Counted(null, null)
            let! running = (serving service).StartAsync CancellationToken.None
            let waiting = running.WaitForShutdownAsync CancellationToken.None
            do! Task.WhenAll [ for _ in 1..3 -> running.StopAsync CancellationToken.None ]
            do! waiting
            do! running.StopAsync CancellationToken.None
            do! (running :> IAsyncDisposable).DisposeAsync()
            Expect.equal (service.Starts, service.Stops) (1, 1) "one start, one stop"
        }

        testCaseTask "are stopped once when a token ends RunAsync"
        <| fun () -> task {
            let service = Counted(null, null)
            use stop = new CancellationTokenSource()
            let run = (serving service).RunAsync stop.Token
            do! stop.CancelAsync()
            do! run.ContinueWith(fun (_: Task) -> ())
            Expect.equal service.Stops service.Starts "as often as they were started"
        }

        for error in
            [
                IOException "no such database" :> exn
                SocketException(int SocketError.ConnectionRefused)
                InvalidOperationException "not configured"
            ] do
            for kind, service in [ "StartAsync", Counted(error, null); "StartedAsync", Counted(null, error) ] do
                testCaseTask $"that throw {error.GetType().Name} in {kind} are heard as they are"
                <| fun () -> task {
                    let! thrown = task {
                        try
                            let! _ = (serving service).StartAsync CancellationToken.None
                            return None
                        with error ->
                            return Some error
                    }

                    Expect.equal thrown (Some error) "their own error, not one about addresses"
                }
    ]

let tests = testSequenced (testList "Stopping and starting" [ processes; services ])
