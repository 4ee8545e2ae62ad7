/// A server that answers what a test tells it to, and remembers what it was asked.
module Kta.Functional.Tests.Monitoring.FakeSystem

open System
open System.Collections.Concurrent
open System.IO
open System.Net
open System.Threading.Tasks
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Hosting.Server
open Microsoft.AspNetCore.Hosting.Server.Features
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Server.Kestrel.Core
open Microsoft.AspNetCore.Server.Kestrel.Https
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

/// What a server was asked.
type Asked = {
    Method: string
    /// Path and query, decoded.
    Path: string
    /// The query as it came, with its escapes.
    Query: string
    Headers: Map<string, string>
    Body: string
}

/// What it answers.
type Answer = {
    Status: int
    Body: string
    AnswerHeaders: (string * string) list
}

let ok body = {
    Status = 200
    Body = body
    AnswerHeaders = [ "Content-Type", "application/json" ]
}

let status code body = { ok body with Status = code }

let private askedOf (request: HttpRequest) : Task<Asked> = task {
    use reader = new StreamReader(request.Body)
    let! body = reader.ReadToEndAsync()

    return {
        Method = request.Method
        Path = Uri.UnescapeDataString($"{request.Path}{request.QueryString}")
        Query =
            request.QueryString.Value
            |> Option.ofObj
            |> Option.defaultValue ""
            |> _.TrimStart('?')
        Headers = Map [ for header in request.Headers -> header.Key, header.Value.ToString() ]
        Body = body
    }
}

/// A running one.
type FakeSystem(app: WebApplication, asked: ConcurrentQueue<Asked>) =
    member _.Address =
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()
        |> nonNull
        |> _.Addresses
        |> Seq.head

    member _.Asked = List.ofSeq asked

    interface IAsyncDisposable with
        member _.DisposeAsync() = app.DisposeAsync()

let private startOn (listen: ListenOptions -> unit) (handle: HttpContext -> Asked -> Task) : Task<FakeSystem> = task {
    let builder = WebApplication.CreateSlimBuilder()
    builder.Logging.ClearProviders() |> ignore

    builder.WebHost
        .UseKestrelHttpsConfiguration()
        .ConfigureKestrel(fun options -> options.Listen(IPAddress.Loopback, 0, listen))
    |> ignore

    let app = builder.Build()
    let asked = ConcurrentQueue()

    app.Run(
        RequestDelegate(fun context -> task {
            let! one = askedOf context.Request
            asked.Enqueue one
            do! handle context one
        })
    )

    do! app.StartAsync()
    return new FakeSystem(app, asked)
}

/// Starts one on a free port; it ends when it is disposed.
let startWith (handle: HttpContext -> Asked -> Task) : Task<FakeSystem> = startOn ignore handle

let private answering (answer: Asked -> Answer) (context: HttpContext) (asked: Asked) : Task = task {
    let it = answer asked
    context.Response.StatusCode <- it.Status

    for name, value in it.AnswerHeaders do
        context.Response.Headers[name] <- value

    do! context.Response.WriteAsync it.Body
}

/// Starts one that answers what a function says.
let startAnswering (answer: Asked -> Answer) : Task<FakeSystem> = startWith (answering answer)

/// The same over TLS.
let startSecured (secure: HttpsConnectionAdapterOptions -> unit) (answer: Asked -> Answer) : Task<FakeSystem> =
    startOn (fun listen -> listen.UseHttps(secure) |> ignore) (answering answer)

/// How a call fails.
let failureOf<'error, 'answer when 'error :> exn> (call: unit -> Task<'answer>) : Task<'error> = task {
    try
        let! answer = call ()
        return Expecto.Tests.failtestf "It answered %A." answer
    with :? 'error as error ->
        return error
}
