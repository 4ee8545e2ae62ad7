module Kta.Functional.Tests.Http.SlowStepTests

open System
open System.Net.Http
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Microsoft.Extensions.Logging

let private shortLimit = TimeSpan.FromMilliseconds 150.0

let private expectError (reply: Server.Reply) (message: string) =
    Expect.equal reply.Status 500 reply.Text
    Expect.equal reply.ContentType "application/json" "an error is JSON"
    Expect.equal reply.Message message "the whole message"

let tests =
    testSequenced
    <| testList "A step that takes too long" [
        testCaseTask "synchronous: the operator gets an error in time, and the next request works while it still runs"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    gate.Value.Wait()
                    ok ())

            do!
                serveWith (fun options -> options.StepTimeLimit <- shortLimit) algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.first)

                    expectError
                        reply
                        "monitor took longer than its time limit of 0.15 s and was given up. The operator waits 5 s by default. Make the step faster, pass its CancellationToken on, or raise both limits."

                    let! next = server.Call("analyze", Requests.first)
                    Expect.equal next.Status 200 next.Text
                    gate.Value.Set()
                })
        }

        testCaseTask "its call is over when the time is up: the next one need not wait for the step"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    gate.Value.Wait()
                    ok ())

            let oneAtATime (options: HttpBackendOptions) =
                options.StepTimeLimit <- shortLimit
                options.MaxConcurrentCalls <- 1

            do!
                serveWith oneAtATime algorithm (fun server -> task {
                    let! late = server.Call("monitor", Requests.first)
                    Expect.equal late.Status 500 late.Text
                    let! next = server.Call("analyze", Requests.first)
                    Expect.equal next.Status 200 next.Text
                    gate.Value.Set()
                })
        }

        testCaseTask "asynchronous: its token fires"
        <| fun () -> task {
            let cancelled = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) (token: CancellationToken) -> task {
                    try
                        do! Task.Delay(Timeout.Infinite, token)
                    finally
                        cancelled.Value.SetResult()

                    return ok ()
                })

            do!
                serveWith (fun options -> options.StepTimeLimit <- shortLimit) algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.first)
                    Expect.equal reply.Status 500 reply.Text
                    Expect.stringStarts reply.Message "monitor took longer than its time limit" "the reason"
                    do! cancelled.Value.Task
                })
        }

        testCaseTask
            "one that ignores its limit and reads the context later is refused, and reads no other request's bytes"
        <| fun () -> task {
            let outcome = Service.Of(TaskCompletionSource<exn>(TaskCreationOptions.RunContinuationsAsynchronously))
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (ctx: MonitorCtx) ->
                    gate.Value.Wait()

                    try
                        ctx.History.Count |> ignore
                        outcome.Value.SetResult(Failure "the history could be read")
                    with error ->
                        outcome.Value.SetResult error

                    ok ())

            do!
                serveWith (fun options -> options.StepTimeLimit <- shortLimit) algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.withHistory [ Requests.entry "{}" "{}" ])
                    Expect.equal reply.Status 500 reply.Text
                    gate.Value.Set()
                    let! error = outcome.Value.Task
                    Expect.equal (error.GetType()) typeof<IllegalAccessException> (string error)
                })
        }

        testCaseTask "a caller that goes away: the token fires, and the log says why"
        <| fun () -> task {
            let started = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))
            let cancelled = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) (token: CancellationToken) -> task {
                    started.Value.SetResult()

                    try
                        do! Task.Delay(Timeout.Infinite, token)
                    finally
                        cancelled.Value.SetResult()

                    return ok ()
                })

            let! server = Server.start algorithm
            use leaving = new CancellationTokenSource()

            let call = server.CallUntil(leaving.Token, "monitor", Requests.first)
            do! started.Value.Task
            do! leaving.CancelAsync()
            do! cancelled.Value.Task
            Expect.throwsT<TaskCanceledException> (fun () -> call.GetAwaiter().GetResult() |> ignore) "the call is over"
            let! line = server.Log.Await "Abandoned"
            do! (server :> IAsyncDisposable).DisposeAsync()

            Expect.equal
                line.Text
                "monitor was given up: the caller went away before the answer was ready. The operator waits 5 s by default."
                "the log tells who was late"
        }

        testCaseTask "many synchronous steps that block: other requests are answered meanwhile"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))
            let blocked = Service.Of(new CountdownEvent 24)

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    blocked.Value.Signal() |> ignore
                    gate.Value.Wait()
                    ok ())

            do!
                serve algorithm (fun server -> task {
                    let waiting = [ for _ in 1..24 -> server.Call("monitor", Requests.first) ]
                    blocked.Value.Wait()
                    let! other = server.Call("analyze", Requests.first)
                    Expect.equal other.Status 200 other.Text
                    gate.Value.Set()
                    let! replies = Task.WhenAll waiting
                    Expect.all replies (fun reply -> reply.Status = 200) "all of them are answered in the end"
                })
        }
    ]
