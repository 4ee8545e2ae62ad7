module Kta.Functional.Tests.Http.BlockedStepTests

open System
open System.Diagnostics
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

let private limit = TimeSpan.FromSeconds 2.0
let private running = 64
let private abandoned = 100

/// As many as the default limits allow, and as long as the gate is shut.
let private options (options: HttpBackendOptions) =
    options.StepTimeLimit <- limit
    options.AskTwice <- AskTwice.Never

let private blocking (gate: Service<ManualResetEventSlim>) =
    plain
        .WithMonitor(fun (_: MonitorCtx) ->
            gate.Value.Wait()
            ok ())
        .WithAnalyze(fun (_: AnalyzeContext<JsonObject, JsonObject>) (_: CancellationToken) -> task {
            do! Task.Yield()
            gate.Value.Wait()
            return ok ()
        })

/// Half of them synchronous, half asynchronous ones that block after their first await; how each was answered and when.
let private block (server: RunningServer) (calls: int) =
    let started = Stopwatch.GetTimestamp()

    Task.WhenAll [
        for number in 1..calls ->
            task {
                let step = if number % 2 = 0 then "monitor" else "analyze"
                let! (reply: Server.Reply) = server.Call(step, Requests.first)
                return reply.Status, Stopwatch.GetElapsedTime started
            }
    ]

let private minimum () =
    let workers, _ = ThreadPool.GetMinThreads()
    workers

/// Waits on a thread of its own: those of the pool are what there is none of.
let private reaches (expected: int) =
    Task.Factory.StartNew(
        (fun () ->
            if not (SpinWait.SpinUntil((fun () -> minimum () = expected), TimeSpan.FromSeconds 30.0)) then
                failtest $"The minimum of the pool is {minimum ()}, not {expected}."),
        TaskCreationOptions.LongRunning
    )

let tests =
    testSequenced
    <| testList "Steps that block" [
        testCaseTask
            "as many as may run and be abandoned: probes answer within 2 s, and time limits are kept to the second"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            do!
                serveWith options (blocking gate) (fun server -> task {
                    for calls in [ running; abandoned - 1 - running ] do
                        let! ended = block server calls
                        Expect.all ended (fun (status, _) -> status = 500) "abandoned"

                    let last = block server running
                    let asked = Stopwatch.GetTimestamp()
                    let! live = server.Send("GET", "/health/live", null, null)
                    let answered = Stopwatch.GetElapsedTime asked
                    Expect.equal live.Status 200 live.Text
                    Expect.isLessThan answered (TimeSpan.FromSeconds 2.0) "the probe"
                    let! ended = last

                    for status, after in ended do
                        Expect.equal status 500 "abandoned"
                        Expect.isLessThan after (limit + TimeSpan.FromSeconds 1.0) "in time"

                    let! refused = server.Send("GET", "/health/live", null, null)
                    Expect.equal refused.Status 503 "as many as may be are abandoned"
                    gate.Value.Set()
                })
        }

        testCaseTask "when steps hold all threads, the pool gets a reserve for them, which goes when the server stops"
        <| fun () -> task {
            let before = minimum ()
            let calls = before + 64
            let gate = Service.Of(new ManualResetEventSlim(false))

            do!
                serveWith
                    (fun options ->
                        options.MaxConcurrentCalls <- calls
                        options.MaxAbandonedSteps <- 5
                        options.AskTwice <- AskTwice.Never)
                    (blocking gate)
                    (fun server -> task {
                        Expect.equal (minimum ()) before "not before anything waits"
                        let blocked = block server calls
                        do! reaches (before + calls + 5)
                        gate.Value.Set()
                        let! ended = blocked
                        Expect.all ended (fun (status, _) -> status = 200) "all are answered"
                    })

            Expect.equal (minimum ()) before "as it was"
        }

        testCaseTask "without a reserve the pool is left alone"
        <| fun () -> task {
            let before = minimum ()
            let gate = Service.Of(new ManualResetEventSlim(false))

            do!
                serveWith
                    (fun options ->
                        options.ReserveThreads <- false
                        options.AskTwice <- AskTwice.Never)
                    (blocking gate)
                    (fun server -> task {
                        let blocked = block server 8
                        let! live = server.Send("GET", "/health/live", null, null)
                        Expect.equal live.Status 200 live.Text
                        Expect.equal (minimum ()) before "left alone"
                        gate.Value.Set()
                        let! _ = blocked
                        ()
                    })
        }
    ]
