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
