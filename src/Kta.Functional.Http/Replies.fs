/// Replies: always one JSON object, always with a length, never in parts.
module internal Kta.Functional.Http.Replies

open System
open System.Buffers
open Kta.Functional.Hosting
open Microsoft.AspNetCore.Http

[<Literal>]
let private Json = "application/json"

let sendBytes (ctx: HttpContext) (status: int) (body: ReadOnlyMemory<byte>) =
    let response = ctx.Response
    response.StatusCode <- status
    response.ContentType <- Json
    response.ContentLength <- Nullable(int64 body.Length)

    // Not flushed: the server sends head and body together when the handler returns.
    if not (HttpMethods.IsHead ctx.Request.Method) then
        response.BodyWriter.Write body.Span

let send (ctx: HttpContext) (reply: StepReply) = sendBytes ctx reply.StatusCode reply.Body

let refuse (ctx: HttpContext) (status: int) (message: string) = send ctx (StepReply.Refusal(status, message))
