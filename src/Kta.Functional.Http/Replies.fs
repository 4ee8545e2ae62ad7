/// Replies: always one JSON object, always with a length, never in parts.
module internal Kta.Functional.Http.Replies

open System
open System.Buffers
open Kta.Functional.Hosting
open Microsoft.AspNetCore.Http

[<Literal>]
let private Json = "application/json"

let private start (ctx: HttpContext) (status: int) (body: ReadOnlyMemory<byte>) =
    let response = ctx.Response
    response.StatusCode <- status
    response.ContentType <- Json
    response.ContentLength <- Nullable(int64 body.Length)
    response

let sendBytes (ctx: HttpContext) (status: int) (body: ReadOnlyMemory<byte>) =
    let response = start ctx status body

    // Not flushed: the server sends head and body together when the handler returns.
    if not (HttpMethods.IsHead ctx.Request.Method) then
        response.BodyWriter.Write body.Span

/// Sends head and body together, now.
let send (ctx: HttpContext) (reply: StepReply) =
    (start ctx reply.StatusCode reply.Body).BodyWriter.WriteAsync(reply.Body)

let refuse (ctx: HttpContext) (status: int) (message: string) =
    let refusal = StepReply.Refusal(status, message)
    sendBytes ctx refusal.StatusCode refusal.Body
