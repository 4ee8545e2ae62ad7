/// Algorithms that have not all steps, and what can be said about one besides its steps.
module Kta.Functional.Tests.FSharp.PartialAlgorithmTests

open System
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.Loads

let private steps (algorithm: Algorithm) = List.ofSeq algorithm.Steps

let private single =
    testList "A single step" [
        test "monitor is all there is" {
            let monitoring = algorithm { monitor (fun ctx -> load) }
            Expect.equal (steps monitoring) [ Step.Monitor ] "no other step"
            Expect.equal (answer monitoring Step.Monitor Requests.first) """{"recordsPerSecond":12000}""" "the result"
        }

        test "analyze sees what another process has monitored as a JsonObject" {
            let analyzing = algorithm {
                analyze (fun ctx -> {
                    Instances = (Unchecked.nonNull ctx.MonitorResult["instances"]).GetValue<int>()
                })
            }

            Expect.equal (steps analyzing) [ Step.Analyze ] "no other step"
            let request = requestWith """{"instances":7}""" "{}"
            Expect.equal (answer analyzing Step.Analyze request) """{"instances":7}""" "the result"
        }

        test "plan sees both results as JsonObjects" {
            let planning = algorithm {
                plan (fun ctx ->
                    ctx.Topology
                    |> Plan.forEach (fun node -> ctx.MonitorResult.Count + ctx.AnalyzeResult.Count))
            }

            Expect.equal (steps planning) [ Step.Plan ] "no other step"
            let request = requestWith """{"a":1,"b":2}""" """{"c":3}"""
            Expect.equal (answer planning Step.Plan request) (planText [ "orders"; "payments" ] 3) "the result"
        }

        test "analyze and plan are one process, monitor another" {
            let rest = algorithmFor<Load, Demand> {
                analyze (fun ctx -> demandOf ctx.MonitorResult)
                plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
            }

            Expect.equal (steps rest) [ Step.Analyze; Step.Plan ] "no monitor"
            let request = requestWith """{"recordsPerSecond":12000}""" """{"instances":3}"""

            Expect.equal
                (answer rest Step.Analyze request)
                """{"instances":3}"""
                "what another process monitored, typed"

            Expect.equal (answer rest Step.Plan request) (planText [ "orders"; "payments" ] 3) "and planned"
        }

        test "without analyze, the types of the rest stay" {
            let without = algorithm {
                monitor (fun ctx -> load)

                plan (fun ctx ->
                    ctx.Topology
                    |> Plan.forEach (fun node -> (demandOf ctx.MonitorResult).Instances))
            }

            let _: Algorithm<Load, JsonObject> = without
            Expect.equal (steps without) [ Step.Monitor; Step.Plan ] "no analyze"
            let request = requestWith """{"recordsPerSecond":12000}""" "{}"
            Expect.equal (answer without Step.Plan request) (planText [ "orders"; "payments" ] 3) "planned"
        }
    ]

let private settings =
    testList "Besides the steps" [
        test "nothing is said: the name is the default, and unreadable history is left out" {
            let silent = algorithm { monitor (fun ctx -> load) }

            Expect.equal
                (silent.Name, silent.Version, silent.UnreadableHistory)
                ("algorithm", "", UnreadableHistory.Skip)
                "the defaults of the C# face"
        }

        test "name, version and unreadable history go anywhere" {
            let inFront = algorithm {
                name "five thousand each"
                version "1.2"
                unreadableHistory UnreadableHistory.Cut
                monitor (fun ctx -> load)
            }

            let behind = algorithm {
                monitor (fun ctx -> load)
                unreadableHistory UnreadableHistory.Cut
                version "1.2"
                name "five thousand each"
            }

            let typedInFront = algorithmFor<Load, Demand> {
                name "five thousand each"
                version "1.2"
                unreadableHistory UnreadableHistory.Cut
                monitor (fun ctx -> load)
            }

            let typedBehind = algorithmFor<Load, Demand> {
                monitor (fun ctx -> load)
                unreadableHistory UnreadableHistory.Cut
                version "1.2"
                name "five thousand each"
            }

            let said (algorithm: Algorithm) = string algorithm, algorithm.Version, algorithm.UnreadableHistory
            let expected = "five thousand each (monitor)", "1.2", UnreadableHistory.Cut

            for algorithm in [ inFront :> Algorithm; behind; typedInFront; typedBehind ] do
                Expect.equal (said algorithm) expected "all three, in any order"
        }

        test "codecs stand behind their step, and decide what is written and read" {
            let snakes = JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
            let loads, demands = Codec.jsonWith<Load> snakes, Codec.jsonWith<Demand> snakes

            let inferred = algorithm {
                monitor (fun ctx -> load)
                monitorCodec loads
                analyze (fun ctx -> demandOf ctx.MonitorResult)
                analyzeCodec demands
                plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
            }

            let typed = algorithmFor<Load, Demand> {
                monitorCodec loads
                analyzeCodec demands
                monitor (fun ctx -> load)
                analyze (fun ctx -> demandOf ctx.MonitorResult)
            }

            let request = requestWith """{"records_per_second":12000}""" "{}"

            for algorithm in [ inferred :> Algorithm; typed ] do
                Expect.equal (answer algorithm Step.Monitor request) """{"records_per_second":12000}""" "written"
                Expect.equal (answer algorithm Step.Analyze request) """{"instances":3}""" "read"
        }
    ]

let private refused =
    testList "A result type is refused when the expression is evaluated:" [
        test "a function, which two parameters without a task are" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    algorithm { monitor (fun ctx (ct: Threading.CancellationToken) -> load) }
                    |> ignore))
                "monitor answers a function, but a result is a value. Write `fun ctx -> value`, or with a CancellationToken `fun ctx ct -> task { … }`."
                "the whole message"
        }

        test "a list, which is no JSON object" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () -> algorithm { monitor (fun ctx -> [ load ]) } |> ignore))
                "FSharpList<Load> cannot be the result of a step: it is not written as a JSON object, and the operator reads nothing else. Wrap it into a record, for example: record Load(double RecordsPerSecond)."
                "the whole message"
        }

        test "a task of a task" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    algorithm { monitor (fun ctx -> task { return Task.FromResult load }) }
                    |> ignore))
                "A step answers Task<Load>, but a result is a value, not a task. Write the function with two parameters, context and CancellationToken: C# `async (ctx, ct) => …`, F# `fun ctx ct -> task { … }`."
                "the whole message"
        }
    ]

let tests = testList "F# algorithms in part" [ single; settings; refused ]
