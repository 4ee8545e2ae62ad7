module Kta.Functional.Tests.Model.ReasonTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private plan = Plan.Of(struct (orders, 3), struct (payments, 2))
let private textsOf (node: TopologyNode) (plan: Plan) = plan.ReasonsOf node |> Seq.map string |> List.ofSeq

let tests =
    testList "Reasons of a plan" [
        test "are given for a node, and kept in order" {
            let explained = plan.Because(orders, "first").Because(payments, "other").Because(orders, "second")
            Expect.equal (textsOf orders explained) [ "first"; "second" ] "of the one"
            Expect.equal (textsOf payments explained) [ "other" ] "of the other"
            Expect.isEmpty (plan.ReasonsOf orders) "the plan before has none"
        }

        test "are a template and numbers, put together in the invariant culture when they are shown" {
            let reason = Reasons.Interpolated(plan, orders, 12400.4, 0.5).ReasonsOf(orders)[0]
            Expect.equal (string reason) "{busy} 50 %, so 12,400/s at Deployment/orders, nothing else" "shown"
            Expect.equal reason.Template "{{busy}} {0:P0}, so {1:N0}/s at {2}, {3} else" "the template"
            Expect.sequenceEqual reason.Values [ box 0.5; box 12400.4; box orders; box "nothing" ] "the numbers"
        }

        test "what may change later is text at once" {
            let changing = ResizeArray [ 1 ]
            let explained = Reasons.OfObject(plan, orders, changing)
            Expect.equal (textsOf orders explained) [ "has " + string changing ] "its text"
        }

        test "are at most 20 for a node" {
            let explained = Seq.fold (fun (p: Plan) i -> p.Because(orders, $"{i}")) plan [ 1..50 ]
            Expect.equal (textsOf orders explained) [ for i in 1..20 -> $"{i}" ] "the first 20"
            Expect.equal (textsOf payments (explained.Because(payments, "x"))) [ "x" ] "the other node has its own"
        }

        test "of ten thousand nodes are found one by one" {
            let nodes = Array.init 10_000 (fun i -> TopologyNode.Flink $"n{i}" :> TopologyNode)
            let large = Plan.ForEach(Topology nodes, (fun _ -> 1))

            let explained =
                nodes
                |> Array.fold (fun (p: Plan) node -> p.Because(node, "a").Because(node, "b")) large

            for node in nodes do
                Expect.equal (textsOf node explained) [ "a"; "b" ] "its own"
        }

        test "do not change what a plan is equal to" {
            let explained = plan.Because(orders, "x").ForLackOfData(payments, "y")
            Expect.equal explained plan "equal"
            Expect.equal (hash explained) (hash plan) "the same hash"
            Expect.equal (string explained) (string plan) "the same text"
        }

        test "never reach the wire" {
            let algorithm =
                Algorithm.CreatePlan<Load>(fun (ctx: PlanContext<Load, System.Text.Json.Nodes.JsonObject>) ->
                    Plan.ForEach(ctx.Topology, fun _ -> 4).Because(orders, "secret"))

            Expect.equal
                (answer
                    algorithm
                    Step.Plan
                    (Kta.Functional.Tests.Requests.ofNodes [ "orders" ] """{"recordsPerSecond":1}""" "{}" "[]"))
                (planText [ "orders" ] 4)
                "the reply"
        }

        test "survive another number for a node, and can be taken over from another plan" {
            let changed = plan.Because(orders, "a").With(orders, 5)
            Expect.equal (changed[orders], changed[payments]) (5, 2) "the numbers"
            Expect.equal (textsOf orders changed) [ "a" ] "the reason"
            Expect.equal (textsOf orders (changed.WithReasonsOf(plan.Because(orders, "b")))) [ "a"; "b" ] "both"
        }

        test "say that a number is no decision, which counts without being shown" {
            let lacking = plan.ForLackOfData(orders, "no lag")
            Expect.equal (lacking.LacksData orders, lacking.LacksData payments) (true, false) "one node"
            Expect.equal (textsOf orders lacking) [ "no lag" ] "shown like others"
            Expect.isTrue (lacking.With(orders, 9).LacksData orders) "with another number too"
        }

        test "of a plan of one number are about any node" {
            let explained = Plan.Single(3).Because(orders, "x")
            Expect.equal (textsOf orders explained) [ "x" ] "the reason"
        }

        test "another number is checked as in any plan" {
            thrownBy<UdfResultException>(fun () -> plan.With(orders, 0) |> ignore) |> ignore
        }
    ]
