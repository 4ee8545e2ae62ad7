/// What is measured costs nothing when nobody listens.
module Kta.Functional.Tests.Telemetry.CostTests

open System
open System.Diagnostics
open System.Reflection
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched

/// What no user can have: a runner without instruments.
let private unmeasured (algorithm: Algorithm) =
    let constructor =
        typeof<StepRunner>.GetConstructors(BindingFlags.Instance ||| BindingFlags.NonPublic)
        |> Array.exactlyOne

    constructor.Invoke [| algorithm; null; null; null |] :?> StepRunner

let private calls = 500

/// In bytes, of a 64-bit runtime.
let private smallestObject = 24.0

/// Bytes per call: the least of some rounds, for other threads allocate, too.
let private bytesOf (runner: StepRunner) (step: Step) (request: string) : Task<float> = task {
    let request = Recording.Recordings.utf8 request
    let mutable least = Double.MaxValue

    for _ in 1..9 do
        let before = GC.GetTotalAllocatedBytes true

        for _ in 1..calls do
            let! reply = runner.RunAsync(step, request)
            Expect.equal reply.StatusCode 200 "answered"

        least <- min least (float (GC.GetTotalAllocatedBytes true - before) / float calls)

    return least
}

let private free step request =
    testCaseTask $"allocates no byte for a call of {step} that nobody listens to"
    <| fun () -> task {
        let algorithm = watched (newGate ())
        let bare, measured = unmeasured algorithm, StepRunner algorithm
        // The runtime compiles what is called often once more, and may allocate less then.
        for runner in [ bare; measured; bare; measured ] do
            let! _ = bytesOf runner step request
            ()

        let! without = bytesOf bare step request
        let! withIt = bytesOf measured step request
        // Less than one object a call; a few bytes come of other threads.
        Expect.isLessThan (withIt - without) smallestObject $"{withIt} instead of {without} bytes per call"

        use _ = new Listening()
        let! heard = bytesOf measured step request
        Expect.isGreaterThan (heard - without) smallestObject "it would have shown"
    }

let tests =
    testSequenced
    <| testList "Telemetry" [ free Step.Monitor Requests.first; free Step.Analyze analyzing; free Step.Plan planning ]
