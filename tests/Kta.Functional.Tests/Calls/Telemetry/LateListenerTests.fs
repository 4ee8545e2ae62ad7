/// Who begins to listen after the start.
module Kta.Functional.Tests.Telemetry.LateListenerTests

open System.Diagnostics.Metrics
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched
open Microsoft.Extensions.DependencyInjection

let private monitor = "kta.step", "monitor"

let private late =
    testCaseTask "who begins to listen while a step runs hears no end without a beginning"
    <| fun () -> task {
        use meters = ServiceCollection().AddMetrics().BuildServiceProvider()
        let factory = meters.GetRequiredService<IMeterFactory>()
        let gate = newGate ()
        let runner = StepRunner(watched gate, meters = factory)
        let run id = runner.RunAsync(Step.Monitor, Recording.Recordings.utf8 (withId id))
        let first = run "wait"
        do! gate.Begun.WaitAsync()
        use listening = new Listening()
        gate.Open.SetResult()
        let! _ = first
        let running () = sumOf "kta.functional.steps.running" [ monitor ] (listening.By factory)
        Expect.equal (running ()) None "the end of what nobody heard begin"
        let! _ = run "one"
        Expect.equal (running ()) (Some 0.0) "begun and ended"
    }

// Whoever else listens would have made the series appear.
let tests = testSequenced <| testList "Who listens late" [ late ]
