/// Calls as somebody makes them whom middleware lets through, and what comes back.
module Kta.Functional.Tests.Http.Calling

open System
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Tests
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.Extensions.Logging

let send (client: HttpClient) (method: string) (path: string) (contentType: string) (body: byte array | null) = task {
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

    return! replyTo client request CancellationToken.None
}

let postTo client path (body: string) = send client "POST" path "application/json" (Encoding.UTF8.GetBytes body)

let getFrom client path = send client "GET" path "" null

let monitor = "/api/v1alpha1/monitor"

let expect status (text: string) (what: string) (call: Task<Reply>) : Task = task {
    let! reply = call
    Expect.equal reply.Status status $"{what}: {reply.Text}"
    Expect.equal reply.ContentType "application/json" what
    Expect.isEmpty reply.ContentHeaders.ContentEncoding $"{what}: compressed by nobody who was not asked to"
    Expect.stringContains reply.Text text what
    Expect.equal (string (reply.Json.ValueKind)) "Object" $"{what}: all of it"
    Expect.equal reply.ContentHeaders.ContentLength (Nullable(int64 reply.Text.Length)) $"{what}: its length"
}

/// What is answered in the same way wherever an algorithm is served.
let commonReplies (client: HttpClient) : Task = task {
    for path in [ "/health/live"; "/health/ready"; "/health" ] do
        do! getFrom client path |> expect 200 """{"status":"ok"}""" path

    do! postTo client monitor Requests.first |> expect 200 """{"ok":true}""" "a step"

    do!
        postTo client monitor (GatedStep.withId "throw")
        |> expect 500 "as asked" "a step that throws"

    do!
        postTo client monitor "{}"
        |> expect 422 "$.id: expected" "a request that is not valid"

    do! getFrom client monitor |> expect 405 "with POST" "another method"

    do!
        send client "POST" monitor "text/plain" "{}"B
        |> expect 415 "text/plain" "another type"
}

/// An application with a builder and endpoints of its own, as long as somebody calls it.
let inside (build: WebApplicationBuilder -> unit) (configure: WebApplication -> unit) check = task {
    let builder = WebApplication.CreateBuilder()
    builder.Logging.ClearProviders() |> ignore
    builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
    build builder
    let app = builder.Build()
    configure app
    do! app.StartAsync()
    use handler = new SocketsHttpHandler(UseProxy = false)
    use client = new HttpClient(handler, BaseAddress = Uri(Seq.head app.Urls))
    do! check client
    do! app.StopAsync()
    do! app.DisposeAsync()
}
