/// What was found by attacking a running server.
module Kta.Functional.Tests.Http.AttackTests

open System
open System.Net
open System.Net.Sockets
open System.Text
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

let private shortLimit (options: HttpBackendOptions) = options.StepTimeLimit <- TimeSpan.FromMilliseconds 150.0

let private connect (server: RunningServer) = task {
    let socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp, NoDelay = true)
    do! socket.ConnectAsync(IPEndPoint(IPAddress.Loopback, server.Port))
    return socket
}

let private send (socket: Socket) (text: string) =
    socket.SendAsync(Encoding.UTF8.GetBytes text, SocketFlags.None) :> Task

let private steps =
    testList "A step" [
        testCaseTask "that is asynchronous but blocks does not hold up others"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))
            let blocked = Service.Of(new CountdownEvent 16)

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) (_: CancellationToken) ->
                    blocked.Value.Signal() |> ignore
                    gate.Value.Wait()
                    Task.FromResult(ok ()))

            do!
                serve algorithm (fun server -> task {
                    let waiting = [ for _ in 1..16 -> server.Call("monitor", Requests.first) ]
                    blocked.Value.Wait()
                    let! health = server.Send("GET", "/health/live", null, null)
                    Expect.equal health.Status 200 "the server answers"
                    gate.Value.Set()
                    let! replies = Task.WhenAll waiting
                    Expect.all replies (fun reply -> reply.Status = 200) "and so do the steps, in the end"
                })
        }

        testCaseTask "whose token callback blocks is answered for all the same"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) (token: CancellationToken) -> task {
                    token.Register(fun () -> gate.Value.Wait()) |> ignore
                    do! Task.Delay Timeout.Infinite
                    return ok ()
                })

            do!
                serveWith shortLimit algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.first)
                    Expect.stringStarts reply.Message "monitor took longer than its time limit" reply.Text
                    gate.Value.Set()
                })
        }

        testCaseTask "whose token callback throws has taken too long, and is no defect of the SDK"
        <| fun () -> task {
            let algorithm =
                plain.WithMonitor(fun (_: MonitorCtx) (token: CancellationToken) -> task {
                    token.Register(fun () -> failwith "callback") |> ignore
                    do! Task.Delay Timeout.Infinite
                    return ok ()
                })

            do!
                serveWith shortLimit algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.first)
                    Expect.stringStarts reply.Message "monitor took longer than its time limit" reply.Text
                })
        }

        testCaseTask "that throws a novel gets a reply of bounded length"
        <| fun () -> task {
            let algorithm = plain.WithMonitor(fun (_: MonitorCtx) -> failwith (String('x', 1_000_000)))

            do!
                serve algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.first)
                    Expect.isLessThan reply.Text.Length 5000 "cut"
                    Expect.stringContains reply.Message "(1000025 characters)" "and says so"
                })
        }
    ]

let private connections =
    testList "A connection" [
        testCaseTask "that is reset while it sends is no defect of the SDK"
        <| fun () -> task {
            let! server = Server.start (DummyAutoscaler.Create())
            let! socket = connect server
            do! send socket "POST /api/v1alpha1/monitor HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{\"id\":"
            // The server has to be reading by then: it has answered a request that came later.
            let! later = server.Call("monitor", Requests.first)
            Expect.equal later.Status 200 later.Text
            socket.LingerState <- LingerOption(true, 0)
            socket.Dispose()
            do! (server :> IAsyncDisposable).DisposeAsync()
            let errors = server.Log.Lines |> List.filter (fun line -> line.Level >= LogLevel.Error)
            Expect.equal errors [] "nothing is our fault"
        }

        testCaseTask "that promises a gigabyte gets no gigabyte before it comes"
        <| fun () -> task {
            do!
                serve (DummyAutoscaler.Create()) (fun server -> task {
                    let before = GC.GetTotalAllocatedBytes()
                    use! socket = connect server

                    do!
                        send
                            socket
                            "POST /api/v1alpha1/monitor HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n{"

                    let! later = server.Call("monitor", Requests.first)
                    Expect.equal later.Status 200 later.Text
                    Expect.isLessThan (GC.GetTotalAllocatedBytes() - before) 500_000_000L "allocated bytes"
                })
        }
    ]

let private requests =
    testList "A request" [
        testCaseTask "with an odd charset is JSON all the same"
        <| fun () -> task {
            do!
                serve (DummyAutoscaler.Create()) (fun server -> task {
                    for kind in [ "application/json;charset="; "application/json; charset=\"utf-8" ] do
                        let! reply =
                            server.Send("POST", "/api/v1alpha1/monitor", Encoding.UTF8.GetBytes Requests.first, kind)

                        Expect.equal reply.Status 200 kind
                })
        }
    ]

let private options =
    let messageOf (change: HttpBackendOptions -> unit) =
        let options = HttpBackendOptions()
        change options

        try
            HttpBackend options |> ignore
            "nothing was thrown"
        with :? ArgumentException as error ->
            error.Message

    testList "An option" [
        test "Host with a typo is refused, and not served to the whole world" {
            Expect.equal
                (messageOf (fun options -> options.Host <- "127.0.0.l"))
                "The HTTP options do not work: Host has to be an IP address, localhost, or * for all; it is '127.0.0.l'."
                "the whole message"
        }

        test "StepTimeLimit beyond a day is refused" {
            Expect.stringContains
                (messageOf (fun options -> options.StepTimeLimit <- TimeSpan.MaxValue))
                "StepTimeLimit has to be positive and at most a day"
                "at once, not with the first call"
        }

        test "Prefix that is an address is refused" {
            Expect.stringContains
                (messageOf (fun options -> options.Prefix <- "http://x/"))
                "Prefix has to be a path such as /api/v1alpha1; it is 'http://x/'"
                "at once"
        }

        testCaseTask "Host of another machine: the error says what to do"
        <| fun () -> task {
            let backend = HttpBackend("192.0.2.1", 0)
            backend.Setup(DummyAutoscaler.Create())

            try
                let! _ = backend.StartAsync CancellationToken.None
                failtest "nothing was thrown"
            with :? IO.IOException as error ->
                Expect.stringContains
                    error.Message
                    "Choose another address with HttpBackendOptions.Host and Port"
                    error.Message
        }
    ]

let tests = testSequenced (testList "Attacked," [ steps; connections; requests; options ])
