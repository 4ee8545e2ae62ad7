/// KTA008 and KTA009
module Kta.Functional.Tests.Analyzers.PlanTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private plan expression = $"Algorithm.CreatePlan<Load>(ctx => {expression});"

let private below1 (n: int) =
    says [ $"KTA008: plan asks for parallelism {n}, but KTA cannot scale below 1; ask for 1 or more" ]

let private impossible =
    testList "KTA008, a plan no topology fits, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "Func<PlanContext, int> f = ctx => Plan.Single(0); f(new()); class PlanContext; static class Plan { public static int Single(int n) => n; }"
        }

        test "silent outside of a step" { silent "Console.Write(Plan.Of());" }

        for expression in
            [
                "Plan.Single(1)"
                "Plan.ForEach(ctx.Topology, node => 2)"
                "Plan.ForEach(ctx.Topology, node => { return 0 + node.ToString()!.Length; })"
                "Plan.Of(ctx.Topology.Select(node => (node, 1)).ToArray())"
                "Plan.Of(new Dictionary<TopologyNode, int>())"
                "Plan.Of([.. ctx.Topology.Select(node => (node, 1))])"
            ] do
            test $"silent: {expression}" { silent (plan expression) }

        test "seen: no entries" {
            plan "[|Plan.Of()|]"
            |> says [
                "KTA008: plan names no node, but every topology has one; write Plan.ForEach(ctx.Topology, node => …)"
            ]
        }

        for n, expression in
            [
                0, "Plan.Single([|0|])"
                -1, "Plan.ForEach(ctx.Topology, [|node => -1|])"
                0, "ctx.ForEachNode([|node => 0|])"
                0, "ctx.ForEachNode([|node => { return 0; }|])"
                0, "Plan.Of((ctx.Topology[0], [|0|]))"
            ] do
            test $"seen: {expression}" { plan expression |> below1 n }
    ]

let private ownNodes =
    testList "KTA009, a plan that does not look at the topology, is" [
        test "silent outside of a step" { silent "Console.Write(Plan.Of((TopologyNode.Deployment(\"a\"), 1)));" }

        for expression in
            [
                "Plan.Of((ctx.Topology[0], 1))"
                "ctx.Topology.Count == 1 ? Plan.Of((TopologyNode.Deployment(\"a\"), 1)) : Plan.Single(1)"
                "Plan.Of((TopologyNode.Deployment(ctx.Id), 1))"
            ] do
            test $"silent: {expression}" { silent (plan expression) }

        test "seen: nodes that are written in the program" {
            plan "[|Plan.Of((TopologyNode.Deployment(\"a\"), 1), (new FlinkStreamingGraphNode(\"b\"), 2))|]"
            |> says [
                "KTA009: plan names its nodes itself and never looks at ctx.Topology; with another policy it is an error, Plan.ForEach(ctx.Topology, node => …) fits all"
            ]
        }
    ]

let tests = testList "Plans" [ impossible; ownNodes ]
