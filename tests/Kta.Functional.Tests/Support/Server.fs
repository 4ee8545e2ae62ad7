module Kta.Functional.Tests.Server

open System
open System.Collections.Concurrent
open System.Net.Http
open System.Net.Http.Headers
open System.Text
open System.Text.Json
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Http
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Logging

type LogLine = {
    Level: LogLevel
    Id: EventId
    Text: string
    Error: exn | null
}

/// Remembers what the server has logged.
type RecordedLog() =
    let lines = ConcurrentQueue<LogLine>()
    member _.Lines = List.ofSeq lines

    /// The lines of this event, as soon as there are so many.
    member this.Await(event: string, count: int) : Task<LogLine list> = task {
        use patience = new CancellationTokenSource(TimeSpan.FromSeconds 30.0)
        use period = new PeriodicTimer(TimeSpan.FromMilliseconds 5.0)
        let find () = this.Lines |> List.filter (fun line -> line.Id.Name = event)
        let mutable found = find ()

        while found.Length < count do
            let! _ = period.WaitForNextTickAsync patience.Token
            found <- find ()

        return found
    }

    /// The first line of this event, as soon as there is one.
    member this.Await(event: string) : Task<LogLine> = task {
        let! lines = this.Await(event, 1)
        return List.head lines
    }

    interface ILoggerProvider with
        member _.CreateLogger category = {
            new ILogger with
                member _.BeginScope _ = null
                member _.IsEnabled _ = true

                member _.Log(level, id, state, error, format) =
                    if category = "Kta.Functional" then
                        lines.Enqueue {
                            Level = level
                            Id = id
                            Text = format.Invoke(state, error)
                            Error = error
                        }
        }

        member _.Dispose() = ()

type Reply = {
    Status: int
    ContentType: string
    Headers: HttpResponseHeaders
    ContentHeaders: HttpContentHeaders
    Text: string
} with

    member this.Json: JsonElement = Json.parse this.Text
    member this.Message = Json.text this.Json "message"

/// Sends a request and reads the whole answer.
let replyTo (client: HttpClient) (request: HttpRequestMessage) (token: CancellationToken) : Task<Reply> = task {
    use! response = client.SendAsync(request, token)
    let! bytes = response.Content.ReadAsByteArrayAsync token

    return {
        Status = int response.StatusCode
        ContentType = string response.Content.Headers.ContentType
        Headers = response.Headers
        ContentHeaders = response.Content.Headers
        Text = UTF8Encoding(false, true).GetString bytes
    }
}

/// A server on a free port of this machine, with a client.
type RunningServer(backend: RunningHttpBackend, log: RecordedLog) =
    let handler =
        new SocketsHttpHandler(AllowAutoRedirect = false, UseProxy = false, MaxConnectionsPerServer = 200)

    let client =
        new HttpClient(handler, BaseAddress = backend.BaseAddress, Timeout = TimeSpan.FromSeconds 60.0)

    member _.Backend = backend
    member _.Client = client
    member _.Log = log
    member _.Port = backend.BaseAddress.Port

    member _.SendWith(request: HttpRequestMessage, token: CancellationToken) : Task<Reply> =
        replyTo client request token

    member this.Send(method: string, path: string, body: byte array | null, contentType: string | null) = task {
        use request = new HttpRequestMessage(HttpMethod method, Uri(path, UriKind.Relative))

        match body with
        | null -> ()
        | bytes ->
            let content = new ByteArrayContent(bytes)

            match contentType with
            | null -> ()
            | kind -> content.Headers.TryAddWithoutValidation("Content-Type", kind) |> ignore

            request.Content <- content

        return! this.SendWith(request, CancellationToken.None)
    }

    member this.Post(path: string, body: string) =
        this.Send("POST", path, Encoding.UTF8.GetBytes body, "application/json")

    /// A call whose caller may go away.
    member this.CallUntil(leaving: CancellationToken, step: string, body: string) : Task<Reply> = task {
        use request =
            new HttpRequestMessage(
                HttpMethod.Post,
                Uri("/api/v1alpha1/" + step, UriKind.Relative),
                Content = new StringContent(body, Encoding.UTF8, "application/json")
            )

        return! this.SendWith(request, leaving)
    }

    member this.Call(step: string, body: string) = this.Post("/api/v1alpha1/" + step, body)

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            client.Dispose()
            (backend :> IAsyncDisposable).DisposeAsync()

let startWith (change: HttpBackendOptions -> unit) (algorithm: Algorithm) : Task<RunningServer> = task {
    let log = new RecordedLog()

    let options =
        HttpBackendOptions(
            Host = "127.0.0.1",
            Port = Nullable 0,
            ConfigureBuilder =
                Action<WebApplicationBuilder>(fun builder ->
                    builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel LogLevel.Debug
                    |> ignore)
        )

    change options
    let backend = HttpBackend options
    backend.Setup algorithm
    let! running = backend.StartAsync CancellationToken.None
    return new RunningServer(running, log)
}

let start (algorithm: Algorithm) = startWith ignore algorithm

/// Has a further word on services and logging.
let alsoConfigure (further: WebApplicationBuilder -> unit) (options: HttpBackendOptions) =
    let configured = options.ConfigureBuilder

    options.ConfigureBuilder <-
        fun builder ->
            configured |> Option.ofObj |> Option.iter _.Invoke(builder)
            further builder

/// Starts a server, hands it over, and stops it.
let serveWith
    (change: HttpBackendOptions -> unit)
    (algorithm: Algorithm)
    (check: RunningServer -> Task<unit>)
    : Task<unit> = task {
    let! server = startWith change algorithm
    use _ = server :> IAsyncDisposable
    do! check server
}

let serve algorithm check = serveWith ignore algorithm check
