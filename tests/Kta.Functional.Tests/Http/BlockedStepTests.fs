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

        testCaseTask "while a server runs, the thread pool has a reserve for them, and none afterwards"
        <| fun () -> task {
            let minimum () =
                let workers, _ = ThreadPool.GetMinThreads()
                workers

            let before = minimum ()
            let reserve = 7 + 5

            do!
                serveWith
                    (fun options ->
                        options.MaxConcurrentCalls <- 7
                        options.MaxAbandonedSteps <- 5)
                    plain
                    (fun _ -> task { Expect.equal (minimum ()) (before + reserve) "one thread for each" })

            Expect.equal (minimum ()) before "as it was"

            do!
                serveWith (fun options -> options.ReserveThreads <- false) plain (fun _ -> task {
                    Expect.equal (minimum ()) before "left alone"
                })
        }
    ]
