/// Is the process there, and will it answer? For the probes of a pod.
module internal Kta.Functional.Http.Health

open System
open System.Text
open System.Threading.Tasks
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting

let private ok = ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes """{"status":"ok"}""")

let private answer (respond: HttpContext -> unit) : HttpHandler =
    fun next ctx ->
        if HttpMethods.IsGet ctx.Request.Method || HttpMethods.IsHead ctx.Request.Method then
            respond ctx
        else
            ctx.Response.Headers.Allow <- "GET, HEAD"

            Replies.refuse ctx 405 $"{ctx.Request.Method} is not possible here. Call {ctx.Request.Path} with GET."

        next ctx

let private isStopping (ctx: HttpContext) =
    ctx.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested

let private answerIf (trouble: HttpContext -> string | null) =
    answer (fun ctx ->
        match trouble ctx with
        | null -> Replies.sendBytes ctx 200 ok
        | reason -> Replies.refuse ctx 503 reason)

let handler (givenUp: GivenUpSteps) : HttpHandler =
    let live = answerIf (fun _ -> givenUp.Refusal)

    let ready =
        answerIf (fun ctx ->
            if isStopping ctx then
                "The process is stopping. Calls under way are still answered; send new ones elsewhere."
            else
                givenUp.Refusal)

    HttpHandler.choose [
        HttpHandler.path "/health/live" >=> live
        HttpHandler.path "/health/ready" >=> ready
        HttpHandler.path "/health" >=> ready
    ]
