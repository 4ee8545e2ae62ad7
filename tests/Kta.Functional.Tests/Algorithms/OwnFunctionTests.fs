module Kta.Functional.Tests.Algorithms.OwnFunctionTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls

let private orders: TopologyNode = TopologyNode.Deployment "orders"

let private topology: Topology = Topology.Of orders

let private keep (now: Measurements) (context: RuleContext) = context.Keep now

let private measured = Measurements.Of(struct (orders, NodeMeasurements(Parallelism = 3)))

let private refused (make: unit -> 'a) = thrownBy<StatefulUdfException>(make >> ignore)

let private countInto (counted: int ref) = counted.Value <- counted.Value + 1

let tests =
    testList "Functions of a user in rules, strategies and preparations" [
        test "one that writes what it captures is refused when it is given, and named" {
            let counted = ref 0

            Expect.stringStarts
                (refused (fun () ->
                    Rule.Of(
                        "night",
                        fun now context ->
                            counted.Value <- counted.Value + 1
                            keep now context
                    )))
                "The rule night is not stateless: "
                "a rule"

            Expect.stringStarts
                (refused (fun () ->
                    Strategy.Of(
                        "mine",
                        fun proposed _ ->
                            counted.Value <- counted.Value + 1
                            proposed
                    )))
                "The strategy mine is not stateless: "
                "a strategy"

            Expect.stringStarts
                (refused (fun () ->
                    Preparation.Of(
                        "mine",
                        fun now _ ->
                            counted.Value <- counted.Value + 1
                            now
                    )))
                "The preparation mine is not stateless: "
                "a preparation"
        }

        test "in F# too, and behind another function" {
            let counted = ref 0

            let decide now context =
                countInto counted
                keep now context

            Expect.stringStarts
                (refused (fun () -> Rule.create "night" decide))
                "The rule night is not stateless: "
                "a rule"

            let bend (proposed: Plan) (_: StrategyContext) =
                countInto counted
                proposed

            Expect.stringStarts
                (refused (fun () -> Autoscaler.ofRule (Rule.create "keep" keep) |> Strategy.own "mine" bend))
                "The strategy mine is not stateless: "
                "a strategy"
        }

        test "one that only reads settings passes, and decides" {
            let settings = {| Least = 5 |}

            let least =
                Rule.create "least" (fun _ context -> Plan.ForEach(context.Topology, fun _ -> settings.Least))

            Expect.equal
                (least.Decide(measured, RuleContext(topology, DateTimeOffset.UnixEpoch)).[orders])
                5
                "the setting"
        }

        test "what it captures and somebody else changes is found with the next decision" {
            let rule, change = CSharp.RuleSnippets.RuleOfVariable().ToTuple()
            let context = RuleContext(topology, DateTimeOffset.UnixEpoch)
            Expect.equal (rule.Decide(measured, context).[orders]) 1 "before"
            change.Invoke()

            Expect.stringStarts
                (thrownBy<IllegalAccessException>(fun () -> rule.Decide(measured, context) |> ignore))
                "The captured variable 'count' has changed from '1' to '2'."
                "after"
        }

        test "numbers that a rule computes are published by analyze, those that are not finite are left out" {
            let rule =
                Rule.create "own" (fun now context ->
                    (context.Keep now).WithNumber(orders, "instances", 2.75).WithNumber(orders, "share", nan))

            let analyze = nonNull (Autoscaler.Create rule).Analyze
            let context = AnalyzeContext<Measurements, Proposals>(topology, measured)
            let proposals = nonNull (analyze.InvokeAsync(context).Result)

            Expect.equal
                [ for pair in proposals.Numbers["Deployment/orders"] -> pair.Key, pair.Value ]
                [ "instances", 2.75 ]
                "one"
        }

        test "for some nodes a rule of their own, in F#" {
            let always count =
                Rule.create "always" (fun _ context -> Plan.ForEach(context.Topology, fun _ -> count))

            let rule = always 2 |> Rule.perNode [ orders, always 7 ]
            Expect.equal (rule.Decide(measured, RuleContext(topology, DateTimeOffset.UnixEpoch)).[orders]) 7 "its own"
        }
    ]
