/// Replies: one JSON object or a page, always with a length, never in parts.
module internal Kta.Functional.Http.Replies

open System
open System.IO.Pipelines
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Calls
open Microsoft.AspNetCore.Http

/// The path as the caller knows it, for a message.
let pathOf (ctx: HttpContext) = SafeExcerpt.OfLine((ctx.Request.PathBase + ctx.Request.Path).ToString())

/// The one way a reply leaves: head and body together, and on their way when the handler returns. Left to the server, a body
/// that middleware has put another stream under would never get there.
let private sendAs
    (kind: string)
    (ctx: HttpContext)
    (status: int)
    (body: ReadOnlyMemory<byte>)
    : ValueTask<FlushResult> =
    let response = ctx.Response
    response.StatusCode <- status
    response.ContentType <- kind
    response.ContentLength <- Nullable(int64 body.Length)

    if HttpMethods.IsHead ctx.Request.Method then
        ValueTask<FlushResult>(FlushResult())
    else
        response.BodyWriter.WriteAsync body

let send ctx status body = sendAs "application/json" ctx status body

/// As a rule a reply is with the server when it is sent, and then there is nothing to wait for.
let asTask (sent: ValueTask<FlushResult>) : Task =
    if sent.IsCompletedSuccessfully then
        sent.Result |> ignore
        Task.CompletedTask
    else
        sent.AsTask()

let refuse (ctx: HttpContext) (status: int) (message: string) : Task =
    let refusal = StepReply.Refusal(status, message)
    send ctx refusal.StatusCode refusal.Body |> asTask

/// For a method that is not the right one here.
let wrongMethod (ctx: HttpContext) (right: string) =
    $"{ctx.Request.Method} is not possible here. Call {pathOf ctx} with {right}."

let private sendToReader (kind: string) (ctx: HttpContext) (status: int) (body: ReadOnlyMemory<byte>) : Task =
    if HttpMethods.IsGet ctx.Request.Method || HttpMethods.IsHead ctx.Request.Method then
        sendAs kind ctx status body |> asTask
    else
        ctx.Response.Headers.Allow <- "GET, HEAD"
        refuse ctx 405 (wrongMethod ctx HttpMethods.Get)

/// Answers with a document, or refuses a method that cannot read one.
let sendDocument ctx status body = sendToReader "application/json" ctx status body

/// The same for a page.
let sendPage ctx body = sendToReader "text/html; charset=utf-8" ctx 200 body
