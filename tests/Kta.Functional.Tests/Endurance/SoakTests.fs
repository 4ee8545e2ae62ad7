/// A little of what `build.fsx soak` does at length.
module Kta.Functional.Tests.Endurance.SoakTests

open System
open System.IO
open System.Text
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Soak.Endurance
open Kta.Functional.Soak.Fuzz
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain

let private entry count =
    $"""{{"id":"a","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{{"numInvocations":1}},"analyzeResult":{{}},"planResult":{{"{{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}}":{{"parallelism":{count}}}}},"parallelism":{{}}}}"""

let tests =
    testSequenced
    <| testList "Endurance" [
        testCase "5,000 damaged requests: refused where JSON is broken, judged entry by entry, never our fault"
        <| fun () ->
            match Fuzzing.Run(20_000_000, 5_000) with
            | null -> ()
            | complaint -> failtest complaint

        testCaseTask "2,000 damaged answers of Prometheus: read or refused, and no number that does not stand there"
        <| fun () -> task {
            match! PrometheusFuzzing.RunAsync(30_000_000, 2_000) with
            | null -> ()
            | complaint -> failtest complaint
        }

        testCaseTask "2,000 damaged answers of Flink: read or refused, and no number that does not stand there"
        <| fun () -> task {
            match! FlinkFuzzing.RunAsync(40_000_000, 2_000) with
            | null -> ()
            | complaint -> failtest complaint
        }

        testTheory "entries that differ from their neighbour in what must not differ: the request is refused" [
            "01"
            "1."
            "-"
            "1e"
            "\"x\""
            "[]"
            "99999999999"
            ""
        ]
        <| fun damaged ->
            let history = [ entry "4"; entry "2"; entry damaged; entry "4" ]

            let request =
                Encoding.UTF8.GetBytes(
                    (Requests.withHistory [])
                        .Replace("[]}", "[" + String.Join(",", history) + "]}", StringComparison.Ordinal)
                )

            Expect.isNull (Fuzzing.Complaint request) "as it should be"

        testTheory "entries that differ in what may differ: the request is served" [
            "1"
            "17"
            "2147483647"
            "3.0"
            "\"4\""
        ]
        <| fun count ->
            let request = Encoding.UTF8.GetBytes(Requests.withHistory [ entry "4"; entry count; entry "4" ])
            Expect.isNull (Fuzzing.Complaint request) "as it should be"

        testTheory "a result of the history that is nested as deep as may be, and deeper" [ 1021, 200; 1022, 400 ]
        <| fun (levels, status) ->
            let nested = String('[', levels - 1) + String(']', levels - 1)
            let entry = Requests.entry $"""{{"deep":{nested}}}""" "{}"
            let runner = StepRunner plain

            let reply =
                runner
                    .RunAsync(Step.Plan, Encoding.UTF8.GetBytes(Requests.withText [ entry; entry ]))
                    .GetAwaiter()
                    .GetResult()

            Expect.equal reply.StatusCode status $"{reply.Error}"

        testTheory "histories of other shapes and orders: the request is served, and every entry is seen" [
            "lists of other lengths", [ """{"lags":[]}"""; """{"lags":[1,2.5e3,"a",null]}"""; """{"lags":[[1]]}""" ]
            "values of other kinds", [ """{"a":1}"""; """{"a":"x"}"""; """{"a":null}"""; """{"a":"ü\n"}""" ]
            "members that come and go", [ """{"a":1}"""; "{}"; """{"a":1,"b":{"c":2}}"""; """{ "a" : 1 }""" ]
        ]
        <| fun (_, results) ->
            let entries = [ for result in results @ results -> Requests.entry result "{}" ]
            let seen = Service.Of(ResizeArray<string>())

            let algorithm =
                plain.WithPlan(fun ctx ->
                    for entry in ctx.History do
                        seen.Value.Add(entry.MonitorResult.ToJsonString())

                    Plan.ForEach(ctx.Topology, (fun _ -> 1)))

            let reply =
                (StepRunner algorithm)
                    .RunAsync(Step.Plan, Encoding.UTF8.GetBytes(Requests.withText entries))
                    .GetAwaiter()
                    .GetResult()

            Expect.equal reply.StatusCode 200 $"{reply.Error}"

            let expected = [
                for result in results @ results -> (JsonNode.Parse result |> Unchecked.nonNull).ToJsonString()
            ]

            Expect.sequenceEqual seen.Value expected "in order, as they were sent"

        testCaseTask "500 iterations among faults: no call fails, nothing grows, no line is lost, SIGTERM cuts nothing"
        <| fun () -> task {
            use output = new StringWriter()
            let! complaints = EnduranceRun.RunAsync(500, output)
            Expect.isEmpty complaints $"{output}"
        }
    ]
