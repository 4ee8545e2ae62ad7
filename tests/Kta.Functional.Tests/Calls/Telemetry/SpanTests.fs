/// The spans of steps.
module Kta.Functional.Tests.Telemetry.SpanTests

open System
open System.Diagnostics
open System.Net.Http
open System.Text
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched

/// Calls a step as a client that is part of a trace does, without .NET's own help.
let private callFrom (parent: string) (server: RunningServer) (step: string) (body: string) : Task<Reply> = task {
    use request =
        new HttpRequestMessage(
            HttpMethod.Post,
            Uri($"/api/v1alpha1/{step}", UriKind.Relative),
            Content = new StringContent(body, Encoding.UTF8, "application/json")
        )

    request.Headers.Add("traceparent", parent)
    return! server.SendWith(request, CancellationToken.None)
}

let private withSpans
    (algorithm: Algorithm)
    change
    (check: RunningServer -> string -> Spans -> Task<unit>)
    : Task<unit> = task {
    let trace = ActivityTraceId.CreateRandom()
    use spans = new Spans(trace)
    do! serveWith change algorithm (fun server -> check server $"00-{trace}-{ActivitySpanId.CreateRandom()}-01" spans)
}

let private joined =
    testCaseTask "is part of the caller's trace, also if nobody listens to Kestrel"
    <| fun () ->
        withSpans (watched (newGate ())) ignore (fun server parent spans -> task {
            let! reply = callFrom parent server "plan" planning
            Expect.equal reply.Status 200 reply.Text
            let! span = until (fun () -> List.tryHead spans.All)

            Expect.equal
                (span.DisplayName, span.Kind, span.Status)
                ("kta.plan", ActivityKind.Internal, ActivityStatusCode.Unset)
                "it"

            Expect.notEqual (string span.ParentSpanId) "0000000000000000" "it has a parent"

            Expect.equal
                [
                    for name in
                        [
                            "kta.step"
                            "kta.iteration.id"
                            "kta.topology.size"
                            "kta.history.skipped"
                            "http.response.status_code"
                        ] -> tag name span
                ]
                [ "plan"; "c3f7bdf5-37c4-4724-a92c-4428e47e04c1"; "1"; "1"; "200" ]
                "what it says"

            Expect.equal
                (span.GetTagItem "kta.decided" :?> (string array | null))
                [| "Deployment/orders=3" |]
                "decided"

            Expect.equal
                (span.GetTagItem "kta.previous" :?> (string array | null))
                [| "Deployment/orders=4" |]
                "applied"
        })

let private failed =
    testCaseTask "of a call that fails has the status, the type and the stack"
    <| fun () ->
        withSpans (watched (newGate ())) ignore (fun server parent spans -> task {
            let! reply = callFrom parent server "monitor" (withId "throw")
            let! span = until (fun () -> List.tryHead spans.All)

            Expect.equal
                (span.Status, span.StatusDescription, tag "error.type" span, tag "http.response.status_code" span)
                (ActivityStatusCode.Error, reply.Message, "System.DivideByZeroException", "500")
                "what went wrong"

            let event = Seq.exactlyOne span.Events
            let stack = event.Tags |> Seq.find (fun one -> one.Key = "exception.stacktrace")
            Expect.equal event.Name "exception" "the event"
            Expect.stringContains (string stack.Value) "Watched" "where it was thrown"
        })

let private invalid =
    testCaseTask "of a request that is not valid has the status and the type, and no stack"
    <| fun () ->
        withSpans plain ignore (fun server parent spans -> task {
            let! reply = callFrom parent server "monitor" "{}"
            let! span = until (fun () -> List.tryHead spans.All)

            Expect.equal
                (span.Status, span.StatusDescription, tag "error.type" span, tag "http.response.status_code" span)
                (ActivityStatusCode.Error, reply.Message, "Kta.Functional.InvalidRequestException", string reply.Status)
                "what went wrong"

            Expect.isEmpty span.Events "no stack"
        })

let private unspeakable =
    testCaseTask "of a step that throws what cannot be printed names its type all the same"
    <| fun () ->
        let throwing = plain.WithMonitor(fun (_: MonitorCtx) -> raise (Unspeakable()))

        withSpans throwing ignore (fun server parent spans -> task {
            let! reply = callFrom parent server "monitor" Requests.first
            Expect.equal reply.Status 500 reply.Text
            let! span = until (fun () -> List.tryHead spans.All)
            Expect.stringEnds (tag "error.type" span) "Unspeakable" "the type"
        })

let private current =
    testCaseTask "is current in its step, synchronous or not, and in nothing after it"
    <| fun () ->
        let names = Service.Of(System.Collections.Concurrent.ConcurrentQueue<string>())

        let note () =
            names.Value.Enqueue(
                match Activity.Current with
                | null -> ""
                | span -> span.OperationName
            )

        let algorithm =
            plain
                .WithMonitor(fun (_: MonitorCtx) ->
                    note ()
                    ok ())
                .WithAnalyze(fun (_: AnalyzeContext<_, _>) (_: CancellationToken) -> task {
                    do! Task.Yield()
                    note ()
                    return ok ()
                })

        traced (fun _ -> task {
            let before = Activity.Current
            let runner = Calls.StepRunner algorithm

            for step in [ Step.Monitor; Step.Analyze ] do
                let! reply = runner.RunAsync(step, Recording.Recordings.utf8 Requests.first)
                Expect.equal reply.StatusCode 200 "answered"
                Expect.equal Activity.Current before "what it was"

            Expect.equal (List.ofSeq names.Value) [ "kta.monitor"; "kta.analyze" ] "in the steps"
        })

let tests = testList "The span of a step" [ joined; failed; invalid; unspeakable; current ]
