/// Tests that docs/test-an-algorithm.md shows. Another test compares.
module Kta.Functional.Tests.FSharp.TestingSnippets

open System
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Testing
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
        testTask "Down by one instance at a time" {
            let contexts =
                Contexts.For(careful).After({ RecordsPerSecond = 20_000.0 }, { Instances = 4 }, parallelism = 4)

            let! (plan: Plan) = careful.PlanAsync(contexts.Plan({ RecordsPerSecond = 3_000.0 }, { Instances = 1 }))
            plan.Expect 3 |> ignore
        }

        test "The function alone" {
            let contexts =
                Contexts.For(careful).After({ RecordsPerSecond = 20_000.0 }, { Instances = 4 }, parallelism = 4)

            let plan = decide (contexts.Plan({ RecordsPerSecond = 3_000.0 }, { Instances = 1 }))
            plan.Expect 3 |> ignore
        }

        testTask "A peak of one iteration" {
            let peak = [ for rate in 3_000.0 :: 20_000.0 :: List.replicate 6 3_000.0 -> { RecordsPerSecond = rate } ]
            let! (run: LocalRun) = Contexts.For(careful).RunAsync peak

            run
                .ExpectReaches(4, within = TimeSpan.FromSeconds 30.0)
                .ExpectNeverAbove(4)
                .ExpectAtMostChanges(4)
                .ExpectSettledWithin(TimeSpan.FromSeconds 90.0, after = TimeSpan.FromSeconds 30.0)
            |> ignore
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
            let quiet = Contexts.For(careful).Plan({ RecordsPerSecond = 3_000.0 }, { Instances = 1 })
            let busy = Contexts.For(careful).Plan({ RecordsPerSecond = 20_000.0 }, { Instances = 4 })

            do! careful.AskTwiceAsync(quiet, busy)
            let! _ = LocalOperator.AskTwiceAsync(careful, Topology.Of orders)
            ()
        }

        testCaseTask "The same over HTTP"
        <| fun () -> task {
            let options = LocalOperatorOptions(Interval = TimeSpan.FromMinutes 1.0)
            use! op = FakeOperator.StartAsync(careful, options = options)

            let! quiet = op.IterateAsync()
            let! busy = op.IterateAsync(CallFault.ReplyLost Step.Plan, CallFault.CallerGone Step.Monitor)
            Expect.equal busy.MonitorResult { RecordsPerSecond = 20_000.0 } "what monitor answered"
            busy.Plan.Expect 4 |> ignore

            let! run = op.RunAsync 3
            run.ExpectNeverAbove 4 |> ignore
            let! again = op.ReplayAsync()
            again.ThrowIfDifferent()

            quiet.Plan.Expect 1 |> ignore
        }

        testCaseTask "The same without use!, as in a script"
        <| fun () -> task {
            let! op = FakeOperator.StartAsync careful

            try
                let! first = op.IterateAsync()
                first.Plan.Expect 1 |> ignore
            finally
                op.DisposeAsync().AsTask().Wait()
        }

        testList "Decides as recorded" [
            for decision in RecordedCases.Read "decisions.jsonl" do
                testCaseTask decision.Name <| fun () -> task { do! decision.CheckAsync careful }
        ]
    ]

let private page = lazy (Repository.read "docs/test-an-algorithm.md")

let private shows (text: string) =
    Expect.stringContains page.Value (text.ReplaceLineEndings "\n") "what the code prints"

let private inCSharp =
    testList "in C#" [
        for name, run in
            [
                "a step", CSharp.TestingSnippets.UnitTest
                "a trajectory", (fun () -> CSharp.TestingSnippets.Trajectory(CSharp.TestingSnippets.Careful()))
                "a loop", CSharp.TestingSnippets.Loop
                "twice", CSharp.TestingSnippets.Twice
                "over HTTP", CSharp.TestingSnippets.OverHttp
                "a failure", CSharp.TestingSnippets.Failure
            ] do
            testCaseTask name <| fun () -> task { do! run () }

        testCaseTask "other contexts: what a step sees of the past"
        <| fun () -> task {
            let! contexts = CSharp.TestingSnippets.OtherContexts()

            Expect.equal
                [ for ctx in contexts -> [ for entry in ctx.History -> List.ofSeq entry.Parallelism.Values ] ]
                [ [ [ 4 ]; [ 4 ]; [ 4 ] ]; [ [ 8 ] ]; []; [ for n in [ 3; 4; 4; 1; 1 ] -> [ n ] ] ]
                "newest first"
        }

        for what, decisions, failure in
            [
                "flaps",
                [ 1; 4; 1; 4; 1; 4; 1; 4 ],
                "There are 7 changes of the parallelism, at most 4 were expected. All of them:"
                "moves late",
                [ 1; 4; 4; 4; 4; 4; 4; 1 ],
                "The parallelism still changes at 00:03:30, Deployment/app from 4 to 1; it was expected to settle within 90 s after 00:00:30."
                "is slow",
                [ 1; 1; 4; 1; 1; 1; 1; 1 ],
                "Deployment/app was expected to reach 4 instances within 30 s after 00:00:00, but it had 1."
                "goes too far",
                [ 1; 4; 5; 1; 1; 1; 1; 1 ],
                "Deployment/app has 5 instances at 00:01:00; never more than 4 were expected."
            ] do
            test $"the trajectory the page expects is not that of a rule that {what}" {
                let rule =
                    CSharp.TestingSnippets
                        .Careful()
                        .WithPlan(fun (ctx: PlanContext<CSharp.Load, CSharp.Demand>) ->
                            Plan.Single decisions[Seq.length ctx.History])

                let unmet =
                    Calls.thrownBy<ExpectationException>(fun () ->
                        CSharp.TestingSnippets.Trajectory(rule).GetAwaiter().GetResult())

                Expect.equal (unmet.ReplaceLineEndings("\n").Split('\n')[0]) failure "what it is for"
            }

        testCaseTask "the table is the one the page shows"
        <| fun () -> task {
            let! table = CSharp.TestingSnippets.Table()
            shows table
        }

        testCaseTask "the failure is the one the page shows"
        <| fun () -> task {
            try
                do! CSharp.TestingSnippets.Unmet()
                failtest "the expectation was met"
            with :? ExpectationException as unmet ->
                shows unmet.Message
        }
    ]

/// As the frameworks do it: a test for each case of the source.
let private inOtherFrameworks =
    testList "in other frameworks" [
        for name in CSharp.XunitSnippets.Names do
            testCaseTask $"xUnit: {name.Data}"
            <| fun () -> task { do! CSharp.XunitSnippets.DecidesAsRecorded name.Data }

        for decision in CSharp.NUnitSnippets.Decisions do
            testCaseTask $"NUnit: {decision}"
            <| fun () -> task { do! CSharp.NUnitSnippets.DecidesAsRecorded decision }
    ]

let tests = testList "F# tests of an algorithm, as documented," [ steps; inCSharp; inOtherFrameworks ]
