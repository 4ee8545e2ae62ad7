module Kta.Functional.Tests.Algorithms.RuleContextTests

open System
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Algorithms.Loops

/// A user's rule that looks at all it can see.
let private looking (needed: HistoryNeeded) =
    Rule.Of("looking", (fun _ ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1 + Seq.length ctx.History))), needed)

let tests =
    let applied = counts [ 4; 5; 6 ] chain
    let nothing = Measurements.Nothing

    let measured (parallelism: int) = Measurements.Of(struct (map, NodeMeasurements(Parallelism = parallelism)))

    testList "The context of a rule" [
        test "keeping what is there is one call: as measured, otherwise as applied" {
            let context = contextOf chain [ past 1 nothing applied ]
            Expect.equal (context.Keep nothing) applied "from the history"
            Expect.equal (context.Keep(measured 9)) (counts [ 4; 9; 6 ] chain) "what is measured counts more"
            let stale = (measured 9).From("flink", TimeSpan.FromHours 1.)
            Expect.equal (context.Keep stale) applied "unless it is stale"

            Expect.equal
                ((contextOf chain []).CurrentParallelism(map, stale))
                (Nullable 9)
                "which is better than nothing"
        }

        test "comes from the context of a plan step, and ends before an entry about other nodes" {
            let entry (plan: Plan) seconds =
                HistoryEntry<Measurements, Load>(measured 2, null, plan, udfStartTimestampMillis = seconds * 1000L)

            let step =
                PlanContext<Measurements, Load>(
                    chain,
                    measured 2,
                    history = [ entry (Plan.Of(struct (orders, 1))) 3L; entry applied 2L ],
                    udfStartTimestampMillis = 4000L
                )

            let context: RuleContext = RuleContext.Of<Load> step
            Expect.equal (context.StartedAt.ToUnixTimeSeconds()) 4L "the time"
            Expect.isEmpty context.History "what happened then, and before it, is not known"
            Expect.equal (context.Keep nothing) applied "but what was applied last to these nodes is"
        }

        test "shows a rule of a user as much of the past as it says it needs, and decodes no more" {
            for needed, expected in
                [
                    HistoryNeeded 3, 3
                    HistoryNeeded(1, 2. * interval), 2
                    HistoryNeeded(0, 1.5 * interval), 2
                    HistoryNeeded.None, 9
                ] do
                let taken = ref 0

                let history = seq {
                    for age in 1..9 do
                        taken.Value <- age
                        past age nothing applied
                }

                let plan = (looking needed).Decide(measured 2, contextOf chain history)
                Expect.equal plan[map] (1 + expected) $"{needed}"
                Expect.equal taken.Value expected "and takes no more"
        }

        test "a plan step is a rule and its context" {
            let algorithm =
                Algorithm.CreatePlan<Measurements>(fun (ctx: PlanContext<Measurements, JsonObject>) ->
                    Ds2.Rule().Decide(ctx.MonitorResult, RuleContext.Of ctx))

            let told =
                """{"nodes":{"Deployment/orders":{"recordsIn":100,"busy":1.0,"arrivals":250,"parallelism":1}}}"""

            Expect.equal
                (answer algorithm Step.Plan (Kta.Functional.Tests.Requests.ofNodes [ "orders" ] told "{}" "[]"))
                (planText [ "orders" ] 3)
                "the reply"
        }

        test "over the wire an entry of an older type is the end, and what was applied then still counts" {
            let idle = """{"nodes":{"Deployment/orders":{"busy":0.1}}}"""

            let entry (age: int) (monitored: string) =
                (Kta.Functional.Tests.Requests.entry monitored "{}")
                    .Replace("Millis\":1,", $"Millis\":{1700000100000L - 60000L * int64 age},")

            let plan (monitored: string) =
                (Kta.Functional.Tests.Requests.ofNodes [ "orders" ] idle "{}" "[]")
                    .Replace(
                        "\"resultHistory\":[]",
                        "\"resultHistory\":["
                        + String.concat "," [ for age in 1..9 -> entry age (if age = 1 then monitored else idle) ]
                        + "]"
                    )
                |> answer (Autoscaler.Create(Hpa.Rule())) Step.Plan

            Expect.equal (plan idle) (planText [ "orders" ] 1) "idle for nine minutes"
            Expect.equal (plan """{"nodes":[]}""") (planText [ "orders" ] 4) "as applied: nothing is known of them"
        }
    ]
