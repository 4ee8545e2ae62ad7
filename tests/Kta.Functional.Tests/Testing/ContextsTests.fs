module Kta.Functional.Tests.Testing.ContextsTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Testing
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.TestingSnippets.Autoscaler

let private load rate = { RecordsPerSecond = rate }
let private at minutes = DateTimeOffset(2025, 1, 1, 0, minutes, 0, TimeSpan.Zero)
let private given = Contexts.For careful

/// What a context shows of its history: rates and applied parallelism.
let private past (ctx: PlanContext<Load, Demand>) = [
    for entry in ctx.History -> entry.MonitorResult.RecordsPerSecond, List.ofSeq entry.Parallelism.Values
]

let private plan (contexts: Contexts<Load, Demand>) = contexts.Plan(load 1.0, { Instances = 1 })

let private strictly (way: UnreadableHistory) = Contexts.For(careful.WithUnreadableHistory way)

/// A foreign entry between two of one's own.
let private withForeign (contexts: Contexts<Load, Demand>) =
    contexts
        .After(load 1.0, { Instances = 1 }, 1)
        .AfterJson("""{"cpu":0.8}""", "{}", Plan.ofSeq [ payments, 7 ])
        .After(load 2.0, { Instances = 2 }, 2)

let tests =
    testList "Contexts for tests" [
        test "without more they are of the first iteration, about one Deployment" {
            let ctx = given.Plan(load 12_000.0, { Instances = 3 })
            Expect.equal ctx.Topology (Topology.Of(deployment "app")) "topology"
            Expect.equal (ctx.StartedAt, ctx.Id) (at 0, "00000000-0000-4000-8000-000000000001") "time and id"
            Expect.isTrue ctx.History.IsEmpty "no history"
            Expect.equal (ctx.MonitorResult, ctx.AnalyzeResult) (load 12_000.0, { Instances = 3 }) "results"
            Expect.equal (string given) "2025-01-01 00:00:00 UTC, Deployment/app, 0 earlier iterations" "as text"
        }

        testTask "each step has one, typed by the algorithm, and is called in one line" {
            let! (monitored: Load) = careful.MonitorAsync(given.Monitor())
            Expect.equal monitored (load 3_000.0) "monitor"
            let! (analyzed: Demand | null) = careful.AnalyzeAsync(given.Analyze monitored)
            Expect.equal analyzed { Instances = 1 } "analyze"
            let! (plan: Plan) = careful.PlanAsync(given.Plan(monitored, { Instances = 2 }))
            Expect.equal plan (Plan.ofSeq [ deployment "app", 2 ]) "plan"
        }

        test "what is named changes, everything else stays, and the first value as well" {
            let topology = Topology.Of(orders, payments)

            let other =
                given.With(topology = topology, startedAt = at 5, interval = minutes 1, historyLength = 2, id = "x")

            Expect.equal (other.Topology, other.StartedAt, other.Interval) (topology, at 5, minutes 1) "what is named"
            Expect.equal (other.HistoryLength, other.Id) (2, "x") "this, too"
            Expect.equal (given.With(id = "y").StartedAt) (at 0) "what is not named"
            Expect.equal (given.Topology.Count, given.Interval) (1, seconds 30) "the first one"
        }

        test "what happened is told in its order, and the history is newest first, an interval apart" {
            let contexts =
                given
                    .With(interval = minutes 1)
                    .After(load 3_000.0, { Instances = 1 }, 1)
                    .After(load 20_000.0, { Instances = 4 }, 4)

            let ctx = plan contexts
            Expect.equal (past ctx) [ 20_000.0, [ 4 ]; 3_000.0, [ 1 ] ] "newest first"
            Expect.equal [ for entry in ctx.History -> entry.StartedAt ] [ at 1; at 0 ] "times"
            Expect.equal (ctx.StartedAt, ctx.Id) (at 2, "00000000-0000-4000-8000-000000000003") "the next one"
            Expect.equal (string contexts) "2025-01-01 00:02:00 UTC, Deployment/app, 2 earlier iterations" "as text"
        }

        test "an iteration without an analyze result has none, and a list of results makes one each" {
            let ctx = plan (given.AfterEach([ load 1.0; load 2.0 ], 4).After(load 3.0, 5))
            Expect.equal (past ctx) [ 3.0, [ 5 ]; 2.0, [ 4 ]; 1.0, [ 4 ] ] "newest first"
            Expect.allEqual [ for entry in ctx.History -> isNull entry.AnalyzeResult ] true "nothing analyzed"

            let analyzed =
                plan (given.AfterEach([ load 7.0 ], 4, fun one -> { Instances = int one.RecordsPerSecond }))

            Expect.equal analyzed.History[0].AnalyzeResult { Instances = 7 } "analyzed"
        }

        test "a plan may be clamped, and single for one node" {
            let ctx = plan (given.After(load 1.0, { Instances = 9 }, Plan.Single 9, applied = Plan.Single 4))
            Expect.equal (ctx.History[0].Plan[deployment "app"], past ctx) (9, [ 1.0, [ 4 ] ]) "asked and applied"

            Expect.stringStarts
                (thrownBy<UdfResultException>(fun () ->
                    given
                        .With(topology = Topology.Of(orders, payments))
                        .After(load 1.0, { Instances = 9 }, Plan.Single 9)
                    |> ignore))
                "plan answered one parallelism (9) for a topology of 2 nodes"
                "not for two"
        }

        test "the history is as long as the policy allows" {
            Expect.equal
                (past (plan (given.AfterEach([ for n in 1.0 .. 9.0 -> load n ], 4).With(historyLength = 2))))
                [ 9.0, [ 4 ]; 8.0, [ 4 ] ]
                "the newest"
        }

        test "entries of other policies are left out, end the history, or fail, as the algorithm says" {
            let all = [ 2.0, [ 2 ]; 1.0, [ 1 ] ]
            Expect.equal (past (plan (withForeign (strictly UnreadableHistory.Skip)))) all "left out"
            Expect.equal (past (plan (withForeign (strictly UnreadableHistory.Cut)))) (List.truncate 1 all) "cut"
            let failing = plan (withForeign (strictly UnreadableHistory.Fail))

            Expect.stringContains
                (thrownBy<InvalidRequestException>(fun () -> past failing |> ignore))
                "$.resultHistory[1].monitorResult"
                "failed"
        }

        test "an entry that can be read is one, whoever wrote it" {
            let ctx = plan (given.AfterJson("""{"recordsPerSecond":5}""", "{}", Plan.ofSeq [ payments, 7 ]))
            Expect.equal (past ctx, ctx.History[0].IsAbout ctx.Topology) ([ 5.0, [ 7 ] ], false) "of other nodes"

            Expect.stringStarts
                (thrownBy<FormatException>(fun () -> given.AfterJson("[]", "{}", Plan.Single 1) |> ignore))
                "The body is a list, the operator needs an object"
                "no object"
        }

        test "results come through their codecs, as from the operator" {
            let written =
                Codec.ofText (fun (one: Load) -> $$"""{"r":{{int one.RecordsPerSecond}}}""") (fun _ -> Ok(load 7.0))

            let ctx = Contexts.For(careful.WithMonitorCodec written).After(load 1.0, 1).Plan(load 2.0)
            Expect.equal (ctx.MonitorResult, past ctx) (load 7.0, [ 7.0, [ 1 ] ]) "what the codec reads"
        }

        testTask "the history of a run is that of the run, and the next context goes on from it" {
            let options = LocalOperatorOptions(Interval = minutes 1, NewId = IterationIds.Numbered())
            let! (run: LocalRun) = LocalOperator.RunAsync(careful, Topology.Of(deployment "app"), 5, options)
            let contexts = given.With(interval = minutes 1).After run
            let ctx = plan contexts

            Expect.equal
                (past ctx)
                [ 3_000.0, [ 1 ]; 3_000.0, [ 2 ]; 3_000.0, [ 3 ]; 20_000.0, [ 4 ]; 3_000.0, [ 1 ] ]
                "newest first"

            Expect.equal (ctx.StartedAt, ctx.Id) (at 5, "00000000-0000-4000-8000-000000000006") "the next one"
        }

        testTask "a run decides about the results it is given, from these contexts on" {
            let contexts =
                given.With(interval = minutes 1, historyLength = 1).After(load 20_000.0, { Instances = 4 }, 4)

            let! (run: LocalRun) =
                contexts.RunAsync(
                    [ load 3_000.0; load 25_000.0; load 3_000.0 ],
                    LocalOperatorOptions(MaxParallelism = 4)
                )

            Expect.equal
                [
                    for one in run.Iterations -> one.StartedAt, one.Id.Substring 35, List.ofSeq one.Parallelism.Values
                ]
                [ at 1, "2", [ 3 ]; at 2, "3", [ 4 ]; at 3, "4", [ 4 ] ]
                "5 of 25,000, clamped to 4, then 5 - 1"

            Expect.equal (past (plan (contexts.After run))) [ 3_000.0, [ 4 ] ] "and on"
        }

        test "a step the algorithm does not have is named" {
            let partly = careful.WithOnly Step.Analyze

            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    partly.PlanAsync(given.Plan(load 1.0)).GetAwaiter().GetResult() |> ignore))
                "algorithm (analyze) has no plan step. Add it with WithPlan, or test the steps it has. (Parameter 'algorithm')"
                "plan"
        }

        test "a plan that does not fit the topology fails as it would in the loop" {
            let foreign = careful.WithPlan(fun (_: PlanContext<Load, Demand>) -> Plan.ofSeq [ payments, 1 ])

            Expect.stringContains
                (thrownBy<UdfResultException>(fun () ->
                    foreign.PlanAsync(plan given).GetAwaiter().GetResult() |> ignore))
                "Deployment/payments"
                "the foreign node"
        }
    ]
