/// A step is stateless if asking again gives the same answer: what this finds in a test, and what it leaves alone.
module Kta.Functional.Tests.Statelessness.AskTwiceTests

open System
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Statelessness.Planners

let private orders = TopologyNode.Deployment "orders"
let private payments = TopologyNode.Deployment "payments"

let private context id rate = PlanContext<Load, Demand>(Topology.Of(orders, payments), Load rate, id = id)

let private contexts = [|
    for i, rate in Seq.indexed [ 3_000.0; 20_000.0; 8_000.0; 11_000.0 ] -> context $"i{i + 1}" rate
|]

let private planning (decide: Planner) : Algorithm =
    Algorithm.For<Load, Demand>().WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> decide ctx)))

/// A planner with state of its own, in a service: no look at captured variables sees into it.
let private stateful (state: unit -> Planner) : Algorithm =
    let decide = Service.Of(state ())

    Algorithm
        .For<Load, Demand>()
        .WithPlan(fun ctx ->
            let parallelism = decide.Value ctx
            Plan.ForEach(ctx.Topology, (fun _ -> parallelism)))

let private found (algorithm: Algorithm) = algorithm.AskTwiceAsync contexts |> failure<ChangedDecisionException>

let tests =
    testList "Asking twice in a test" [
        for way, state in kinds do
            testCaseTask $"finds a step that {way}"
            <| fun () -> task {
                let! error = found (stateful state)
                Expect.equal error.Step Step.Plan "the step"
                Expect.notEqual error.First error.Again "two answers"
            }

        for way, state in harmless do
            testCaseTask $"has nothing to say of a step that {way}"
            <| fun () -> task { do! (stateful state).AskTwiceAsync contexts }

        testCaseTask "gives every call results of its own, to change as it likes"
        <| fun () -> task {
            let adding =
                Algorithm
                    .For<JsonObject, JsonObject>()
                    .WithAnalyze(fun ctx ->
                        ctx.History[0].MonitorResult.Add("seen", JsonValue.Create true)
                        ctx.MonitorResult.Add("instances", JsonValue.Create ctx.History.Count)
                        ctx.MonitorResult)

            let load () = Json.object [ "rate", JsonValue.Create 3_000 ]

            let before =
                HistoryEntry<JsonObject, JsonObject>(load (), load (), Plan.Of(struct (orders :> TopologyNode, 1)))

            let given = AnalyzeContext<JsonObject, JsonObject>(Topology.Of orders, load (), [ before ])
            do! adding.AskTwiceAsync given
            Expect.equal (given.MonitorResult.ToJsonString()) """{"rate":3000}""" "the context of the test"
        }

        testCaseTask "names step, context, path, both values, and what to do"
        <| fun () -> task {
            let! error = found (stateful (fun () -> snd (counting ())))

            Expect.equal
                (error.Step, error.ContextId, error.Path, error.First, error.Again)
                (Step.Plan, "i1", "$['Deployment/orders'].parallelism", "1", "5")
                "where and what"

            Expect.equal
                error.Message
                ("plan is not stateless: asked twice about iteration i1, it answered differently. "
                 + "At $['Deployment/orders'].parallelism it said 1 at first, and 5 when it was asked again after other calls. "
                 + "Something it uses has changed in between: a field, a captured variable or object, a static, a clock, a random number. "
                 + "Put what has to be remembered into the step's result and read it from ctx.History; take the time from ctx.StartedAt, "
                 + "and let monitor look at the world.")
                "the message"

            let words (text: string) =
                text.Split([| ' '; '\n' |], StringSplitOptions.RemoveEmptyEntries)
                |> String.concat " "

            Expect.stringContains (words (Repository.read "docs/why-stateless.md")) error.Message "the page shows it"
        }

        testCaseTask "finds it with a single context, and counts contexts that have no id"
        <| fun () -> task {
            let algorithm = stateful (fun () -> snd (counting ()))

            let! error = algorithm.AskTwiceAsync(context "" 1.0) |> failure<ChangedDecisionException>

            Expect.stringContains error.Message "asked twice about context number 1," "the message"
        }

        testCaseTask "tells how the second call failed"
        <| fun () -> task {
            let! error = found (stateful (kinds |> List.find (fst >> (=) "empties a queue, and fails then") |> snd))
            Expect.equal (error.Path, error.Again) ("$", "InvalidOperationException: Queue empty.") "the failure"
            Expect.isNotNull error.InnerException "what was thrown"
        }

        testCaseTask "tells that the second call failed, though its exception cannot be rendered"
        <| fun () -> task {
            let! error =
                found (
                    stateful (fun () ->
                        let calls = ref 0

                        fun _ ->
                            if Interlocked.Increment calls > contexts.Length then
                                raise (Unspeakable())
                            else
                                1)
                )

            Expect.equal error.Path "$" "the call as a whole"
            Expect.stringStarts error.Again "Unspeakable: (its Message cannot be read" "what can be said of it"
            Expect.isNotNull error.InnerException "and a log can print it"
            Expect.stringContains (string error) "Unspeakable" "wholly"
        }

        testCaseTask "lets the first failure through as it is"
        <| fun () -> task {
            let algorithm = planning (fun _ -> invalidOp "no such node")
            let! error = algorithm.AskTwiceAsync contexts |> failure<InvalidOperationException>
            Expect.equal error.Message "no such node" "the step's own"
        }
    ]
