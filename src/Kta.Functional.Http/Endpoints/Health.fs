/// Is the process there, and will it answer? For the probes of a pod.
module internal Kta.Functional.Http.Health

open System
open System.Text
open Kta.Functional.Calls
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting

let private ok = ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes """{"status":"ok"}""")

let private isStopping (ctx: HttpContext) =
    match ctx.RequestServices.GetService<IHostApplicationLifetime>() with
    | null -> false
    | lifetime -> lifetime.ApplicationStopping.IsCancellationRequested

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

/// Why no more steps are begun, or null.
let private refusal (served: Served seq) : string | null =
    served
    |> Seq.map _.Abandonment.Refusal
    |> Seq.tryFind (isNull >> not)
    |> Option.toObj

/// Where the health of these is told, and how. Without a path of its own it is told nowhere.
let endpoints (served: Served seq) : (string * HttpHandler) list =
    match (Seq.head served).Options.HealthRoot with
    | "" -> []
    | root ->
        let live = answerIf (fun _ -> refusal served)

        let ready =
            answerIf (fun ctx ->
                if isStopping ctx then
                    "The process is stopping. Calls under way are still answered; send new ones elsewhere."
                else
                    refusal served)

        [ root + "/live", live; root + "/ready", ready; root, ready ]

let handler (served: Served seq) : HttpHandler =
    HttpHandler.choose [ for path, answer in endpoints served -> HttpHandler.path path >=> answer ]
