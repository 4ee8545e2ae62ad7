module Kta.Functional.Tests.Algorithms.DummyTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls

let private nodes = [ "orders"; "payments"; "audit" ]

/// Lets the operator's loop run: monitor, analyze and plan, each told what the one before has answered.
let private decisions (iterations: int) (serving: Step -> Algorithm) : string list =
    let rec iterate n history decided =
        if n = iterations then
            List.rev decided
        else
            let call step monitored analyzed =
                let text = Requests.ofNodes nodes "{}" "{}" "[]"

                let told =
                    text
                        .Replace("\"monitorResult\":{}", $"\"monitorResult\":{monitored}")
                        .Replace("\"analyzeResult\":{}", $"\"analyzeResult\":{analyzed}")
                        .Replace("\"resultHistory\":[]", "\"resultHistory\":[" + String.concat "," history + "]")

                answer (serving step) step told

            let monitored = call Step.Monitor "{}" "{}"
            let analyzed = call Step.Analyze monitored "{}"
            let planned = call Step.Plan monitored analyzed
            let applied = planned.Replace("{\"parallelism\":", "").Replace("},", ",").Replace("}}", "}")

            let entry =
                $$"""{"id":"{{n}}","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{{monitored}},"analyzeResult":{{analyzed}},"planResult":{{planned}},"parallelism":{{applied}}}"""

            iterate (n + 1) (entry :: history) (planned :: decided)

    iterate 0 [] []

let private lambdas (options: DummyOptions) : (string * (Step -> Algorithm)) list = [
    "one process", (fun _ -> DummyAutoscaler.Create options)
    "monitor in a process of its own",
    (fun step ->
        if step = Step.Monitor then
            DummyAutoscaler.CreateMonitor() :> Algorithm
        else
            DummyAutoscaler.CreateAnalyzeAndPlan options)
    "a process for each step", (fun step -> DummyAutoscaler.Create(options).WithOnly step)
]

let private classes (options: DummyOptions) : (string * (Step -> Algorithm)) list = [
    "class for all steps", (fun _ -> Algorithm.FromClass(DummyAutoscalerUdfs options))
    "class for monitor, class for the rest",
    (fun step ->
        if step = Step.Monitor then
            Algorithm.FromClass(DummyAutoscalerMonitorUdf()) :> Algorithm
        else
            Algorithm.FromClass(DummyAutoscalerAnalyzePlanUdfs options))
    "class for monitor, lambdas for the rest",
    (fun step ->
        if step = Step.Monitor then
            Algorithm.FromClass(DummyAutoscalerMonitorUdf()) :> Algorithm
        else
            DummyAutoscaler.CreateAnalyzeAndPlan options)
]

let private planOf (a: int) (b: int) (c: int) =
    let entry (name: string) (n: int) = $$"""{{planKey name}}":{"parallelism":{{n}}}"""
    "{\"" + String.concat ",\"" (List.map2 entry nodes [ a; b; c ]) + "}"

let private looping =
    let up, down = planOf 4 2 4, planOf 2 4 2

    testList "over a loop" [
        for name, serving in lambdas (DummyOptions()) @ classes (DummyOptions()) do
            test $"{name}: swaps the counts every second iteration, alternating along the topology" {
                Expect.equal (decisions 7 serving) [ up; down; down; up; up; down; down ] "seven decisions"
            }

        for name, serving in lambdas (DummyOptions(3, 1, 7)) @ classes (DummyOptions(3, 1, 7)) do
            test $"{name}: with a threshold of 3 and other counts" {
                let low, high = planOf 1 7 1, planOf 7 1 7
                Expect.equal (decisions 7 serving) [ low; low; high; high; high; low; low ] "seven decisions"
            }

        test "starts anew when the operator has lost its history" {
            Expect.equal
                (answer (DummyAutoscaler.Create()) Step.Monitor Requests.first)
                """{"numInvocations":1}"""
                "no history, first call"
        }

        test "counts from the newest entry, not by calls" {
            let algorithm = DummyAutoscaler.Create()

            let request =
                Requests.withHistory [ Requests.entry """{"numInvocations":41}""" """{"toggleState":1}""" ]

            for _ in 1..3 do
                Expect.equal
                    (answer algorithm Step.Monitor request)
                    """{"numInvocations":42}"""
                    "repeated attempts count once"
        }
    ]

let private arguments =
    testList "refuses" [
        for what, make, expected in
            [
                "a threshold below 1",
                (fun () -> DummyOptions(toggleThreshold = 0)),
                "the toggle threshold has to be at least 1, got 0"
                "a count below 1",
                (fun () -> DummyOptions(firstReplicas = 0)),
                "both replica counts have to be at least 1, got 0 and 2"
                "two equal counts",
                (fun () -> DummyOptions(firstReplicas = 2)),
                "the two replica counts have to differ, got 2 twice"
                "everything at once",
                (fun () -> DummyOptions(-1, 0, 0)),
                "the toggle threshold has to be at least 1, got -1; both replica counts have to be at least 1, got 0 and 0; the two replica counts have to differ, got 0 twice"
            ] do
            test what {
                Expect.equal
                    (thrownBy<ArgumentException>(make >> ignore))
                    $"The dummy autoscaler cannot work like this: {expected}."
                    "the whole message"
            }

        for counts in [ []; [ 4 ]; [ 4; 2; 1 ] ] do
            test $"{counts.Length} counts in a list" {
                let shown = String.Join(", ", counts)

                Expect.equal
                    (thrownBy<ArgumentException>(fun () -> DummyOptions.From(2, List.toArray counts) |> ignore))
                    $"The dummy autoscaler has two states and needs exactly two different replica counts, got {counts.Length}: {shown}. (Parameter 'numReplicasByState')"
                    "the whole message"
            }

        test "a state that is neither 0 nor 1" {
            Expect.equal
                (thrownBy<ArgumentOutOfRangeException>(fun () -> DummyAnalyzeResult 2 |> ignore))
                "The toggle state is 0 or 1. (Parameter 'toggleState')\nActual value was 2."
                "the whole message"
        }

        test "a request with such a state, and not with an internal error" {
            let request = Requests.ofNodes nodes """{"numInvocations":1}""" """{"toggleState":2}""" "[]"

            Expect.stringStarts
                (refusal 422 (DummyAutoscaler.Create()) Step.Plan request)
                "The request to plan is not valid: $.analyzeResult: expected a DummyAnalyzeResult, found something else: The toggle state is 0 or 1."
                "where and why"
        }

        test "nothing about two counts in a list" {
            Expect.equal (DummyOptions.From(3, [| 1; 7 |])) (DummyOptions(3, 1, 7)) "the same settings"
        }
    ]

let tests = testSequenced (testList "The dummy autoscaler" [ looping; arguments ])
