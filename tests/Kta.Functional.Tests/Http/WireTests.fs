module Kta.Functional.Tests.Http.WireTests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests

let private serveWith change check = Server.serveWith change (DummyAutoscaler.Create()) check

let private serve check = serveWith ignore check

let private connect (server: Server.RunningServer) = task {
    let socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp, NoDelay = true)
    do! socket.ConnectAsync(IPEndPoint(IPAddress.Loopback, server.Port))
    return socket
}

let private rawRequest (headers: string) (body: string) =
    let length = Encoding.UTF8.GetByteCount body

    Encoding.UTF8.GetBytes
        $"POST /api/v1alpha1/monitor HTTP/1.1\r\nContent-Length: {length}\r\nHost: 127.0.0.1\r\nUser-Agent: Java-http-client/17.0.15\r\nContent-Type: application/json\r\n{headers}\r\n{body}"

let private receive (socket: Socket) = task {
    let buffer = Array.zeroCreate<byte> 65536
    let! count = socket.ReceiveAsync(buffer, SocketFlags.None)
    return Encoding.UTF8.GetString(buffer, 0, count)
}

let private chunked (body: string) =
    let content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes body))

    content.Headers.TryAddWithoutValidation("Content-Type", "application/json")
    |> ignore

    content

let private post (server: Server.RunningServer) (content: HttpContent) = task {
    use request =
        new HttpRequestMessage(HttpMethod.Post, Uri("/api/v1alpha1/monitor", UriKind.Relative), Content = content)

    request.Headers.TransferEncodingChunked <- true
    return! server.SendWith(request, CancellationToken.None)
}

let private operators =
    testList "A reply to the operator" [
        testCaseTask "head and body leave together, the connection stays for the next call"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    use! socket = connect server

                    for _ in 1..3 do
                        do! socket.SendAsync(rawRequest "" Requests.first) :> Task
                        let! reply = receive socket
                        Expect.stringStarts reply "HTTP/1.1 200 OK\r\n" "the head"
                        Expect.stringEnds reply "\r\n\r\n{\"numInvocations\":1}" "the body came in the same read"
                        Expect.stringContains reply "Content-Length: 20\r\n" "not in chunks"
                })
        }

        testCaseTask "an offer to upgrade to HTTP/2 is answered in HTTP/1.1"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    use! socket = connect server

                    let upgrade =
                        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n"

                    do! socket.SendAsync(rawRequest upgrade Requests.first) :> Task
                    let! reply = receive socket
                    Expect.stringStarts reply "HTTP/1.1 200 OK\r\n" reply
                })
        }

        testCaseTask "is not compressed, even if the caller would like that, and has no byte order mark"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    use! socket = connect server
                    do! socket.SendAsync(rawRequest "Accept-Encoding: gzip, br\r\n" Requests.first) :> Task
                    let! reply = receive socket
                    Expect.isFalse (reply.Contains "Content-Encoding") reply
                    Expect.stringContains reply "\r\n\r\n{" "the first byte is the brace"
                })
        }

        testCaseTask "a chunked request is read as well"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    let! reply = post server (chunked Requests.first)
                    Expect.equal reply.Text """{"numInvocations":1}""" "as any other"
                })
        }

        testCaseTask "a request larger than Kestrel's own limit of 30 MB is read"
        <| fun () -> task {
            let padding = String('x', 40_000_000)

            let body =
                Requests.first.Replace("\"monitorResult\":{}", $"\"monitorResult\":{{\"padding\":\"{padding}\"}}")

            do!
                serve (fun server -> task {
                    let! reply = server.Call("monitor", body)
                    Expect.equal reply.Status 200 reply.Text
                })
        }
    ]

let private refusals =
    let tooLarge =
        "The request body is larger than 1000 bytes. Set resultHistoryLength in the policy, or raise MaxRequestBodySize."

    let large = Requests.first + String(' ', 2000)

    let expectTooLarge (reply: Server.Reply) =
        Expect.equal reply.Status 413 reply.Text
        Expect.equal reply.Message tooLarge "says the limit and what to do"
        Expect.isTrue (reply.Headers.ConnectionClose.GetValueOrDefault()) "the close is announced"

    testList "A request that cannot be served is answered with a JSON object" [
        testCaseTask "a body that announces too much: 413"
        <| fun () -> task {
            do!
                serveWith (fun options -> options.MaxRequestBodySize <- 1000L) (fun server -> task {
                    let! reply = server.Call("monitor", large)
                    expectTooLarge reply
                    let! next = server.Call("monitor", Requests.first)
                    Expect.equal next.Status 200 "a new connection works"
                })
        }

        testCaseTask "a body that turns out to be too much: 413"
        <| fun () -> task {
            do!
                serveWith (fun options -> options.MaxRequestBodySize <- 1000L) (fun server -> task {
                    let! reply = post server (chunked large)
                    expectTooLarge reply
                })
        }

        testCaseTask "an unknown path: 404 that names the steps"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    let! reply = server.Post("/api/v1alpha1/Plan", Requests.first)
                    Expect.equal reply.Status 404 reply.Text

                    Expect.equal
                        reply.Message
                        "There is nothing at /api/v1alpha1/Plan. This process serves, with POST: /api/v1alpha1/monitor, /api/v1alpha1/analyze, /api/v1alpha1/plan, /api/v1alpha1/explain. Paths are case-sensitive."
                        "the whole message"
                })
        }

        testCaseTask "another method: 405 that says which is allowed"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    let! reply = server.Send("GET", "/api/v1alpha1/plan", null, null)
                    Expect.equal reply.Status 405 reply.Text
                    Expect.equal (List.ofSeq reply.ContentHeaders.Allow) [ "POST" ] "the header"

                    Expect.equal
                        reply.Message
                        "GET is not possible here. Call /api/v1alpha1/plan with POST."
                        "the message"
                })
        }

        testCaseTask "several problems: one 422 lists all of them, each with its place and a short excerpt"
        <| fun () -> task {
            let longText = String('a', 5000)

            let body =
                $$"""{"id":7,"udfStartTimestampMillis":1.5,"topology":[5],"resultHistory":[{"id":"{{longText}}"}]}"""

            do!
                serve (fun server -> task {
                    let! reply = server.Call("plan", body)
                    Expect.equal reply.Status 422 reply.Text

                    for place in
                        [
                            "$.id: expected text, found 7"
                            "$.udfStartTimestampMillis: expected a whole number of milliseconds within 64 bits, found 1.5"
                            "$.topology[0]: expected a topology node"
                            "$.resultHistory[0].planResult: expected an object, found nothing"
                        ] do
                        Expect.stringContains reply.Message place "a problem"

                    Expect.isLessThan reply.Text.Length 2000 "the input is not sent back"
                })
        }

        testCaseTask "a body that ends early: the connection is given up, the next call works"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    let! socket = connect server
                    let whole = rawRequest "" Requests.first
                    do! socket.SendAsync(whole.AsMemory(0, whole.Length - 10), SocketFlags.None).AsTask() :> Task
                    socket.Dispose()
                    let! next = server.Call("monitor", Requests.first)
                    Expect.equal next.Status 200 next.Text
                })
        }
    ]

let private besides =
    testList "Beside the steps" [
        testCaseTask "health answers probes"
        <| fun () -> task {
            do!
                serve (fun server -> task {
                    for path in [ "/health"; "/health/live"; "/health/ready" ] do
                        let! reply = server.Send("GET", path, null, null)
                        Expect.equal (reply.Status, reply.Text) (200, """{"status":"ok"}""") path
                })
        }

        testCaseTask "/openapi.json describes the steps that are served, where they are served"
        <| fun () -> task {
            let! server =
                Server.startWith (fun options -> options.Prefix <- "/x") (DummyAutoscaler.CreateAnalyzeAndPlan())

            use _ = server :> IAsyncDisposable
            let! reply = server.Send("GET", "/openapi.json", null, null)
            let paths = [ for path in reply.Json.GetProperty("paths").EnumerateObject() -> path.Name ]

            Expect.equal
                paths
                [ "/x/analyze"; "/x/plan"; "/x/explain"; "/health/live"; "/health/ready"; "/health" ]
                "not monitor, and below the prefix"
        }

        testCaseTask "two processes, one with monitor, one with analyze and plan, serve only their steps"
        <| fun () -> task {
            let! monitor = Server.start (DummyAutoscaler.CreateMonitor())
            use _ = monitor :> IAsyncDisposable
            let! missing = monitor.Call("plan", Requests.first)
            Expect.equal missing.Status 404 "the operator is told"
            let! present = monitor.Call("monitor", Requests.first)
            Expect.equal present.Status 200 present.Text
        }
    ]

let tests = testSequenced (testList "On the wire" [ operators; refusals; besides ])
