/// Who begins to listen after the start.
module Kta.Functional.Tests.Telemetry.LateListenerTests

open System.Diagnostics.Metrics
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched
open Microsoft.AspNetCore.Builder
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

let private attached =
    testCaseTask "who begins to listen after the start hears of all counters with the next call, refused or not"
    <| fun () -> task {
        let mutable meters: IMeterFactory | null = null
        let keep = ref meters

        let withMeters (options: HttpBackendOptions) =
            options.ConfigureApp <-
                fun (app: WebApplication) -> keep.Value <- app.Services.GetRequiredService<IMeterFactory>()

        do!
            serveWith withMeters plain (fun server -> task {
                let! _ = server.Call("monitor", Requests.first)
                use listening = new Listening()
                let! reply = server.Send("PUT", "/api/v1alpha1/monitor", "{}"B, "application/json")
                Expect.equal reply.Status 405 reply.Text

                let counters =
                    TelemetryPage.ofSteps @ TelemetryPage.ofCalls
                    |> List.filter (fun promise -> promise.Kind.EndsWith "counter")

                let heard = listening.By(Unchecked.nonNull keep.Value)
                expectNames [ for one in heard -> one.Name ] [ for promise in counters -> promise.Name ] "series"
            })
    }

let private spansOnly =
    testCaseTask "a call that only spans are heard of leaves the counters to be shown to who listens to them later"
    <| fun () ->
        traced (fun _ -> task {
            use meters = ServiceCollection().AddMetrics().BuildServiceProvider()
            let factory = meters.GetRequiredService<IMeterFactory>()
            let runner = StepRunner(plain, meters = factory)
            let run () = runner.RunAsync(Step.Monitor, Recording.Recordings.utf8 Requests.first)
            let! _ = run ()
            use listening = new Listening()
            let! _ = run ()

            Expect.equal
                (sumOf "kta.functional.decisions" [] (listening.By factory))
                (Some 0.0)
                "a counter that this call does not move"
        })

// Whoever else listens would have made the series appear.
let tests = testSequenced <| testList "Who listens late" [ late; attached; spansOnly ]
