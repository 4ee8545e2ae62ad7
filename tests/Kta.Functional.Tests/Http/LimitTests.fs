module Kta.Functional.Tests.Http.LimitTests

open System
open System.Net.Http
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Http.GatedStep

let private retryAfter (reply: Server.Reply) = reply.Headers.RetryAfter |> Option.ofObj |> Option.map string

let private one (options: HttpBackendOptions) =
    options.MaxConcurrentCalls <- 1
    options.MaxQueuedCalls <- 1

let tests =
    testList "Limits" [
        testCaseTask
            "more calls than may run and wait: 429 as JSON, with the time to come back, and the others are served"
        <| fun () -> task {
            let gate, algorithm = gated ()

            do!
                serveWith one algorithm (fun server -> task {
                    let first = server.Call("monitor", Requests.first)
                    do! gate.Begun.WaitAsync()
                    // One of them waits, whichever it is, and the other is refused.
                    let second = server.Call("monitor", Requests.first)
                    let third = server.Call("monitor", Requests.first)
                    let! early = Task.WhenAny(second, third)
                    let! refused = early
                    Expect.equal refused.Status 429 refused.Text
                    Expect.equal refused.ContentType "application/json" "it is JSON"
                    Expect.equal (retryAfter refused) (Some "1") "when to come back"

                    Expect.equal
                        refused.Message
                        "1 calls are running and 1 are waiting, which is as many as may. Raise MaxConcurrentCalls if the process has processors and memory to spare, or run more replicas."
                        "the whole message"

                    gate.Open.SetResult()
                    let! all = Task.WhenAll [ first; second; third ]
                    let statuses = all |> Array.map _.Status |> Array.sort
                    Expect.equal statuses [| 200; 200; 429 |] "the one that waited is served"
                    let! after = server.Call("monitor", Requests.first)
                    Expect.equal after.Status 200 "no place is lost"
                    let refusals = server.Log.Lines |> List.filter (fun line -> line.Id.Name = "Refused")
                    Expect.hasLength refusals 1 "the log tells"
                })
        }

        testCaseTask "a call that waits longer than a step may take: 503"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) (_: CancellationToken) -> task {
                    gate.Value.Wait()
                    return ok ()
                })

            let change (options: HttpBackendOptions) =
                one options
                options.MaxQueuedCalls <- 2
                options.StepTimeLimit <- TimeSpan.FromMilliseconds 300.0

            do!
                serveWith change algorithm (fun server -> task {
                    let calls = [ for _ in 1..3 -> server.Call("monitor", Requests.first) ]
                    let! replies = Task.WhenAll calls
                    gate.Value.Set()
                    // Of the two that wait, one may get the place of the first at the last moment.
                    let late = replies |> Array.filter (fun reply -> reply.Status = 503)
                    Expect.isNonEmpty late "the last one waits too long"

                    for reply in late do
                        Expect.equal (retryAfter reply) (Some "1") "when to come back"
                        Expect.stringStarts reply.Message "The call has waited 0.3 s for one of the 1 that were" "why"

                    Expect.all replies (fun reply -> reply.Status = 503 || reply.Status = 500) "none was in time"
                })
        }

        testCaseTask "a caller that leaves the queue: its step is never run, and its place is free"
        <| fun () -> task {
            let gate, algorithm = gated ()

            do!
                serveWith one algorithm (fun server -> task {
                    let first = server.Call("monitor", Requests.first)
                    do! gate.Begun.WaitAsync()
                    use leaving = new CancellationTokenSource()

                    let call () = server.CallUntil(leaving.Token, "monitor", Requests.first)
                    let second, third = call (), call ()
                    let! early = Task.WhenAny(second, third)
                    let! full = early
                    Expect.equal full.Status 429 "the other one waits"
                    do! leaving.CancelAsync()
                    let! _ = server.Log.Await "Abandoned"
                    gate.Open.SetResult()
                    let! served = first
                    Expect.equal served.Status 200 served.Text
                    let! next = server.Call("monitor", Requests.first)
                    Expect.equal next.Status 200 next.Text
                    Expect.equal gate.Begun.CurrentCount 1 "two steps have run: the first and the last"
                })
        }

        testCaseTask "a topology of more nodes than may be: 422 with the limit and what to change"
        <| fun () -> task {
            do!
                serveWith (fun options -> options.MaxTopologyNodes <- 2) plain (fun server -> task {
                    let call names = server.Call("monitor", Requests.ofNodes names "{}" "{}" "[]")
                    let! fits = call [ "a"; "b" ]
                    Expect.equal fits.Status 200 fits.Text
                    let! refused = call [ "a"; "b"; "c" ]
                    Expect.equal refused.Status 422 refused.Text

                    Expect.stringContains
                        refused.Message
                        "$.topology: expected at most 2 nodes (MaxTopologyNodes), found 3"
                        "path, limit, and its name"
                })
        }

        testCase "limits that cannot be: all are named at once"
        <| fun () ->
            let options =
                HttpBackendOptions(
                    MaxTopologyNodes = 0,
                    MaxConcurrentCalls = 0,
                    MaxQueuedCalls = -1,
                    MaxRequestMemory = 0L,
                    MaxAbandonedSteps = 0,
                    ShutdownDelay = TimeSpan.FromSeconds -1.0
                )

            let error = Expect.throwsC (fun () -> HttpBackend options |> ignore) (fun error -> error.Message)

            for name in
                [
                    "MaxTopologyNodes"
                    "MaxConcurrentCalls"
                    "MaxQueuedCalls"
                    "MaxRequestMemory"
                    "MaxAbandonedSteps"
                    "ShutdownDelay"
                ] do
                Expect.stringContains error name "the message names it"
    ]
