module Kta.Functional.Tests.Http.GatedStep

open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

/// Says when a step has begun, and lets it go.
type Gate = {
    Begun: SemaphoreSlim
    Open: TaskCompletionSource
}

/// A monitor step that waits to be let go.
let gated () =
    let gate =
        Service.Of {
            Begun = new SemaphoreSlim(0)
            Open = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        }

    let algorithm =
        plain.WithMonitor(fun (_: MonitorCtx) (token: CancellationToken) -> task {
            gate.Value.Begun.Release() |> ignore
            do! gate.Value.Open.Task.WaitAsync token
            return ok ()
        })

    gate.Value, algorithm
