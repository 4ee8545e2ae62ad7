/// Steps that wait until a test lets them go.
module Kta.Functional.Tests.Http.GatedStep

open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Tests
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

let withId id = Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", id)

/// A monitor step that does what the id of the iteration says: throws, waits to be let go, or answers.
let obedient (gate: Gate) =
    let gate = Service.Of gate

    plain.WithMonitor(fun (ctx: MonitorCtx) (_: CancellationToken) -> task {
        match ctx.Id with
        | "throw" -> invalidOp "as asked"
        | "wait" ->
            gate.Value.Begun.Release() |> ignore
            do! gate.Value.Open.Task
        | _ -> ()

        return ok ()
    })

let newGate () : Gate = {
    Begun = new SemaphoreSlim(0)
    Open = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
}
