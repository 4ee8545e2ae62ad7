namespace Kta.Functional.Http

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Hosting
open Microsoft.Extensions.Options

/// <summary>A backend that has been started.</summary>
[<Sealed>]
type RunningHttpBackend internal (app: WebApplication) =
    let impatience = new CancellationTokenSource()
    let stopped = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    let mutable isAsked = false

    /// Stops the host, which does not care whether it has been stopped before: once, whoever asks and however often.
    let stop (cancellationToken: CancellationToken) : Task = task {
        use _ = cancellationToken.UnsafeRegister((fun _ -> impatience.Cancel()), null)

        if not (Interlocked.Exchange(&isAsked, true)) then
            try
                do! app.StopAsync impatience.Token
                stopped.SetResult()
            with error ->
                stopped.SetException error

        do! stopped.Task
    }

    /// The background service whose failure is why the host stops, if that is why.
    let failed () : (BackgroundService * exn) option =
        let host = app.Services.GetRequiredService<IOptions<HostOptions>>().Value

        if host.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore then
            None
        else
            app.Services.GetServices<IHostedService>()
            |> Seq.tryPick (fun service ->
                match service with
                | :? BackgroundService as service ->
                    match service.ExecuteTask with
                    | NonNull run when run.IsFaulted ->
                        run.Exception
                        |> Option.ofObj
                        |> Option.map (fun thrown -> service, thrown.GetBaseException())
                    | _ -> None
                | _ -> None)

    /// <summary>Where the server listens, with the port it got if it was asked for a free one.</summary>
    member _.Addresses: IReadOnlyList<Uri> = [| for url in app.Urls -> Uri url |]

    /// <summary>The first address a client on this machine can use; <c>0.0.0.0</c> is shown as <c>127.0.0.1</c>.</summary>
    member this.BaseAddress: Uri =
        let address = this.Addresses[0]

        match address.Host with
        | "0.0.0.0"
        | "[::]" -> UriBuilder(address, Host = "127.0.0.1").Uri
        | _ -> address

    /// <summary>Stops taking calls, ends the ones under way, and stops. Who asks again waits for the same end.</summary>
    /// <param name="cancellationToken">Gives up waiting for calls under way.</param>
    member _.StopAsync(cancellationToken: CancellationToken) : Task = stop cancellationToken

    /// <summary>Completes when the process is asked to stop (Ctrl+C, SIGTERM) or the token fires, and calls under way have ended.</summary>
    /// <param name="cancellationToken">Stops serving.</param>
    /// <exception cref="T:System.InvalidOperationException">A background service has failed, and the host has stopped because of that.</exception>
    member _.WaitForShutdownAsync(cancellationToken: CancellationToken) : Task = task {
        let asked = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        let ask = Action<obj | null>(fun _ -> asked.TrySetResult() |> ignore)
        use _ = app.Lifetime.ApplicationStopping.UnsafeRegister(ask, null)
        use _ = cancellationToken.UnsafeRegister(ask, null)
        do! asked.Task
        let cause = failed ()
        do! stop CancellationToken.None

        match cause with
        | None -> ()
        | Some(service, error) ->
            raise (
                InvalidOperationException(
                    $"The background service {service.GetType().Name} has failed, so the server has stopped: {ThrownText.Describe error}",
                    error
                )
            )
    }

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            task {
                let stopping = stop CancellationToken.None
                do! stopping.ContinueWith(fun (_: Task) -> ())
                do! app.DisposeAsync()
                do! stopping
            }
            |> ValueTask
