/// What a server measures of its steps.
module Kta.Functional.Tests.Telemetry.MeasurementTests

open System
open System.Diagnostics.Metrics
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Microsoft.Extensions.DependencyInjection
open Microsoft.Extensions.Logging

let private monitor = "kta.step", "monitor"

let private durations (heard: Heard list) = [
    for one in heard do
        if one.Name = "kta.functional.step.duration" then
            one.Tags
]

let private outcomes =
    testCaseTask "each reply is measured by step, status, and what went wrong"
    <| fun () ->
        let gate = newGate ()

        serveHeard shortLimit (watched gate) (fun server heard -> task {
            for id in [ "one"; "throw"; "wait" ] do
                let! _ = server.Call("monitor", withId id)
                ()

            let! _ = server.Call("monitor", "[]")
            let! _ = server.Call("explain", planning)
            gate.Open.SetResult()

            Expect.equal
                (durations (heard ()))
                [
                    [ monitor; "http.response.status_code", "200" ]
                    [ monitor; "http.response.status_code", "500"; "error.type", "System.DivideByZeroException" ]
                    [ monitor; "http.response.status_code", "500"; "error.type", "timeout" ]
                    [
                        monitor
                        "http.response.status_code", "422"
                        "error.type", "Kta.Functional.InvalidRequestException"
                    ]
                ]
                "and a question for reasons is no call"

            Expect.equal (sumOf "kta.functional.decisions" [] (heard ())) (Some 0.0) "nor is it a decision"
            Expect.equal (sumOf "kta.functional.steps.failed" [ monitor ] (heard ())) (Some 3.0) "all but the first"
        })

let private abandoned =
    testCaseTask "a step that is given up is counted, until it ends as one that goes on"
    <| fun () ->
        let gate = newGate ()

        serveHeard shortLimit (watched gate) (fun server heard -> task {
            let timeouts () =
                sumOf "kta.functional.steps.abandoned" [ monitor; "error.type", "timeout" ] (heard ())

            let goingOn () = sumOf "kta.functional.steps.abandoned.running" [ monitor ] (heard ())
            Expect.equal (timeouts (), goingOn ()) (Some 0.0, Some 0.0) "from the start"
            let! reply = server.Call("monitor", withId "wait")
            Expect.equal reply.Status 500 reply.Text
            Expect.equal (timeouts (), goingOn ()) (Some 1.0, Some 1.0) "given up"
            Expect.equal (sumOf "kta.functional.steps.running" [ monitor ] (heard ())) (Some 0.0) "nobody waits"
            gate.Open.SetResult()
            let! _ = server.Log.Await "EndedLate"
            Expect.equal (timeouts (), goingOn ()) (Some 1.0, Some 0.0) "ended"
        })

let private callerGone =
    testCaseTask "a caller that goes away: the call and its step are counted as given up, with the status 499"
    <| fun () ->
        let gate = newGate ()

        serveHeard ignore (watched gate) (fun server heard -> task {
            use leaving = new CancellationTokenSource()
            let call = server.CallUntil(leaving.Token, "monitor", withId "wait")
            do! gate.Begun.WaitAsync()
            Expect.equal (sumOf "kta.functional.steps.running" [ monitor ] (heard ())) (Some 1.0) "it runs"
            leaving.Cancel()
            let! _ = server.Log.Await "Abandoned"
            gate.Open.SetResult()
            do! (call :> Task).ContinueWith(fun (_: Task) -> ())

            Expect.equal
                (durations (heard ()))
                [ [ monitor; "http.response.status_code", "499"; "error.type", "caller_gone" ] ]
                "the reply that nobody got"

            Expect.equal (sumOf "kta.functional.steps.failed" [ monitor ] (heard ())) (Some 0.0) "it has not failed"

            Expect.equal
                (sumOf "kta.functional.steps.abandoned" [ monitor; "error.type", "caller_gone" ] (heard ()),
                 sumOf "kta.functional.calls.abandoned" [ monitor ] (heard ()))
                (Some 1.0, Some 1.0)
                "given up"
        })

let private fromTheStart =
    testCaseTask "counters have their series when a server has started, before any call"
    <| fun () ->
        serveHeard ignore plain (fun _ heard -> task {
            let counters =
                TelemetryPage.ofSteps @ TelemetryPage.ofCalls
                |> List.filter (fun promise -> promise.Kind.EndsWith "counter")

            expectNames [ for one in heard () -> one.Name ] [ for promise in counters -> promise.Name ] "series"
            Expect.all (heard ()) (fun one -> one.Value = 0.0) "nothing has happened"

            let reasons =
                sums "kta.functional.calls.refused" (heard ())
                |> List.map (fst >> List.last >> snd)

            expectNames reasons [ "queue_full"; "queue_timeout"; "memory"; "abandoned_steps" ] "what comes of load"
        })

let private mapped =
    testCaseTask "algorithms that an application maps are measured by its meters, from the start, and together"
    <| fun () -> task {
        use listening = new Listening()
        let builder = WebApplication.CreateSlimBuilder()
        builder.Logging.ClearProviders() |> ignore
        builder.WebHost.UseUrls "http://127.0.0.1:0" |> ignore
        let app = builder.Build()
        use _ = app :> IAsyncDisposable

        for prefix in [ "/one"; "/two" ] do
            app.MapKta(plain, KtaOptions(Prefix = prefix)) |> ignore

        do! app.StartAsync()
        let heard () = listening.By(app.Services.GetRequiredService<IMeterFactory>())
        let decisions () = sumOf "kta.functional.decisions" [] (heard ())
        Expect.equal (decisions ()) (Some 0.0) "from the start"
        Expect.equal (sumOf "kta.functional.calls.queued" [] (heard ())) (Some 0.0) "also what is beside the steps"
        use client = new HttpClient(BaseAddress = Uri(Seq.head app.Urls))

        for prefix in [ "/one"; "/two" ] do
            use content = new StringContent(Requests.first, Encoding.UTF8, "application/json")
            use! reply = client.PostAsync($"{prefix}/plan", content)
            Expect.equal (int reply.StatusCode) 200 "answered"

        Expect.equal (decisions ()) (Some 2.0) "of both"
        do! app.StopAsync()
    }

let tests = testList "A step that is measured" [ outcomes; abandoned; callerGone; fromTheStart; mapped ]
