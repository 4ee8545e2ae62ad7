module Kta.Functional.Tests.AlgorithmTests

open System
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

type Rate = { RecordsPerSecond: float }
type Need = { Instances: int }

let private needOf (rate: Rate) = {
    Instances = int (ceil (rate.RecordsPerSecond / 5_000.0))
}

let private rateLater (token: CancellationToken) = task {
    do! Task.Yield()
    token.ThrowIfCancellationRequested()
    return { RecordsPerSecond = 12_000.0 }
}

/// The same decision as in the C# file Forms.cs, in the ways F# has for it.
let private inFSharp: (string * Algorithm) list = [
    "Create",
    Algorithm.Create<Rate, Need>(
        monitor = (fun _ -> { RecordsPerSecond = 12_000.0 }),
        analyze = (fun (ctx: AnalyzeContext<Rate, Need>) -> needOf ctx.MonitorResult),
        plan =
            (fun (ctx: PlanContext<Rate, Need>) -> Plan.ForEach(ctx.Topology, (fun _ -> ctx.AnalyzeResult.Instances)))
    )
    "Create, asynchronous",
    Algorithm.Create<Rate, Need>(
        monitor = (fun _ token -> rateLater token),
        analyze = (fun (ctx: AnalyzeContext<Rate, Need>) _ -> task { return needOf ctx.MonitorResult }),
        plan =
            (fun (ctx: PlanContext<Rate, Need>) _ -> task {
                return ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances)
            })
    )
    "Create, mixed",
    Algorithm.Create<Rate, Need>(
        monitor = (fun _ token -> rateLater token),
        analyze = (fun (ctx: AnalyzeContext<Rate, Need>) -> needOf ctx.MonitorResult),
        plan = (fun (ctx: PlanContext<Rate, Need>) -> ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances))
    )
    "stepwise",
    Algorithm
        .Monitor(fun _ -> { RecordsPerSecond = 12_000.0 })
        .Analyze(fun ctx -> needOf ctx.MonitorResult)
        .Plan(fun ctx -> ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances))
    "stepwise, asynchronous",
    Algorithm
        .Monitor(fun _ token -> rateLater token)
        .Analyze(fun ctx _ -> task { return needOf ctx.MonitorResult })
        .Plan(fun ctx _ -> task { return ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances) })
    "For and With",
    Algorithm
        .For<Rate, Need>()
        .WithMonitor(fun _ -> { RecordsPerSecond = 12_000.0 })
        .WithAnalyze(fun ctx _ -> task { return needOf ctx.MonitorResult })
        .WithPlan(fun ctx -> ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances))
]

let private twoStepsInFSharp: (string * Algorithm) list = [
    "Create",
    Algorithm.Create<Rate>(
        monitor = (fun _ -> { RecordsPerSecond = 12_000.0 }),
        plan =
            (fun (ctx: PlanContext<Rate, JsonObject>) -> ctx.ForEachNode(fun _ -> (needOf ctx.MonitorResult).Instances))
    )
    "stepwise",
    Algorithm
        .Monitor(fun _ token -> rateLater token)
        .Plan(fun ctx -> ctx.ForEachNode(fun _ -> (needOf ctx.MonitorResult).Instances))
]

let private request =
    Requests.ofNodes [ "orders"; "payments" ] """{"recordsPerSecond":12000}""" """{"instances":3}""" "[]"

let private decides (algorithm: Algorithm) =
    Expect.equal (answer algorithm Step.Monitor request) """{"recordsPerSecond":12000}""" "monitor"

    if Seq.contains Step.Analyze algorithm.Steps then
        Expect.equal (answer algorithm Step.Analyze request) """{"instances":3}""" "analyze"

    Expect.equal (answer algorithm Step.Plan request) (planText [ "orders"; "payments" ] 3) "plan"

let private forms =
    let all = [ Step.Monitor; Step.Analyze; Step.Plan ]
    let two = [ Step.Monitor; Step.Plan ]
    let upcasted forms = [ for KeyValue(name, form) in forms -> name, (form: #Algorithm) :> Algorithm ]

    testList "decides the same in every form" [
        for language, steps, list in
            [
                "C#", all, upcasted Forms.OfThreeSteps
                "F#", all, inFSharp
                "C# without analyze", two, upcasted Forms.OfTwoSteps
                "F# without analyze", two, twoStepsInFSharp
            ] do
            for name, algorithm in list do
                test $"{language}, {name}" {
                    Expect.sequenceEqual algorithm.Steps steps "the steps"
                    decides algorithm
                }
    ]

let private three = Forms.OfThreeSteps["synchronous"]

let private single =
    testList "of single steps" [
        for what, algorithm, step in
            [
                "CreateMonitor", Algorithm.CreateMonitor<Load>(fun _ -> Load 12_000.0) :> Algorithm, Step.Monitor
                "CreateMonitor, asynchronous",
                Algorithm.CreateMonitor<Load>(fun _ _ -> Task.FromResult(Load 12_000.0)),
                Step.Monitor
                "CreateMonitor with both types",
                Algorithm.CreateMonitor<Load, Demand>(fun _ -> Load 12_000.0),
                Step.Monitor
                "CreateAnalyze", Algorithm.CreateAnalyze<Load, Demand>(fun _ -> Demand 3), Step.Analyze
                "CreateAnalyze, asynchronous",
                Algorithm.CreateAnalyze<Load, Demand>(fun _ _ -> task { return Demand 3 }),
                Step.Analyze
                "CreatePlan",
                Algorithm.CreatePlan<Load>(fun (ctx: PlanContext<Load, JsonObject>) -> ctx.ForEachNode(fun _ -> 3)),
                Step.Plan
                "CreatePlan with both types",
                Algorithm.CreatePlan<Load, Demand>(fun (ctx: PlanContext<Load, Demand>) ->
                    ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances)),
                Step.Plan
            ] do
            test $"{what} has only that step, and it answers as in the whole loop" {
                Expect.sequenceEqual algorithm.Steps [ step ] "one step"
                Expect.equal (answer algorithm step request) (answer three step request) "the same answer"
            }

        test "WithOnly keeps the named steps" {
            Expect.sequenceEqual (three.WithOnly Step.Plan).Steps [ Step.Plan ] "one"

            Expect.sequenceEqual
                (three.WithOnly(Step.Plan, Step.Monitor)).Steps
                [ Step.Monitor; Step.Plan ]
                "two, in the order of the loop"

            Expect.isEmpty (three.WithOnly [||]).Steps "none"
            Expect.sequenceEqual three.Steps [ Step.Monitor; Step.Analyze; Step.Plan ] "the original is unchanged"
        }

        test "WithOnly refuses a step that is not there" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    (three.WithName "dummy").WithOnly(Step.Plan).WithOnly(Step.Plan, Step.Analyze)
                    |> ignore))
                "dummy (plan) has no analyze step. (Parameter 'steps')"
                "the whole message"
        }
    ]

let private values =
    testList "is a value" [
        test "a step can be replaced without changing the original" {
            let other = three.WithMonitor(fun _ -> Load 1.0)
            Expect.equal (answer other Step.Monitor request) """{"recordsPerSecond":1}""" "replaced"
            decides three
        }

        test "with a name and a version for logs" {
            let named = three.WithName("shop", "1.2")

            Expect.equal
                (named.Name, named.Version, string named)
                ("shop", "1.2", "shop (monitor, analyze, plan)")
                "named"

            Expect.equal (three.Name, three.Version) ("algorithm", "") "by default"
        }

        test "that says whether a step is asynchronous" {
            let isAsync (algorithm: Algorithm<Load, Demand>) = (Unchecked.nonNull algorithm.Monitor).IsAsync
            Expect.isFalse (isAsync three) "synchronous"
            Expect.isTrue (isAsync Forms.OfThreeSteps["asynchronous"]) "asynchronous"
        }

        testTask "whose steps can be called in a test, exceptions as they are" {
            let failing = three.WithMonitor(fun _ -> raise (DivideByZeroException "no records"))
            let monitor = Unchecked.nonNull failing.Monitor

            let! (outcome: Result<Load, exn>) = task {
                try
                    let! load = monitor.InvokeAsync(MonitorContext<Load, Demand>(Topology.Of orders))
                    return Ok load
                with error ->
                    return Error error
            }

            Expect.equal
                (outcome |> Result.mapError (fun (error: exn) -> error.Message))
                (Error "no records")
                "not wrapped"
        }

        test "analyze may have nothing to say" {
            let silent = three.WithAnalyze(fun _ -> null)
            Expect.equal (answer silent Step.Analyze request) "{}" "null is {}"
        }
    ]

let tests = testSequenced (testList "An algorithm" [ forms; single; values ])
