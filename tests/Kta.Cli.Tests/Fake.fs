/// Servers of a test on real Kestrel, which answer as the test wants.
module Kta.Cli.Tests.Fake

open System
open System.Text.Json
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.Logging

/// JSON with a status.
let json (context: HttpContext) (status: int) (body: string) : Task =
    context.Response.StatusCode <- status
    context.Response.ContentType <- "application/json"
    let bytes = Text.Encoding.UTF8.GetBytes body
    context.Response.ContentLength <- bytes.Length
    context.Response.Body.WriteAsync(bytes, 0, bytes.Length)

/// Runs while the work does, at an address without a slash at its end.
let serving (answer: HttpContext -> Task) (work: string -> Task<unit>) : Task<unit> = task {
    let builder = WebApplication.CreateSlimBuilder()
    builder.Logging.ClearProviders() |> ignore
    builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
    use app = builder.Build()

    app.Run(
        RequestDelegate(fun context -> task {
            try
                do! answer context
            with error when not context.Response.HasStarted ->
                do! json context 500 (JsonSerializer.Serialize {| message = string error |})
        })
    )

    do! app.StartAsync()
    do! work (Seq.head app.Urls)
    do! app.StopAsync()
}
