module Kta.Functional.Tests.Http.MiddlewareTests

open System
open System.IO
open System.IO.Compression
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.Calling
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Http.Middleware
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

let private mostBytes = 100_000

let private post (server: RunningServer) = postTo server.Client

let private get (server: RunningServer) = getFrom server.Client

let private everyReply (server: RunningServer) (gate: Gate) = task {
    do! commonReplies server.Client
    do! get server "/openapi.json" |> expect 200 "operationId" "the description"
    do! get server "/nowhere" |> expect 404 "There is nothing at" "another path"

    do!
        post server monitor (String(' ', mostBytes + 1))
        |> expect 413 "larger than" "too much"

    do!
        send server.Client "POST" "/health/live" "" "{}"B
        |> expect 405 "with GET" "a probe with POST"

    do!
        send server.Client "POST" monitor "application/json" [| 0xffuy; 0x00uy |]
        |> expect 400 "not UTF-8" "bytes that are no text"

    let waiting = post server monitor (withId "wait")
    do! gate.Begun.WaitAsync()
    do! post server monitor Requests.first |> expect 429 "as many as may" "too many"
    gate.Open.SetResult()
    do! waiting |> expect 200 """{"ok":true}""" "the one that was waited for"

    use head = new HttpRequestMessage(HttpMethod.Head, Uri("/health/ready", UriKind.Relative))
    use! reply = server.Client.SendAsync head
    Expect.equal (int reply.StatusCode) 200 "a probe with HEAD"
}

let private givenUp (server: RunningServer) (gate: Gate) = task {
    do!
        post server monitor (withId "wait")
        |> expect 500 "time limit" "a step that takes too long"

    do!
        post server monitor Requests.first
        |> expect 503 "have not ended" "no further ones"

    do!
        get server "/health/live"
        |> expect 503 "have not ended" "so that the pod is restarted"

    gate.Open.SetResult()
}

let private matrix =
    testList "Every kind of reply arrives whole behind" [
        for middleware in all do
            testCaseTask middleware.Name
            <| fun () -> task {
                let gate = newGate ()

                let few (options: HttpBackendOptions) =
                    options.MaxConcurrentCalls <- 1
                    options.MaxQueuedCalls <- 0
                    options.MaxRequestBodySize <- int64 mostBytes
                    options.StepTimeLimit <- TimeSpan.FromMinutes 5.0
                    inFront middleware options

                do! serveWith few (obedient gate) (fun server -> everyReply server gate)
                let gate = newGate ()

                let impatient (options: HttpBackendOptions) =
                    options.MaxAbandonedSteps <- 1
                    options.StepTimeLimit <- TimeSpan.FromMilliseconds 100.0
                    inFront middleware options

                do! serveWith impatient (obedient gate) (fun server -> givenUp server gate)
            }
    ]

let private particular =
    testList "In particular" [
        testCaseTask "response compression compresses for those who ask, and for nobody else"
        <| fun () -> task {
            do!
                serveWith (inFront responseCompression) plain (fun server -> task {
                    use request = new HttpRequestMessage(HttpMethod.Get, Uri("/openapi.json", UriKind.Relative))
                    request.Headers.AcceptEncoding.ParseAdd "gzip"
                    use! reply = server.Client.SendAsync request
                    Expect.equal (List.ofSeq reply.Content.Headers.ContentEncoding) [ "gzip" ] "asked for"
                    use! packed = reply.Content.ReadAsStreamAsync()
                    use unpacked = new GZipStream(packed, CompressionMode.Decompress)
                    use reader = new StreamReader(unpacked)
                    let! text = reader.ReadToEndAsync()
                    Expect.stringContains text "operationId" "and whole"
                })
        }

        testCaseTask "a fallback policy turns callers away, but no probe"
        <| fun () -> task {
            do!
                serveWith (inFront authentication) plain (fun server -> task {
                    let! step = server.Call("monitor", Requests.first)
                    Expect.equal step.Status 401 "nobody we know"

                    for path in [ "/health"; "/health/live"; "/health/ready" ] do
                        let! reply = server.Send("GET", path, null, null)
                        Expect.equal (reply.Status, reply.Text) (200, """{"status":"ok"}""") path
                })
        }

        testCaseTask "a rate limit that is used up turns callers away, but no probe"
        <| fun () -> task {
            let gate = newGate ()

            do!
                serveWith (inFront (limiting 1)) (obedient gate) (fun server -> task {
                    let first = server.Call("monitor", withId "wait")
                    do! gate.Begun.WaitAsync()
                    let! second = server.Call("monitor", Requests.first)
                    Expect.equal second.Status 503 "as the rate limiter does it"
                    let! probe = server.Send("GET", "/health/live", null, null)
                    Expect.equal (probe.Status, probe.Text) (200, """{"status":"ok"}""") "alive nevertheless"
                    gate.Open.SetResult()
                    let! reply = first
                    Expect.equal reply.Status 200 reply.Text
                })
        }

        testCaseTask "below a path base everything is served as well"
        <| fun () -> task {
            do!
                serveWith (inFront pathBase) plain (fun server -> task {
                    do!
                        post server $"/scaling{monitor}" Requests.first
                        |> expect 200 """{"ok":true}""" "a step"

                    do! get server "/scaling/health/ready" |> expect 200 """{"status":"ok"}""" "a probe"
                    do! get server "/scaling/openapi.json" |> expect 200 "operationId" "the description"

                    do!
                        get server $"/scaling{monitor}"
                        |> expect 405 $"Call /scaling{monitor} with POST" "the path as the caller knows it"

                    do!
                        get server "/scaling/x"
                        |> expect 404 "There is nothing at /scaling/x." "the same"
                })
        }
    ]

let tests = testSequenced (testList "Middleware" [ matrix; particular ])
