namespace Kta.Functional.Http

open System
open System.Diagnostics.Metrics
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Recording
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Http
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Logging

/// <summary>Serves an algorithm on Kestrel: one endpoint per step it has, by default at <c>http://0.0.0.0:8096/api/v1alpha1/…</c>.</summary>
/// <remarks>
/// Besides, <c>/health/live</c> and <c>/health/ready</c> answer the probes of a pod. SIGTERM lets calls under way end.
/// </remarks>
/// <example><code>Bootstrap.Run(algorithm, new HttpBackend());</code></example>
[<Sealed>]
type HttpBackend(options: HttpBackendOptions) =
    do
        ArgumentNullException.ThrowIfNull options
        options.ValidateAll()

    let mutable algorithm: Algorithm | null = null
    let mutable isStarted = false

    let requireAlgorithm () =
        match algorithm with
        | null ->
            raise (
                IllegalStateException
                    "The HTTP backend has no algorithm to serve. Call Setup(algorithm) first, or Bootstrap.Run(algorithm, backend)."
            )
        | present -> present

    let announce (app: WebApplication) (recording: RecordingLog) =
        match recording.Recorder with
        | null -> ()
        | recorder ->
            // Asked for here, the container disposes of the recorder that is ours.
            app.Services.GetService<CallRecorder>() |> ignore
            let logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger Log.Category
            Log.recording.Invoke(logger, recorder.Path, null)
            recording.Attach logger

    /// Everything behind the middleware of the application.
    let serveLast (app: WebApplication) (served: Served) =
        let stopping = app.Lifetime.ApplicationStopping
        let health = Health.endpoints [ served ]
        let document = lazy (Document.make served.Algorithm served.Options (List.map fst health))

        app.Use(fun (own: RequestDelegate) ->
            let serve =
                StepEndpoints.before
                    (HttpHandler.choose [
                        OwnEndpoints.exact own
                        for path, answer in health do
                            HttpHandler.path path >=> answer
                        OpenApi.handler document
                        OwnEndpoints.named own
                        DocsPage.handler document
                        OwnEndpoints.any own
                        NotFound.handler
                            (List.map fst served.Steps)
                            (List.map fst health @ [ OpenApi.Path; DocsPage.Path ])
                    ])
                    served.Steps

            RequestDelegate(fun ctx ->
                if stopping.IsCancellationRequested then
                    ctx.Response.Headers.Connection <- "close"

                serve.Invoke ctx))
        |> ignore

    /// The application, what is left to do with it before it starts, and what to do when it has.
    let build (algorithm: Algorithm) : WebApplication * (unit -> unit) * (unit -> unit) =
        let builder = ServerSettings.builderOf options.Args
        let settingsOf name = Settings(builder.Configuration, name)
        let configured = ref (options.With(settingsOf Settings.Root))
        ServerSettings.apply (fun () -> configured.Value) builder
        let mutable isPortIgnored = ServerSettings.listen configured.Value builder

        builder.Services.AddHostedService(fun _ -> new ShutdownDelay(configured.Value.ShutdownDelay))
        |> ignore

        match options.ConfigureBuilder with
        | null -> ()
        | configure -> configure.Invoke builder

        let settings = settingsOf Settings.Root
        let final = options.With settings

        if final.Host <> configured.Value.Host || final.Port <> configured.Value.Port then
            isPortIgnored <- ServerSettings.listen final builder

        configured.Value <- final
        let recordSettings = settingsOf (Settings.Root + ":Record")
        let own = RecordingSettings.create final recordSettings
        let recording = RecordingLog(if isNull own then options.Record else own)

        match own with
        | null -> ()
        | recorder -> builder.Services.AddSingleton<CallRecorder>(fun _ -> recorder) |> ignore

        builder.Services.AddSingleton<ThreadReserve>(fun _ -> ThreadReserve.For final)
        |> ignore

        let probes = Probes()
        probes.Register builder.Services
        ListeningServer.Replace builder.Services
        let app = builder.Build()

        let served = StepEndpoints.serve (app.Services.GetService<IMeterFactory>()) recording algorithm final

        probes.Answer(Health.endpoints [ served ])
        let isPortIgnored = isPortIgnored

        let prepare () =
            announce app recording
            app.Services.GetRequiredService<ThreadReserve>() |> ignore

            match options.ConfigureApp with
            | null -> ()
            | configure -> configure.Invoke app

            probes.LeaveToOwn app
            serveLast app served

        let tell () =
            served.ShowInstruments()
            let logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger Log.Category
            settings.Report logger
            recordSettings.Report logger

            if isPortIgnored then
                Log.portNotFollowed.Invoke(logger, null)

            let addresses = String.Join(", ", [ for url in app.Urls -> url.TrimEnd '/' + final.Root ])
            Log.serving.Invoke(logger, string algorithm, addresses, null)

        app, prepare, tell

    let start (cancellationToken: CancellationToken) = task {
        let served = requireAlgorithm ()

        if Interlocked.Exchange(&isStarted, true) then
            raise (IllegalStateException "The HTTP backend has been started already. Make one backend for each server.")

        let app, prepare, tell = build served

        try
            prepare ()
            do! app.StartAsync cancellationToken
        with error ->
            do! app.DisposeAsync()
            ExceptionDispatchInfo.Throw error

        tell ()
        return RunningHttpBackend app
    }

    /// <summary>A backend with the default options.</summary>
    new() = HttpBackend(HttpBackendOptions())

    /// <summary>A backend at an address.</summary>
    /// <param name="host">The address to listen on, for example <c>127.0.0.1</c>.</param>
    /// <param name="port">The port, 0 for a free one.</param>
    new(host: string, port: int) = HttpBackend(HttpBackendOptions(Host = host, Port = Nullable port))

    /// <summary>Hands over the algorithm to serve. Once only.</summary>
    /// <param name="served">An algorithm with at least one step.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">The backend has an algorithm already, or the algorithm has no step.</exception>
    /// <exception cref="T:System.ArgumentException">A result type cannot be a JSON object.</exception>
    member _.Setup(served: Algorithm) =
        ArgumentNullException.ThrowIfNull served
        StepEndpoints.ofAlgorithm null served options |> ignore

        if not (isNull (Interlocked.CompareExchange(&algorithm, served, null))) then
            raise (
                IllegalStateException "The HTTP backend has an algorithm already. Make one backend for each algorithm."
            )

    /// <summary>Starts serving and returns when requests are answered.</summary>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">There is no algorithm.</exception>
    /// <exception cref="T:System.IO.IOException">The address cannot be listened on, for example because the port is taken.</exception>
    member _.StartAsync(cancellationToken: CancellationToken) : Task<RunningHttpBackend> = start cancellationToken

    /// <summary>Serves until the process is asked to stop or the token fires, then ends the calls that are under way.</summary>
    /// <param name="cancellationToken">Stops serving.</param>
    /// <exception cref="T:Kta.Functional.IllegalStateException">There is no algorithm.</exception>
    member _.RunAsync(cancellationToken: CancellationToken) : Task = task {
        let! running = start cancellationToken
        use running = running :> IAsyncDisposable
        do! (running :?> RunningHttpBackend).WaitForShutdownAsync cancellationToken
    }

    interface IBackend with
        member this.Setup served = this.Setup served
        member this.RunAsync cancellationToken = this.RunAsync cancellationToken
