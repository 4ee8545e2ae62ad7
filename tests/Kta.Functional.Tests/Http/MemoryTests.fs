module Kta.Functional.Tests.Http.MemoryTests

open System
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Soak.Load
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Http.GatedStep
open Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets
open Microsoft.Extensions.DependencyInjection

/// A request of at least this many bytes about one node.
let private sized (node: string) (bytes: int) =
    let padding = String('x', bytes)
    Requests.ofNodes [ node ] $"""{{"padding":"{padding}"}}""" "{}" "[]"

/// Room for one such request, but not for two.
let private large = sized "orders" 100_000

let private roomForOne (options: HttpBackendOptions) = options.MaxRequestMemory <- 150_000L

/// A body whose length is not told.
let private chunked (body: string) =
    let request =
        new HttpRequestMessage(
            HttpMethod.Post,
            Uri("/api/v1alpha1/plan", UriKind.Relative),
            Content = new StringContent(body, Encoding.UTF8, "application/json")
        )

    request.Headers.TransferEncodingChunked <- true
    request

/// What is true while one large call has begun and takes the room.
let private whileOneTakesTheRoom
    (change: HttpBackendOptions -> unit)
    (check: Server.RunningServer -> Gate -> Task<Server.Reply> -> Task<unit>)
    =
    let gate, algorithm = gated ()

    let changeBoth (options: HttpBackendOptions) =
        roomForOne options
        change options

    serveWith changeBoth algorithm (fun server -> task {
        let first = server.Call("monitor", large)
        do! gate.Begun.WaitAsync()
        do! check server gate first
    })

let tests =
    testSequenced
    <| testList "The memory of requests" [
        testCaseTask "a large call while another one takes the room: it waits, and is served when the other one ends"
        <| fun () -> task {
            do!
                whileOneTakesTheRoom ignore (fun server gate first -> task {
                    let second = server.Call("monitor", large)
                    // A small one needs no room, and by the time it is answered the second could have begun.
                    let! small = server.Call("plan", Requests.first)
                    Expect.equal small.Status 200 small.Text
                    Expect.equal gate.Begun.CurrentCount 0 "the second has not begun"
                    gate.Open.SetResult()
                    let! both = Task.WhenAll(first, second)
                    Expect.equal [ for reply in both -> reply.Status ] [ 200; 200 ] "both are served"
                })
        }

        testCaseTask "a large call that finds no room in time: 503 as JSON, with what to do"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) ->
                    gate.Value.Wait()
                    ok ())

            let change (options: HttpBackendOptions) =
                roomForOne options
                options.StepTimeLimit <- TimeSpan.FromMilliseconds 300.0

            do!
                serveWith change algorithm (fun server -> task {
                    let! replies = Task.WhenAll [ for _ in 1..3 -> server.Call("monitor", large) ]
                    gate.Value.Set()
                    // Of the two that wait, one may get the room of the first at the last moment.
                    let late = replies |> Array.filter (fun reply -> reply.Status = 503)
                    Expect.isNonEmpty late "the last one waits too long"

                    for reply in late do
                        Expect.equal (string reply.Headers.RetryAfter) "1" "when to come back"

                        Expect.equal
                            reply.Message
                            "The call has waited 0.3 s for 0.1 MB of the 0.2 MB that requests may take together (MaxRequestMemory). Set resultHistoryLength in the policy, give the process more memory, or run more replicas."
                            "the whole message"

                    let! after = server.Call("plan", large)
                    Expect.equal after.Status 200 "no room is lost"
                })
        }

        testCaseTask "large calls that wait for room: they take no place from small ones"
        <| fun () -> task {
            do!
                whileOneTakesTheRoom (fun options -> options.MaxConcurrentCalls <- 2) (fun server gate first -> task {
                    let waiting = [ for _ in 1..3 -> server.Call("monitor", large) ]

                    for _ in 1..5 do
                        let! small = server.Call("plan", Requests.first)
                        Expect.equal small.Status 200 small.Text

                    gate.Open.SetResult()
                    let! all = Task.WhenAll(first :: waiting)
                    Expect.all all (fun reply -> reply.Status = 200) "all are served in the end"
                })
        }

        testCaseTask "more large calls than may wait for room: 429"
        <| fun () -> task {
            do!
                whileOneTakesTheRoom (fun options -> options.MaxQueuedCalls <- 1) (fun server gate first -> task {
                    let second = server.Call("monitor", large)
                    let third = server.Call("monitor", large)
                    let! early = Task.WhenAny(second, third)
                    let! refused = early
                    Expect.equal refused.Status 429 refused.Text
                    Expect.stringStarts refused.Message "1 calls are running and 1 are waiting" "how many"
                    Expect.stringContains refused.Message "Set resultHistoryLength" "memory is what lacks"
                    gate.Open.SetResult()
                    let! all = Task.WhenAll [ first; second; third ]
                    Expect.equal (all |> Array.map _.Status |> Array.sort) [| 200; 200; 429 |] "one waited"
                })
        }

        testCaseTask "a caller that leaves while it waits for room: the log tells, and no room is lost"
        <| fun () -> task {
            // The server sees that a connection has ended when it has read all that came before.
            let change (options: HttpBackendOptions) =
                let configured = options.ConfigureBuilder

                options.ConfigureBuilder <-
                    fun builder ->
                        configured |> Option.ofObj |> Option.iter _.Invoke(builder)

                        builder.Services.Configure(fun (sockets: SocketTransportOptions) ->
                            sockets.MaxReadBufferSize <- Nullable 1_000_000L)
                        |> ignore

            do!
                whileOneTakesTheRoom change (fun server gate first -> task {
                    use leaving = new CancellationTokenSource()
                    let second = server.CallUntil(leaving.Token, "monitor", large)
                    let! _ = server.Call("plan", Requests.first)
                    do! leaving.CancelAsync()
                    let! _ = Task.WhenAny second
                    let! _ = server.Log.Await "Abandoned"
                    gate.Open.SetResult()
                    let! served = first
                    Expect.equal served.Status 200 served.Text
                    let! next = server.Call("monitor", large)
                    Expect.equal next.Status 200 next.Text
                })
        }

        testCaseTask "a call that is larger than all the room: it comes alone"
        <| fun () -> task {
            do!
                serveWith roomForOne plain (fun server -> task {
                    let! replies = Task.WhenAll [ for _ in 1..4 -> server.Call("plan", sized "orders" 500_000) ]
                    Expect.all replies (fun reply -> reply.Status = 200) "all are served"
                })
        }

        testCaseTask "a body whose length is not told: it takes room as it comes, or is answered with 503"
        <| fun () -> task {
            let gate, algorithm = gated ()

            do!
                serveWith roomForOne algorithm (fun server -> task {
                    let! alone = server.SendWith(chunked large, CancellationToken.None)
                    Expect.equal alone.Status 200 alone.Text
                    let first = server.Call("monitor", large)
                    do! gate.Begun.WaitAsync()
                    let! refused = server.SendWith(chunked large, CancellationToken.None)
                    Expect.equal refused.Status 503 refused.Text

                    Expect.stringStarts
                        refused.Message
                        "There is not enough memory to serve plan. Set resultHistoryLength"
                        "why, and what to do"

                    gate.Open.SetResult()
                    let! served = first
                    Expect.equal served.Status 200 served.Text
                })
        }

        testCaseTask "calls of many sizes at once, in memory that is used again: each is answered about its own node"
        <| fun () -> task {
            do!
                serveWith (fun options -> options.MaxRequestMemory <- 2_000_000L) plain (fun server -> task {
                    let caller (number: int) = task {
                        for round in 1..20 do
                            let node = $"node-{number}-{round}"
                            let! reply = server.Call("plan", sized node (40_000 * (1 + (number * round) % 17)))
                            Expect.equal reply.Status 200 reply.Text
                            Expect.stringContains reply.Text $"name={node}" "its own node"
                    }

                    let! _ = Task.WhenAll [ for number in 1..8 -> caller number ]
                    ()
                })
        }

        testCaseTask "a burst of requests larger than the memory of a small container: every call is answered"
        <| fun () -> task {
            // What .NET leaves of a container of 170 MB.
            let limit = [ "DOTNET_GCHeapHardLimit", "0x8000000" ]

            use started =
                Processes.startWith limit [
                    Repository.path "samples/Quickstart/bin/Release/net10.0/Quickstart.dll"
                    "--host"
                    "127.0.0.1"
                    "--port"
                    "0"
                ]

            try
                let! address = Processes.addressOf started

                let target = Target(address.Port, "/api/v1alpha1/plan", OperatorBody.Plan(2, 10_000))

                let! answered = LoadDriver.CountAsync(target, 96L, 48)
                Expect.equal answered 96L "280 MB at once, twice"
            finally
                started.Kill()
        }
    ]
