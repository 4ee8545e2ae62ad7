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
open Kta.Functional.Tests.Http.Middleware
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

let private mostBytes = 100_000

let private withId id = Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", id)

/// A monitor step that does what the id of the iteration says: throws, waits to be let go, or answers.
let private obedient (gate: GatedStep.Gate) =
    let gate = Service.Of gate

    plain.WithMonitor(fun (ctx: MonitorCtx) (_: CancellationToken) -> task {
        match ctx.Id with
        | "throw" -> invalidOp "as asked"
        | "wait" ->
            gate.Value.Begun.Release() |> ignore
            do! gate.Value.Open.Task
        | _ -> ()

        return ok ()
    })

let private newGate () : GatedStep.Gate = {
    Begun = new SemaphoreSlim(0)
    Open = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
}

let private send
    (server: RunningServer)
    (method: string)
    (path: string)
    (contentType: string)
    (body: byte array | null)
    = task {
    use request = new HttpRequestMessage(HttpMethod method, Uri(path, UriKind.Relative))
    request.Headers.Add("x-key", "1")
    request.Headers.Add("Origin", "http://elsewhere")
    request.Headers.Add("X-Forwarded-For", "203.0.113.7")

    match body with
    | null -> ()
    | body ->
        let content = new ByteArrayContent(body)
        content.Headers.TryAddWithoutValidation("Content-Type", contentType) |> ignore
        request.Content <- content

    return! server.SendWith(request, CancellationToken.None)
}

let private post server path (body: string) = send server "POST" path "application/json" (Encoding.UTF8.GetBytes body)

let private get server path = send server "GET" path "" null

let private monitor = "/api/v1alpha1/monitor"

let private expect status (text: string) (what: string) (call: Task<Reply>) : Task = task {
    let! reply = call
    Expect.equal reply.Status status $"{what}: {reply.Text}"
    Expect.equal reply.ContentType "application/json" what
    Expect.isEmpty reply.ContentHeaders.ContentEncoding $"{what}: compressed by nobody who was not asked to"
    Expect.stringContains reply.Text text what
    Expect.equal (string (reply.Json.ValueKind)) "Object" $"{what}: all of it"
    Expect.equal reply.ContentHeaders.ContentLength (Nullable(int64 reply.Text.Length)) $"{what}: its length"
}

let private everyReply (server: RunningServer) (gate: GatedStep.Gate) = task {
    for path in [ "/health/live"; "/health/ready"; "/health" ] do
        do! get server path |> expect 200 """{"status":"ok"}""" path

    do! get server "/openapi.json" |> expect 200 "operationId" "the description"
    do! get server "/nowhere" |> expect 404 "There is nothing at" "another path"
    do! post server monitor Requests.first |> expect 200 """{"ok":true}""" "a step"

    do!
        post server monitor (withId "throw")
        |> expect 500 "as asked" "a step that throws"

    do!
        post server monitor "{}"
        |> expect 422 "$.id: expected" "a request that is not valid"

    do!
        post server monitor (String(' ', mostBytes + 1))
        |> expect 413 "larger than" "too much"

    do! get server monitor |> expect 405 "with POST" "another method"

    do!
        send server "POST" "/health/live" "" "{}"B
        |> expect 405 "with GET" "a probe with POST"

    do!
        send server "POST" monitor "text/plain" "{}"B
        |> expect 415 "text/plain" "another type"

    do!
        send server "POST" monitor "application/json" [| 0xffuy; 0x00uy |]
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

let private givenUp (server: RunningServer) (gate: GatedStep.Gate) = task {
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
                    options.MaxGivenUpSteps <- 1
                    options.StepTimeLimit <- TimeSpan.FromMilliseconds 100.0
                    inFront middleware options

                do! serveWith impatient (obedient gate) (fun server -> givenUp server gate)
            }
    ]

let private packed (encoding: string) (body: string) =
    use into = new MemoryStream()

    do
        use packing: Stream =
            match encoding with
            | "gzip" -> new GZipStream(into, CompressionMode.Compress, true)
            | "br" -> new BrotliStream(into, CompressionMode.Compress, true)
            | _ -> new ZLibStream(into, CompressionMode.Compress, true)

        packing.Write(ReadOnlySpan(Encoding.UTF8.GetBytes body))

    into.ToArray()

let private sendPacked (server: RunningServer) (encoding: string) (body: byte array) = task {
    let content = new ByteArrayContent(body)

    content.Headers.TryAddWithoutValidation("Content-Type", "application/json")
    |> ignore

    content.Headers.ContentEncoding.Add encoding

    use request = new HttpRequestMessage(HttpMethod.Post, Uri(monitor, UriKind.Relative), Content = content)

    return! server.SendWith(request, CancellationToken.None)
}

let private padded (length: int) =
    // Does not pack well, so that also the packed length is large.
    let random = Random 7
    let padding = String(Array.init length (fun _ -> char (random.Next(97, 123))))
    Requests.first.Replace("\"monitorResult\":{}", $"\"monitorResult\":{{\"padding\":\"{padding}\"}}")

let private unpacking =
    testList "Behind request decompression" [
        for encoding in [ "gzip"; "br"; "deflate" ] do
            testCaseTask $"{encoding}: bodies of any size, over and over, are read whole"
            <| fun () -> task {
                do!
                    serveWith (inFront requestDecompression) plain (fun server -> task {
                        for length in [ 10; 60_000; 110_000; 100_000; 3_000_000; 400_000; 2_000_000; 150_000 ] do
                            let! reply = sendPacked server encoding (packed encoding (padded length))
                            Expect.equal (reply.Status, reply.Text) (200, """{"ok":true}""") $"{length} characters"
                    })
            }

            testCaseTask $"{encoding}: what turns out to be no such thing is the request's fault"
            <| fun () -> task {
                do!
                    serveWith (inFront requestDecompression) plain (fun server -> task {
                        let! reply = sendPacked server encoding (Encoding.UTF8.GetBytes Requests.first)
                        Expect.equal reply.Status 400 reply.Text
                        Expect.stringStarts reply.Message "The body cannot be read: " "not ours"
                    })
            }

        testCaseTask "MaxRequestBodySize is about what is unpacked"
        <| fun () -> task {
            let small (options: HttpBackendOptions) =
                options.MaxRequestBodySize <- int64 mostBytes
                inFront requestDecompression options

            do!
                serveWith small plain (fun server -> task {
                    let body = packed "gzip" (Requests.first + String(' ', 10 * mostBytes))
                    Expect.isLessThan body.Length mostBytes "it comes small"
                    let! reply = sendPacked server "gzip" body
                    Expect.equal reply.Status 413 reply.Text
                    Expect.stringContains reply.Message $"larger than {mostBytes} bytes" "and is not"
                })
        }

        testCaseTask "memory is asked for as it is unpacked: what finds none left is refused, and nothing stays taken"
        <| fun () -> task {
            let tight (options: HttpBackendOptions) =
                options.MaxRequestMemory <- 4_000_000L
                inFront requestDecompression options

            let gate = newGate ()

            let holding =
                (obedient gate)
                    .WithPlan(fun (ctx: PlanContext<_, _>) (_: CancellationToken) ->
                        Task.FromResult(Plan.ForEach(ctx.Topology, (fun _ -> 1))))

            do!
                serveWith tight holding (fun server -> task {
                    let held =
                        server.Call(
                            "monitor",
                            (padded 3_000_000).Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", "wait")
                        )

                    do! gate.Begun.WaitAsync()
                    let zeros = Requests.first + String(' ', 2_000_000)
                    let! refused = sendPacked server "gzip" (packed "gzip" zeros)
                    Expect.equal refused.Status 503 refused.Text
                    gate.Open.SetResult()
                    let! first = held
                    Expect.equal first.Status 200 first.Text

                    for _ in 1..3 do
                        let! next = sendPacked server "gzip" (packed "gzip" zeros)
                        Expect.equal next.Status 200 next.Text
                })
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

let tests = testSequenced (testList "Middleware" [ matrix; unpacking; particular ])
