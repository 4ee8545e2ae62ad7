module Kta.Functional.Tests.FSharp.TypedHistoryTests

open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.Loads

type Count = { Seen: int }

/// How many iterations the history has.
let private seen (history: History<Count, Count>) = { Seen = Seq.length history }

let private planned (ctx: PlanContext<Count, Count>) =
    ctx.Topology |> Plan.forEach (fun _ -> 1 + ctx.MonitorResult.Seen)

let private forms = [
    "values",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> seen ctx.History)
        analyze (fun ctx -> seen ctx.History)
        plan (fun ctx -> planned ctx)
    }
    "tasks",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> task { return seen ctx.History })
        analyze (fun ctx -> task { return seen ctx.History })
        plan (fun ctx -> task { return planned ctx })
    }
    "asyncs",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> async { return seen ctx.History })
        analyze (fun ctx -> async { return seen ctx.History })
        plan (fun ctx -> async { return planned ctx })
    }
    "tasks with a token",
    algorithmFor<Count, Count> {
        monitor (fun ctx ct -> task { return seen ctx.History })
        analyze (fun ctx ct -> task { return seen ctx.History })
        plan (fun ctx ct -> task { return planned ctx })
    }
    "options",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> seen ctx.History)
        analyze (fun ctx -> Some(seen ctx.History))
        plan (fun ctx -> planned ctx)
    }
    "tasks of options",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> seen ctx.History)
        analyze (fun ctx -> task { return Some(seen ctx.History) })
        plan (fun ctx -> planned ctx)
    }
    "asyncs of options",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> seen ctx.History)
        analyze (fun ctx -> async { return Some(seen ctx.History) })
        plan (fun ctx -> planned ctx)
    }
    "tasks of options with a token",
    algorithmFor<Count, Count> {
        monitor (fun ctx -> seen ctx.History)
        analyze (fun ctx ct -> task { return Some(seen ctx.History) })
        plan (fun ctx -> planned ctx)
    }
]

let private inAllSteps =
    testList "algorithmFor has the history in every step, from" [
        for form, counting in forms do
            testCaseTask form
            <| fun () -> task {
                let! run = turn 3 counting

                Expect.equal
                    [ for i in run.Iterations -> i.MonitorResult, i.AnalyzeResult ]
                    [ for n in 0..2 -> $$"""{"seen":{{n}}}""", $$"""{"seen":{{n}}}""" ]
                    "one more in each iteration"

                Expect.equal (decisions run) [ [ 1; 1 ]; [ 2; 2 ]; [ 3; 3 ] ] "and what is planned of it"
            }
    ]

let private entry instances (demand: Demand option) topology =
    HistoryEntry<Load, Demand>(
        { RecordsPerSecond = float instances },
        Option.toObj demand,
        Plan.forEach (fun _ -> instances) topology
    )

let private history =
    History [
        entry 3 None two
        entry 2 (Some { Instances = 2 }) (Topology.Of audit)
        entry 1 (Some { Instances = 1 }) two
    ]

let private reading =
    testList "The History module" [
        test "gives nothing of an empty history" {
            let empty = History<Load, Demand>.Empty
            Expect.equal (History.tryLatest empty) None "no newest entry"
            Expect.isEmpty (History.monitorResults empty) "no results of monitor"
            Expect.isEmpty (History.analyzeResults empty) "no results of analyze"
            Expect.isEmpty (empty |> History.about two) "nothing about any topology"
        }

        test "gives the newest entry, with None for what analyze did not say" {
            Expect.equal
                (history
                 |> History.tryLatest
                 |> Option.map (fun entry -> entry.MonitorResult, entry.TryAnalyzeResult))
                (Some({ RecordsPerSecond = 3.0 }, None))
                "the first one"
        }

        test "gives the results newest first, without what analyze did not say" {
            Expect.equal
                (history |> History.monitorResults |> Seq.map _.RecordsPerSecond |> List.ofSeq)
                [ 3.0; 2.0; 1.0 ]
                "monitor answers always"

            Expect.equal
                (history |> History.analyzeResults |> List.ofSeq)
                [ { Instances = 2 }; { Instances = 1 } ]
                "analyze"
        }

        test "leaves out what is about other nodes" {
            Expect.equal
                (history
                 |> History.about (Topology.Of(payments, orders))
                 |> History.monitorResults
                 |> List.ofSeq)
                [ { RecordsPerSecond = 3.0 }; { RecordsPerSecond = 1.0 } ]
                "the same nodes in any order"
        }

        test "decodes no more than is asked for" {
            let untouched =
                History(
                    seq {
                        entry 1 None two
                        failtest "the second entry was decoded"
                    }
                )

            Expect.isSome (History.tryLatest untouched) "the first"
            Expect.equal (untouched |> History.monitorResults |> Seq.truncate 1 |> Seq.length) 1 "the first"
        }

        test "plan has it in an inferred algorithm" {
            let inferred = algorithm {
                monitor (fun ctx -> load)
                analyze (fun ctx -> demandOf ctx.MonitorResult)

                plan (fun ctx ->
                    ctx.History
                    |> History.tryLatest
                    |> Option.bind _.TryAnalyzeResult
                    |> Option.map _.Instances
                    |> Option.defaultValue 9
                    |> Plan.single)
            }

            let request history = Requests.ofNodes [ "orders" ] "{}" "{}" history
            let earlier = Requests.entry """{"recordsPerSecond":1}""" """{"instances":4}"""
            Expect.equal (answer inferred Step.Plan (request "[]")) (planText [ "orders" ] 9) "no entry"
            Expect.equal (answer inferred Step.Plan (request $"[{earlier}]")) (planText [ "orders" ] 4) "the entry's"
        }
    ]

let tests = testList "F# history" [ inAllSteps; reading ]
