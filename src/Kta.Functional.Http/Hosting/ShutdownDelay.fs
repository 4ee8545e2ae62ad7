namespace Kta.Functional.Http

open System
open System.Runtime.InteropServices
open System.Threading
open System.Threading.Tasks
open Microsoft.Extensions.Hosting

/// Keeps the server listening for a while after SIGTERM: a cluster goes on sending calls until it has noticed that the pod
/// is not ready any more. What the host does on signals stays as it is.
type internal ShutdownDelay(delay: TimeSpan) =
    let enough = new CancellationTokenSource()
    let mutable isTerminated = false
    let mutable signals = 0

    let onSignal signal (handle: unit -> unit) = PosixSignalRegistration.Create(signal, fun _ -> handle ())

    /// Made before the host's own handler and, once more, after it: whichever the runtime calls first, the flag is set
    /// when the host begins to stop.
    let noteTermination () = onSignal PosixSignal.SIGTERM (fun () -> Volatile.Write(&isTerminated, true))

    let early = noteTermination ()
    let mutable later: IDisposable list = []

    let endDelay () =
        try
            enough.Cancel()
        with :? ObjectDisposedException ->
            ()

    interface IHostedLifecycleService with
        member _.StartingAsync _ = Task.CompletedTask
        member _.StartAsync _ = Task.CompletedTask

        member _.StartedAsync _ =
            later <- [
                noteTermination ()
                onSignal PosixSignal.SIGTERM (fun () ->
                    if Interlocked.Increment(&signals) > 1 then
                        endDelay ())
                onSignal PosixSignal.SIGINT endDelay
            ]

            Task.CompletedTask

        member _.StoppingAsync cancellationToken = task {
            if Volatile.Read(&isTerminated) then
                use waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, enough.Token)

                try
                    do! Task.Delay(delay, waiting.Token)
                with :? OperationCanceledException ->
                    ()
        }

        member _.StopAsync _ = Task.CompletedTask
        member _.StoppedAsync _ = Task.CompletedTask

    interface IDisposable with
        member _.Dispose() =
            early.Dispose()

            for registration in later do
                registration.Dispose()

            enough.Dispose()
