/// Is the process there, and will it answer? For the probes of a pod.
module internal Kta.Functional.Http.Health

open System
open System.Text
open Kta.Functional.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting

let private ok = ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes """{"status":"ok"}""")

let private isStopping (ctx: HttpContext) =
    ctx.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested

let private answerIf (trouble: HttpContext -> string | null) : HttpHandler =
    fun next ctx -> task {
        let status, body =
            match trouble ctx with
            | null -> 200, ok
            | reason -> 503, StepReply.Refusal(503, reason).Body

        if isStopping ctx then
            ctx.Response.Headers.Connection <- "close"

        do! Replies.sendDocument ctx status body
        return! next ctx
    }

let paths = [ "/health/live"; "/health/ready"; "/health" ]

let handler (givenUp: GivenUpSteps) : HttpHandler =
    let live = answerIf (fun _ -> givenUp.Refusal)

    let ready =
        answerIf (fun ctx ->
            if isStopping ctx then
                "The process is stopping. Calls under way are still answered; send new ones elsewhere."
            else
                givenUp.Refusal)

    HttpHandler.choose [
        for path in paths do
            HttpHandler.path path >=> (if path = "/health/live" then live else ready)
    ]
