module Kta.Functional.Tests.FSharp.AlgorithmExpressionTests

open Expecto
open Kta.Functional.FSharp
open Kta.Functional.Tests.FSharp.Loads

// That these compile is what is tested first: nothing is annotated.

let private monitors = [
    "a value",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> demandOf ctx.MonitorResult)
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "a task",
    algorithm {
        monitor (fun ctx -> task { return load })
        analyze (fun ctx -> demandOf ctx.MonitorResult)
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "an async",
    algorithm {
        monitor (fun ctx -> async { return load })
        analyze (fun ctx -> demandOf ctx.MonitorResult)
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "a task with a token",
    algorithm {
        monitor (fun ctx ct -> task { return load })
        analyze (fun ctx -> demandOf ctx.MonitorResult)
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
]

let private analyzes = [
    "a task",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> task { return demandOf ctx.MonitorResult })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "an async",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> async { return demandOf ctx.MonitorResult })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "a task with a token",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx ct -> task { return demandOf ctx.MonitorResult })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "an option",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> Some(demandOf ctx.MonitorResult))
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "a task of an option",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> task { return Some(demandOf ctx.MonitorResult) })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "an async of an option",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> async { return Some(demandOf ctx.MonitorResult) })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
    "a task of an option with a token",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx ct -> task { return Some(demandOf ctx.MonitorResult) })
        plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
    }
]

let private plans = [
    "a task",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> demandOf ctx.MonitorResult)

        plan (fun ctx -> task { return ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances) })
    }
    "an async",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> demandOf ctx.MonitorResult)

        plan (fun ctx -> async { return ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances) })
    }
    "a task with a token",
    algorithm {
        monitor (fun ctx -> load)
        analyze (fun ctx -> demandOf ctx.MonitorResult)

        plan (fun ctx ct -> task { return ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances) })
    }
]

let private forms =
    let decideTheSame step algorithms =
        testList $"{step} gives" [
            for form, algorithm in algorithms do
                testCaseTask form
                <| fun () -> task {
                    let! turn = firstTurn algorithm
                    let expected = """{"recordsPerSecond":12000}""", """{"instances":3}""", [ 3; 3 ]
                    Expect.equal turn expected "the same decision as in every other form"
                }
        ]

    testList "Whatever" [
        decideTheSame "monitor" monitors
        decideTheSame "analyze" analyzes
        decideTheSame "plan" plans
    ]

let private silent =
    let planned analyzed = task {
        let! turn = firstTurn analyzed
        Expect.equal turn ("""{"recordsPerSecond":12000}""", "{}", [ 1; 1 ]) "{} on the wire, None in plan"
    }

    testList "Nothing to say is {} on the wire and None in plan, from" [
        testCaseTask "a value"
        <| fun () ->
            planned (
                algorithm {
                    monitor (fun ctx -> load)

                    analyze (fun ctx ->
                        if ctx.MonitorResult = load then
                            None
                        else
                            Some(demandOf load))

                    plan (fun ctx -> orOne ctx.TryAnalyzeResult ctx.Topology)
                }
            )

        testCaseTask "a task"
        <| fun () ->
            planned (
                algorithm {
                    monitor (fun ctx -> load)

                    analyze (fun ctx -> task {
                        return
                            if ctx.MonitorResult = load then
                                None
                            else
                                Some(demandOf load)
                    })

                    plan (fun ctx -> orOne ctx.TryAnalyzeResult ctx.Topology)
                }
            )

        testCaseTask "an async"
        <| fun () ->
            planned (
                algorithm {
                    monitor (fun ctx -> load)

                    analyze (fun ctx -> async {
                        return
                            if ctx.MonitorResult = load then
                                None
                            else
                                Some(demandOf load)
                    })

                    plan (fun ctx -> orOne ctx.TryAnalyzeResult ctx.Topology)
                }
            )

        testCaseTask "a task with a token"
        <| fun () ->
            planned (
                algorithm {
                    monitor (fun ctx -> load)

                    analyze (fun ctx ct -> task {
                        return
                            if ctx.MonitorResult = load then
                                None
                            else
                                Some(demandOf load)
                    })

                    plan (fun ctx -> orOne ctx.TryAnalyzeResult ctx.Topology)
                }
            )

        testCaseTask "no analyze step at all"
        <| fun () ->
            planned (
                algorithm {
                    monitor (fun ctx -> load)

                    plan (fun ctx ->
                        ctx.Topology
                        |> Plan.forEach (fun node -> if ctx.TryAnalyzeResult.IsNone then 1 else 9))
                }
            )
    ]

let tests = testList "F# algorithm expressions" [ forms; silent ]
