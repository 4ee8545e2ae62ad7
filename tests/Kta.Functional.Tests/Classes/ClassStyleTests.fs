module Kta.Functional.Tests.Classes.ClassStyleTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private classes: (string * IUdfs<Load, Demand> * Step list) list = [
    "AutoscalingAlgorithmUdfs", Threshold 5_000, [ Step.Monitor; Step.Analyze; Step.Plan ]
    "AutoscalingAlgorithmMonitorUdf", OnlyMonitor(), [ Step.Monitor ]
    "AutoscalingAlgorithmAnalyzeUdf", OnlyAnalyze(), [ Step.Analyze ]
    "AutoscalingAlgorithmPlanUdf", OnlyPlan(), [ Step.Plan ]
    "two interfaces", MonitorAndPlan(), [ Step.Monitor; Step.Plan ]
    "a base class and an interface", AnalyzeAndPlan(), [ Step.Analyze; Step.Plan ]
    "asynchronous interfaces", AllLater(), [ Step.Monitor; Step.Analyze; Step.Plan ]
]

/// Every class above decides the same, each for the steps it has.
let private expected step =
    match step with
    | Step.Monitor -> """{"recordsPerSecond":12000}"""
    | Step.Analyze -> """{"instances":3}"""
    | _ -> planText [ "orders" ] 3

let private request =
    Requests.ofNodes [ "orders" ] """{"recordsPerSecond":12000}""" """{"instances":3}""" "[]"

/// An object expression is a class too.
let private inFSharp = {
    new IMonitorUdf<Load, Demand> with
        member _.Monitor _ = Load 12_000.0
    interface IAsyncPlanUdf<Load, Demand> with
        member _.PlanAsync(context, _) = task { return context.ForEachNode(fun _ -> 3) }
}

let tests =
    testSequenced (
        testList "A class" [
            for what, instance, steps in classes @ [ "an F# object expression", inFSharp, [ Step.Monitor; Step.Plan ] ] do
                test $"with {what} has exactly these steps, and they answer" {
                    let algorithm = Algorithm.FromClass instance
                    Expect.sequenceEqual algorithm.Steps steps "the steps"

                    for step in steps do
                        Expect.equal (answer algorithm step request) (expected step) $"{step}"
                }

            test "gives the algorithm its name" {
                Expect.equal
                    (string (Algorithm.FromClass(Threshold 1)))
                    "Threshold (monitor, analyze, plan)"
                    "a plain class"

                Expect.equal (Algorithm.FromClass(Keeping<int>())).Name "Keeping<Int32>" "a generic class"
            }

            test "may have nothing to say in analyze" {
                let idle = Requests.ofNodes [ "orders" ] """{"recordsPerSecond":0}""" "{}" "[]"
                let algorithm = Algorithm.FromClass(Threshold 5_000)
                Expect.equal (answer algorithm Step.Analyze idle) "{}" "null is {}"
                Expect.equal (answer algorithm Step.Plan idle) (planText [ "orders" ] 1) "and null again in plan"
            }

            test "is one object for all calls" {
                let algorithm = Algorithm.FromClass(Threshold 6_000)
                let heavy = Requests.ofNodes [ "orders" ] """{"recordsPerSecond":12000}""" "{}" "[]"
                Expect.equal (answer algorithm Step.Analyze heavy) """{"instances":2}""" "with its own fields"
            }

            test "becomes an algorithm that can be changed like any other" {
                let changed = (Algorithm.FromClass(Threshold 5_000)).WithMonitor(fun _ -> Load 1.0)
                Expect.equal (answer changed Step.Monitor request) """{"recordsPerSecond":1}""" "another monitor"
            }

            test "that has a step twice is refused" {
                Expect.equal
                    (thrownBy<ArgumentException>(fun () -> Algorithm.FromClass(MonitorTwice()) |> ignore))
                    "MonitorTwice has its monitor step twice, synchronous and asynchronous. Keep one of them. (Parameter 'instance')"
                    "the whole message"
            }

            test "that has no step is refused" {
                Expect.equal
                    (thrownBy<ArgumentException>(fun () -> Algorithm.FromClass(NoStep()) |> ignore))
                    "NoStep has no step. Derive it from AutoscalingAlgorithmUdfs, or implement IMonitorUdf, IAnalyzeUdf, IPlanUdf or their asynchronous forms. (Parameter 'instance')"
                    "the whole message"
            }
        ]
    )
