/// Servers that answer what a test wants, and what the loop says of it.
module Kta.Functional.Tests.Simulation.Answers

open System
open System.IO
open System.Net
open System.Net.Sockets
open System.Text
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.AspNetCore.Http
open Microsoft.AspNetCore.Server.Kestrel.Core
open Microsoft.Extensions.Logging

let one = Topology.Of(TopologyNode.Deployment "orders")

let options () =
    LocalOperatorOptions(
        Clock = VirtualClock(),
        NewId = IterationIds.Numbered(),
        StepTimeout = TimeSpan.FromSeconds 30.0
    )

/// Serves the same answer everywhere.
let served (listen: ListenOptions -> unit) (answer: HttpContext -> Task) (work: string -> Task<'a>) = task {
    let builder = WebApplication.CreateSlimBuilder()
    builder.Logging.ClearProviders() |> ignore

    builder.WebHost.ConfigureKestrel(fun kestrel -> kestrel.Listen(IPAddress.Loopback, 0, listen))
    |> ignore

    let app = builder.Build()
    use _ = app :> IAsyncDisposable
    app.Run(RequestDelegate answer)
    do! app.StartAsync()
    return! work (Seq.head app.Urls)
}

/// Answers one connection with these bytes, and ends it.
let listening (bytes: byte array) (work: string -> Task<'a>) = task {
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()

    let serving: Task = task {
        use! client = listener.AcceptTcpClientAsync()
        let stream = client.GetStream()
        do! stream.WriteAsync(ReadOnlyMemory bytes)
        client.Client.Shutdown SocketShutdown.Send
        // What is left unread would reset the connection.
        do! stream.CopyToAsync Stream.Null
    }

    let! result = work $"http://127.0.0.1:{(listener.LocalEndpoint :?> IPEndPoint).Port}"
    do! serving
    return result
}

let failureWith (options: LocalOperatorOptions) (address: string) = task {
    try
        let! _ = LocalOperator.RunAsync(StepEndpoints.At address, one, 1, options)
        return failtest "it did not fail"
    with :? LocalOperatorException as error ->
        return error
}

let plainly (_: ListenOptions) = ()

let answering (status: int) (contentType: string) (body: byte array) (context: HttpContext) : Task = task {
    context.Response.StatusCode <- status

    if contentType <> "" then
        context.Response.ContentType <- contentType

    if body.Length > 0 then
        do! context.Response.Body.WriteAsync(ReadOnlyMemory body)
}

let utf8 (text: string) = Encoding.UTF8.GetBytes text
