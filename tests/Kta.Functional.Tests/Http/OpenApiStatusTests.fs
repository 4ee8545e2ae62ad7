/// The statuses and paths that /openapi.json names are those of the server.
module Kta.Functional.Tests.Http.OpenApiStatusTests

open System
open System.Net
open System.Net.Sockets
open System.Text
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Http.OpenApiDocuments
open Kta.Functional.Tests.Http.OpenApiTests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Server.Kestrel.Core

let private documented (document: JsonNode) (path: string) =
    let _, _, operation = operations document |> List.find (fun (known, _, _) -> known = path)

    set [ for response in (at operation "responses").AsObject() -> int response.Key ]

let private stepPath = "/api/v1alpha1/monitor"

/// A request of which the body stays away.
let private stalled (server: RunningServer) : Task<int> = task {
    use socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)

    do! socket.ConnectAsync(IPEndPoint(IPAddress.Loopback, server.Port))

    let! _ =
        socket.SendAsync(
            Encoding.ASCII.GetBytes
                $"POST {stepPath} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{{"
        )

    let buffer = Array.zeroCreate<byte> 4096
    let! count = socket.ReceiveAsync(buffer, SocketFlags.None)
    return int (Encoding.ASCII.GetString(buffer, 0, count).Split(' ')[1])
}

let private hasRetryAfter (reply: Reply) = Expect.equal (string reply.Headers.RetryAfter) "1" reply.Text

let private statuses =
    testList "of the statuses" [
        testCaseTask "has all that a step answers with, and no other"
        <| fun () -> task {
            let gate = newGate ()
            let mutable seen = Set.empty

            let refusing (options: HttpBackendOptions) =
                options.MaxConcurrentCalls <- 1
                options.MaxQueuedCalls <- 0
                options.MaxRequestBodySize <- 5000L

                options.ConfigureKestrel <-
                    Action<KestrelServerOptions>(fun kestrel ->
                        kestrel.Limits.MinRequestBodyDataRate <- MinDataRate(1e6, TimeSpan.FromSeconds 1.001))

            do!
                serveWith refusing (obedient gate) (fun server -> task {
                    let send (body: byte array) kind = server.Send("POST", stepPath, body, kind)
                    let json = "application/json"

                    for body, kind, expected in
                        [
                            Encoding.UTF8.GetBytes Requests.first, json, 200
                            [| 0xFFuy; 0x7Buy |], json, 400
                            Array.create 6000 32uy, json, 413
                            "{}"B, "text/plain", 415
                            "{}"B, json, 422
                        ] do
                        let! reply = send body kind
                        Expect.equal reply.Status expected reply.Text
                        seen <- seen.Add reply.Status

                    let! slow = stalled server
                    seen <- seen.Add slow
                    let waiting = server.Call("monitor", withId "wait")
                    do! gate.Begun.WaitAsync()
                    let! full = server.Call("monitor", Requests.first)
                    hasRetryAfter full
                    seen <- seen.Add full.Status
                    gate.Open.SetResult()
                    let! _ = waiting
                    ()
                })

            let blocked = newGate ()

            let impatient (options: HttpBackendOptions) =
                options.StepTimeLimit <- TimeSpan.FromMilliseconds 20.0
                options.MaxAbandonedSteps <- 1

            do!
                serveWith impatient (obedient blocked) (fun server -> task {
                    let! failed = server.Call("monitor", withId "wait")
                    let! busy = server.Call("monitor", Requests.first)
                    hasRetryAfter busy
                    let! probe = server.Send("GET", "/health/live", null, null)
                    blocked.Open.SetResult()
                    seen <- seen.Add(failed.Status).Add busy.Status
                    let! document = get server
                    Expect.equal (documented document stepPath) seen "each of them, and no other"
                    Expect.equal (set [ 200; probe.Status ]) (documented document "/health/live") "of a probe"

                    let steps = [
                        for path, method, _ in operations document do
                            if method = "post" then
                                path
                    ]

                    for path in steps do
                        Expect.equal (documented document path) seen path
                })
        }
    ]

let private places =
    testList "of the paths" [
        for health, expected in
            [
                "/health", [ "/health/live"; "/health/ready"; "/health" ]
                "/up", [ "/up/live"; "/up/ready"; "/up" ]
                "", []
            ] do
            testCaseTask $"has the probes at '%s{health}'"
            <| fun () ->
                serveWith (fun options -> options.HealthPath <- health) plain (fun server -> task {
                    let! document = get server

                    let probes = [
                        for path, method, _ in operations document do
                            if method = "get" then
                                path
                    ]

                    Expect.equal probes expected "the paths"

                    for path in probes do
                        let! reply = server.Send("GET", path, null, null)
                        Expect.equal (reply.Status, reply.Text) (200, """{"status":"ok"}""") path
                })

        testCaseTask "names the path the application is below, and the server takes calls there"
        <| fun () ->
            serveWith
                (fun options ->
                    options.ConfigureApp <- Action<WebApplication>(fun app -> app.UsePathBase "/base" |> ignore))
                typed
                (fun server -> task {
                    let! reply = server.Send("GET", "/base/openapi.json", null, null)
                    let document = nonNull (JsonNode.Parse reply.Text)
                    Expect.equal ((at document "servers").ToJsonString()) """[{"url":"/base"}]""" "the base"
                    readByLibrary document
                    let! elsewhere = get server
                    Expect.isNull elsewhere["servers"] "without it there is nothing to say"
                })
    ]

let tests = testSequenced (testList "The paths of the OpenAPI document" [ statuses; places ])
