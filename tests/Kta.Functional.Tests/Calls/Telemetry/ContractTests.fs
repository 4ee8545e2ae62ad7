/// What the page promises is measured, and nothing else is.
module Kta.Functional.Tests.Telemetry.ContractTests

open System
open System.Diagnostics
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Recording
open Kta.Functional.Tests.Telemetry.Listening
open Kta.Functional.Tests.Telemetry.Watched

/// What was heard is what is promised: names, kinds, units, words, and no other attributes.
let private keep (promises: TelemetryPage.Promise list) (heard: Heard list) =
    expectNames [ for one in heard -> one.Name ] [ for promise in promises -> promise.Name ] "instruments"

    for promise in promises do
        let measured = heard |> List.filter (fun one -> one.Name = promise.Name)
        let instrument = measured.Head.Instrument
        Expect.equal (TelemetryPage.kindOf instrument, instrument.Unit) (promise.Kind, promise.Unit) promise.Name
        Expect.stringStarts promise.Text instrument.Description $"the words about {promise.Name}"
        let used = measured |> Seq.collect _.Tags |> Seq.map fst |> Seq.distinct
        Expect.containsAll promise.Attributes used $"attributes of {promise.Name}"

let private calls = [
    "monitor", Requests.first, 200
    "analyze", analyzing, 200
    "plan", planning, 200
    "monitor", withId "throw", 500
    "monitor", withId "wait", 500
    "monitor", "{}", 422
]

let private serving =
    testCaseTask "a server measures what the page promises, and tells the spans that it promises"
    <| fun () ->
        traced (fun spans -> task {
            let gate = newGate ()
            let promises = TelemetryPage.ofSteps @ TelemetryPage.ofCalls

            do!
                serveHeard shortLimit (watched gate) (fun server heard -> task {
                    for step, request, status in calls do
                        let! reply = server.Call(step, request)
                        Expect.equal reply.Status status reply.Text

                    gate.Open.SetResult()
                    keep promises (heard ())

                    let used =
                        heard ()
                        |> Seq.collect (fun one -> one.Tags |> Seq.map (fun (name, _) -> one.Name, name))

                    let promised =
                        promises
                        |> Seq.collect (fun one -> one.Attributes |> Seq.map (fun name -> one.Name, name))

                    Expect.equal (Set used) (Set promised) "all attributes"
                })

            expectNames [ for span in spans.All -> span.OperationName ] TelemetryPage.spans "spans"

            expectNames
                (spans.All |> Seq.collect tagsOf |> Seq.map fst)
                TelemetryPage.spanAttributes
                "attributes of spans"

            Expect.all spans.All (fun span -> span.Kind = ActivityKind.Internal) "their kind"
        })

/// Requests that are handed over have no bytes.
let private unserved =
    TelemetryPage.ofSteps
    |> List.filter (fun one -> one.Name <> "kta.functional.request.size")

let private looping =
    testCaseTask "the local operator measures the same of steps, but for bytes that there are none of"
    <| fun () ->
        traced (fun spans -> task {
            use listening = new Listening()

            let! run =
                inFlow "a loop" (fun () ->
                    LocalOperator.RunAsync(
                        watched (newGate ()),
                        Topology.Of(TopologyNode.Deployment "orders"),
                        3,
                        LocalOperatorOptions(Clock = VirtualClock(), NewId = IterationIds.Numbered())
                    ))

            Expect.hasLength run.Decisions 3 "iterations"
            let heard = listening.In "a loop"
            keep unserved heard

            Expect.equal
                (sumOf "kta.functional.decisions" [] heard)
                (Some 3.0)
                "plans, and not those that were asked again"

            let calls = heard |> List.filter (fun one -> one.Name = "kta.functional.step.duration")
            Expect.hasLength calls 9 "calls"
            Expect.equal [ for one in newest "kta.functional.parallelism.previous" heard -> snd one ] [ 3.0 ] "applied"
            expectNames [ for span in spans.All -> span.OperationName ] TelemetryPage.spans "spans"
            Expect.hasLength spans.All 9 "spans"
        })

let private replaying =
    testCaseTask "a replay measures the same of steps"
    <| fun () ->
        traced (fun spans -> task {
            use listening = new Listening()

            let calls = [
                for step, request in [ Step.Monitor, Requests.first; Step.Analyze, analyzing; Step.Plan, planning ] ->
                    CallRecord(
                        Algorithm = "watched",
                        Step = step,
                        Request = Recordings.utf8 request,
                        Status = Nullable 200,
                        Reply = Recordings.utf8 "{}"
                    )
            ]

            let! report =
                inFlow "a replay" (fun () ->
                    Replay.RunAsync(
                        watched (newGate ()),
                        [ for i, call in List.indexed calls -> RecordedLine(null, int64 (i + 1), Call = call) ],
                        1
                    ))

            Expect.equal report.Calls 3 (report.ToText())
            keep TelemetryPage.ofSteps (listening.In "a replay")
            expectNames [ for span in spans.All -> span.OperationName ] TelemetryPage.spans "spans"
        })

let private attributes = test "the page explains every attribute of an instrument" {
    let used = TelemetryPage.ofSteps @ TelemetryPage.ofCalls |> Seq.collect _.Attributes

    expectNames TelemetryPage.attributes used "attributes"
}

let tests = testList "Telemetry keeps its promises:" [ serving; looping; replaying; attributes ]
