/// Tests that docs/test-an-algorithm.md shows. Another test compares.
module Kta.Functional.Tests.FSharp.TestingSnippets

open System
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests

module Autoscaler =

    type Load = { RecordsPerSecond: float }
    type Demand = { Instances: int }

    /// Up at once, down by one instance at a time.
    let decide (ctx: PlanContext<Load, Demand>) =
        let before node =
            ctx.History
            |> History.tryLatest
            |> Option.bind (fun entry -> entry.Plan |> Plan.tryFind node)
            |> Option.defaultValue 1

        ctx.Topology
        |> Plan.forEach (fun node -> max ctx.AnalyzeResult.Instances (before node - 1))

    /// A minute of many records.
    let careful = algorithmFor<Load, Demand> {
        monitor (fun ctx -> {
            RecordsPerSecond = if ctx.StartedAt.Minute = 1 then 20_000.0 else 3_000.0
        })

        analyze (fun ctx -> {
            Instances = Parallelism.ofFloat (ctx.MonitorResult.RecordsPerSecond / 5_000.0)
        })

        plan decide
    }

open Autoscaler

let private orders = TopologyNode.Deployment "orders"

let private steps =
    testList "in F#" [
        test "Down by one instance at a time" {
            let busy = HistoryEntry({ RecordsPerSecond = 20_000.0 }, { Instances = 4 }, Plan.ofSeq [ orders, 4 ])
            let ctx = PlanContext(Topology.Of orders, { RecordsPerSecond = 3_000.0 }, { Instances = 1 }, [ busy ])
            Expect.equal (decide ctx) (Plan.ofSeq [ orders, 3 ]) "not 1 at once"
        }

        testTask "Five minutes with one that is busy" {
            let options =
                LocalOperatorOptions(
                    Clock = VirtualClock(),
                    Interval = TimeSpan.FromMinutes 1.0,
                    NewId = IterationIds.Numbered()
                )

            let! (run: LocalRun) =
                LocalOperator.RunAsync(careful, Topology.Of orders, iterations = 5, options = options)

            Expect.equal
                [ for decision in run.Decisions -> decision[orders] ]
                [ 1; 4; 3; 2; 1 ]
                "up at once, down by one"
        }

        testCaseTask "The same answer for the same context"
        <| fun () -> task {
            let quiet = PlanContext(Topology.Of orders, { RecordsPerSecond = 3_000.0 }, { Instances = 1 })
            let busy = PlanContext(Topology.Of orders, { RecordsPerSecond = 20_000.0 }, { Instances = 4 })

            do! careful.AskTwiceAsync(quiet, busy)
            let! _ = LocalOperator.AskTwiceAsync(careful, Topology.Of orders)
            ()
        }

        testTask "The same over HTTP" {
            use! (server: RunningHttpBackend) =
                careful
                |> HttpBackend.startWith (HttpBackendOptions(Host = "127.0.0.1", Port = 0))

            let options = LocalOperatorOptions(Clock = VirtualClock(), Interval = TimeSpan.FromMinutes 1.0)

            let! (run: LocalRun) =
                LocalOperator.RunAsync(StepEndpoints.At(string server.BaseAddress), Topology.Of orders, 5, options)

            Expect.equal
                [ for decision in run.Decisions -> decision[orders] ]
                [ 1; 4; 3; 2; 1 ]
                "up at once, down by one"
        }
    ]

let private page = lazy (Repository.read "docs/test-an-algorithm.md")

let private inCSharp =
    testList "in C#" [
        for name, run in
            [
                "a step", CSharp.TestingSnippets.UnitTest
                "a loop", CSharp.TestingSnippets.Loop
                "twice", CSharp.TestingSnippets.Twice
                "over HTTP", CSharp.TestingSnippets.OverHttp
                "a failure", CSharp.TestingSnippets.Failure
            ] do
            testCaseTask name <| fun () -> task { do! run () }

        testCaseTask "the table is the one the page shows"
        <| fun () -> task {
            let! table = CSharp.TestingSnippets.Table()
            Expect.stringContains page.Value (table.ReplaceLineEndings "\n") "what the code prints"
        }
    ]

let tests = testList "F# tests of an algorithm, as documented," [ steps; inCSharp ]
