/// The answer to a request for something that does not exist: what does.
module internal Kta.Functional.Http.NotFound

open System
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

let handler (steps: string list) (documents: string list) : HttpHandler =
    let steps, documents = String.Join(", ", steps), String.Join(", ", documents)

    fun next ctx -> task {
        let isCall = HttpMethods.IsPost ctx.Request.Method

        let message =
            $"There is nothing at {Replies.pathOf ctx}. This process serves, with POST: {steps}. Paths are case-sensitive."
            + if isCall then "" else $" With GET there are: {documents}."

        let logger = ctx.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger Log.Category
        // The operator calls with POST; a probe or a browser that asks for something else is no reason to worry.
        (if isCall then Log.notServed else Log.notThere).Invoke(logger, 404, message, null)
        do! Replies.refuse ctx 404 message
        return! next ctx
    }
