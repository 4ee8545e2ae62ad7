module Kta.Functional.Tests.ResultTypeTests

open System
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private taskMessage (shown: string) =
    $"A step answers {shown}, but a result is a value, not a task. Write the function with two parameters, context and CancellationToken: C# `async (ctx, ct) => …`, F# `fun ctx ct -> task {{ … }}`."

let private notAnObject (shown: string) =
    $"{shown} cannot be the result of a step: it is not written as a JSON object, and the operator reads nothing else. Wrap it into a record, for example: record Load(double RecordsPerSecond)."

let tests =
    testSequenced (
        testList "A result is refused that is" [
            for what, make, shown in
                [
                    "a task as monitor's result in C#",
                    (fun () -> Refused.TaskAsMonitorResult() |> ignore),
                    "Task<Load>"
                    "a task as analyze's result in C#",
                    (fun () -> Refused.TaskAsAnalyzeResult() |> ignore),
                    "Task<Demand>"
                    "a task in F#",
                    (fun () ->
                        Algorithm.Monitor(fun _ -> task { return Load 1.0 }).Plan(fun _ -> Plan.Single 1)
                        |> ignore),
                    "Task<Load>"
                    "an Async in F#",
                    (fun () ->
                        Algorithm.Monitor(fun _ -> async { return Load 1.0 }).Plan(fun _ -> Plan.Single 1)
                        |> ignore),
                    "FSharpAsync<Load>"
                    "a task of a task",
                    (fun () ->
                        Algorithm
                            .For<Task<Load>, Demand>()
                            .WithMonitor(fun _ _ -> task { return task { return Load 1.0 } })
                        |> ignore),
                    "Task<Load>"
                ] do
                test what { Expect.equal (thrownBy<ArgumentException> make) (taskMessage shown) "the whole message" }

            for shown, codec in
                [
                    "String", (fun () -> Refused.Text().MonitorCodec :> obj)
                    "List<Int32>", (fun () -> Refused.List().MonitorCodec :> obj)
                    "Int32[]", (fun () -> Refused.Array().MonitorCodec :> obj)
                    "FSharpList<Int32>", (fun () -> Codec.Json<int list>() :> obj)
                    "Uri", (fun () -> Codec.Json<Uri>() :> obj)
                    "JsonArray", (fun () -> Codec.Json<JsonArray>() :> obj)
                    "String[]", (fun () -> Codec.Json ResultsContext.Default.StringArray :> obj)
                ] do
                test $"{shown}, because it cannot be a JSON object" {
                    Expect.equal (thrownBy<ArgumentException>(codec >> ignore)) (notAnObject shown) "the whole message"
                }

            for what, algorithm, written in
                [
                    "a class that is written as text", Refused.Converted() :> Algorithm, "Disguised"
                    "a number where any object is allowed", Refused.Anything(JsonValue.Create 5), "JsonNode"
                    "a list where any object is allowed", Refused.Anything(JsonArray()), "JsonNode"
                ] do
                test $"{what}, when it is written" {
                    Expect.equal
                        (refusal 500 algorithm Step.Monitor Requests.first)
                        $"monitor failed: the result {written} is not written as a JSON object, and the operator reads nothing else. Wrap it into a record, for example: record Load(double RecordsPerSecond)."
                        "the whole message"
                }

            test "text, before the first call" {
                Expect.equal
                    (thrownBy<ArgumentException>(fun () -> StepRunner(Refused.Text()) |> ignore))
                    (notAnObject "String")
                    "the whole message"
            }

            test "not text with a codec that makes an object of it" {
                let wrapped =
                    Refused
                        .Text()
                        .WithMonitorCodec(
                            Codec.FromText<string>((fun text -> $$"""{"text":"{{text}}"}"""), (fun _ -> ""))
                        )

                Expect.equal (answer wrapped Step.Monitor Requests.first) """{"text":"text"}""" "an object"
            }
        ]
    )
