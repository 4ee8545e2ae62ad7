module Kta.Functional.Tests.Http.HeldUpTests

open System
open System.Net.Http
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

let tests =
    testSequenced
    <| testList "A request held up by its step" [
        testCaseTask "which was quick for long, in many calls at once: each is answered in time, and so are others"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(true))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    gate.Value.Wait()
                    ok ())

            do!
                serveWith (fun options -> options.StepTimeLimit <- TimeSpan.FromSeconds 1.0) algorithm (fun server -> task {
                    for _ in 1..50 do
                        let! reply = server.Call("monitor", Requests.first)
                        Expect.equal reply.Status 200 reply.Text

                    gate.Value.Reset()
                    let blocked = [ for _ in 1..20 -> server.Call("monitor", Requests.first) ]
                    let! other = server.Call("analyze", Requests.first)
                    Expect.equal other.Status 200 other.Text
                    let! replies = Task.WhenAll blocked
                    Expect.all replies (fun reply -> reply.Status = 500) "none is left without an answer"
                    gate.Value.Set()
                    let! again = server.Call("monitor", Requests.first)
                    Expect.equal again.Status 200 again.Text
                })
        }

        testCaseTask "which was quick for long: the answer comes in time, and announces that the connection ends"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(true))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    gate.Value.Wait()
                    ok ())

            let options (options: HttpBackendOptions) =
                options.StepTimeLimit <- shortLimit
                options.MaxConcurrentCalls <- 1

            do!
                serveWith options algorithm (fun server -> task {
                    for _ in 1..20 do
                        let! reply = server.Call("monitor", Requests.first)
                        Expect.equal reply.Status 200 reply.Text

                    gate.Value.Reset()
                    let! late = server.Call("monitor", Requests.first)
                    Expect.equal late.Status 500 late.Text
                    Expect.stringStarts late.Message "monitor took longer than its time limit" "the reason"
                    Expect.equal (late.Headers.ConnectionClose) (Nullable true) "the connection is held up by the step"
                    let! next = server.Call("analyze", Requests.first)
                    Expect.equal next.Status 200 "the only place among concurrent calls is free again"
                    let! line = server.Log.Await "Failed"
                    Expect.equal line.Level LogLevel.Error "the log has it"
                    gate.Value.Set()
                    let! again = server.Call("monitor", Requests.first)
                    Expect.equal again.Status 200 again.Text
                })
        }

        testCaseTask "which was quick for long, and the caller goes away: the log says why"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(true))
            let begun = Service.Of(new SemaphoreSlim(0))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    begun.Value.Release() |> ignore
                    gate.Value.Wait()
                    ok ())

            do!
                serve algorithm (fun server -> task {
                    for _ in 1..20 do
                        let! reply = server.Call("monitor", Requests.first)
                        Expect.equal reply.Status 200 reply.Text
                        do! begun.Value.WaitAsync()

                    gate.Value.Reset()
                    use leaving = new CancellationTokenSource()

                    let call = server.CallUntil(leaving.Token, "monitor", Requests.first)
                    do! begun.Value.WaitAsync()
                    do! leaving.CancelAsync()
                    let! _ = Task.WhenAny call
                    let! line = server.Log.Await "Abandoned"
                    Expect.stringStarts line.Text "monitor was given up: the caller went away" "the reason"
                    gate.Value.Set()
                    let! again = server.Call("monitor", Requests.first)
                    Expect.equal again.Status 200 again.Text
                })
        }
    ]
