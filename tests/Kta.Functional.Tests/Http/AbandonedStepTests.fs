module Kta.Functional.Tests.Http.AbandonedStepTests

open System
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Microsoft.Extensions.Logging

let private shortLimit (options: HttpBackendOptions) = options.StepTimeLimit <- TimeSpan.FromMilliseconds 150.0

let private atMostTwo (options: HttpBackendOptions) =
    shortLimit options
    options.MaxAbandonedSteps <- 2

/// A monitor step that waits for a gate, and the gate.
let private gated () =
    let gate = Service.Of(new ManualResetEventSlim(false))

    gate.Value,
    plain.WithMonitor(fun (_: MonitorCtx) ->
        gate.Value.Wait()
        ok ())

let private get (server: RunningServer) (path: string) = server.Send("GET", path, null, null)

let private giveUp (server: RunningServer) = task {
    let! reply = server.Call("monitor", Requests.first)
    Expect.equal reply.Status 500 reply.Text
    Expect.stringStarts reply.Message "monitor took longer than its time limit" "the reason"
}

let private refused =
    "2 steps took longer than StepTimeLimit and have not ended since; 2 may. "
    + "Something they wait for does not come: the log names the steps. "
    + "Give waits inside of a step a time limit, or pass its CancellationToken on. "
    + "Calls are served again when the steps end, or after a restart."

let private exhausts () = task {
    let gate, algorithm = gated ()

    do!
        serveWith atMostTwo algorithm (fun server -> task {
            do! giveUp server
            let! early = server.Call("analyze", Requests.first)
            Expect.equal early.Status 200 "one is not too many"
            do! giveUp server
            let! late = server.Call("analyze", Requests.first)
            Expect.equal (late.Status, late.Message) (503, refused) "no further step is begun"
            Expect.equal (string late.Headers.RetryAfter) "1" "when to come back"

            for probe in [ "/health/live"; "/health/ready" ] do
                let! health = get server probe
                Expect.equal (health.Status, health.Message) (503, refused) probe

            gate.Set()
            let! lines = server.Log.Await("EndedLate", 2)

            for line in lines do
                Expect.equal line.Level LogLevel.Warning "the level"
                Expect.isMatch line.Text @"^monitor was given up, and ended after \d+\.\d s with a result$" "the line"

            for probe in [ "/health/live"; "/health/ready" ] do
                let! health = get server probe
                Expect.equal health.Status 200 probe

            let! again = server.Call("monitor", Requests.first)
            Expect.equal again.Status 200 again.Text
        })
}

let tests =
    testSequenced
    <| testList "Abandoned steps" [
        testCaseTask "as many as may: calls and probes are answered with 503 until they end"
        <| exhausts

        testCaseTask "one that fails in the end: the log has the error"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (ctx: MonitorCtx) ->
                    gate.Value.Wait()

                    if ctx.History.IsEmpty then
                        raise (TimeoutException "no metrics")

                    ok ())

            do!
                serveWith shortLimit algorithm (fun server -> task {
                    do! giveUp server
                    gate.Value.Set()
                    let! line = server.Log.Await "EndedLate"
                    Expect.stringContains line.Text "s with TimeoutException: no metrics" "what it threw"
                    Expect.isNotNull line.Error "with the stack"
                })
        }

        testCaseTask "one that ends because its token fires: there is nothing to tell"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain
                    .WithMonitor(fun (_: MonitorCtx) (token: CancellationToken) -> task {
                        do! Task.Delay(Timeout.Infinite, token)
                        return ok ()
                    })
                    .WithAnalyze(fun (_: AnalyzeContext<JsonObject, JsonObject>) ->
                        gate.Value.Wait()
                        ok ())

            do!
                serveWith shortLimit algorithm (fun server -> task {
                    do! giveUp server
                    let! _ = server.Call("analyze", Requests.first)
                    gate.Value.Set()
                    let! line = server.Log.Await "EndedLate"
                    Expect.stringStarts line.Text "analyze" "only the one that did not obey"
                })
        }

        testCaseTask "one whose caller went away: counted and told of as well"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))
            let begun = Service.Of(new SemaphoreSlim(0))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    begun.Value.Release() |> ignore
                    gate.Value.Wait()
                    ok ())

            let justOne (options: HttpBackendOptions) = options.MaxAbandonedSteps <- 1

            do!
                serveWith justOne algorithm (fun server -> task {
                    use leaving = new CancellationTokenSource()
                    let call = server.CallUntil(leaving.Token, "monitor", Requests.first)
                    do! begun.Value.WaitAsync()
                    do! leaving.CancelAsync()
                    let! _ = Task.WhenAny call
                    let! _ = server.Log.Await "Abandoned"
                    let! refused = server.Call("analyze", Requests.first)
                    Expect.equal refused.Status 503 refused.Text
                    gate.Value.Set()
                    let! line = server.Log.Await "EndedLate"
                    Expect.stringStarts line.Text "monitor was given up" "the log tells"
                    let! served = server.Call("analyze", Requests.first)
                    Expect.equal served.Status 200 served.Text
                })
        }
    ]
