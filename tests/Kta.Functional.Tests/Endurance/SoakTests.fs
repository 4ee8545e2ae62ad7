/// A little of what `build.fsx soak` does at length.
module Kta.Functional.Tests.Endurance.SoakTests

open System
open System.IO
open System.Text
open Expecto
open Kta.Functional.Soak.Endurance
open Kta.Functional.Soak.Fuzz
open Kta.Functional.Tests

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

        testCaseTask "500 iterations among faults: no call fails, nothing grows, no line is lost, SIGTERM cuts nothing"
        <| fun () -> task {
            use output = new StringWriter()
            let! complaints = EnduranceRun.RunAsync(500, output)
            Expect.isEmpty complaints $"{output}"
        }
    ]
