namespace Kta.Functional.FSharp

open System
open System.Collections.Generic
open Kta.Functional

/// <summary>
/// Making and reading plans: the parallelism each node of the topology shall have, at least 1. Anything less raises an
/// error that names the node.
/// </summary>
/// <example><code>plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> 3))</code></example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Plan =

    /// <summary>A plan for a topology of one node.</summary>
    /// <param name="parallelism">At least 1.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">The parallelism is less than 1.</exception>
    let single (parallelism: int) : Plan = Plan.Single parallelism

    /// <summary>Asks a function for the parallelism of every node of the topology.</summary>
    /// <param name="parallelismOf">Gives the parallelism of a node, at least 1.</param>
    /// <param name="topology">The nodes, usually <c>ctx.Topology</c>.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">The function gave less than 1, or a number was not finite; the message names the node.</exception>
    let forEach (parallelismOf: TopologyNode -> int) (topology: Topology) : Plan =
        Plan.ForEach(topology, Func<TopologyNode, int> parallelismOf)

    /// <summary>A plan of pairs of node and parallelism; every node of the topology, each once.</summary>
    /// <param name="parallelism">The pairs.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">A node occurs twice or gets less than 1; the message names it.</exception>
    let ofSeq (parallelism: seq<#TopologyNode * int>) : Plan =
        parallelism
        |> Seq.map (fun (node, count) -> KeyValuePair(node :> TopologyNode, count))
        |> Plan.Of

    /// <summary>A plan of a dictionary, for example of what an earlier iteration applied.</summary>
    /// <param name="parallelism">The parallelism of every node of the topology.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">A node gets less than 1; the message names it.</exception>
    /// <example><code>Plan.ofDict entry.Parallelism</code></example>
    let ofDict (parallelism: seq<KeyValuePair<TopologyNode, int>>) : Plan = Plan.Of parallelism

    /// <summary>A plan of a map; every node of the topology.</summary>
    /// <param name="parallelism">The parallelism of every node of the topology.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">A node gets less than 1; the message names it.</exception>
    /// <example><code>ctx.MonitorResult.Lag |> Map.map (fun node lag -> 1 + lag / 1_000) |> Plan.ofMap</code></example>
    let ofMap (parallelism: Map<TopologyNode, int>) : Plan = Plan.Of parallelism

    /// <summary>The parallelism of a node, if the plan names it.</summary>
    /// <param name="node">The node to look for.</param>
    /// <param name="plan">The plan.</param>
    let tryFind (node: TopologyNode) (plan: Plan) : int option =
        match plan.TryGetValue node with
        | true, parallelism -> Some parallelism
        | false, _ -> None

    /// <summary>The nodes a plan names, with their parallelism; nothing for a plan made with <c>single</c>.</summary>
    /// <param name="plan">The plan.</param>
    let toList (plan: Plan) : (TopologyNode * int) list = [
        for KeyValue(node, parallelism) in plan -> node, parallelism
    ]

    /// <summary>The nodes a plan names, with their parallelism, as a map; empty for a plan made with <c>single</c>.</summary>
    /// <param name="plan">The plan.</param>
    let toMap (plan: Plan) : Map<TopologyNode, int> = plan |> toList |> Map.ofList

    /// <summary>The plan with every parallelism changed.</summary>
    /// <param name="change">Gives the new parallelism for the old one, at least 1.</param>
    /// <param name="plan">The plan.</param>
    /// <exception cref="T:Kta.Functional.UdfResultException">The function gave less than 1; the message names the node.</exception>
    /// <example><code>ctx.Topology |> Plan.forEach wanted |> Plan.map (min 8)</code></example>
    let map (change: int -> int) (plan: Plan) : Plan =
        match Option.ofNullable plan.SingleParallelism with
        | Some parallelism -> single (change parallelism)
        | None ->
            plan
            |> toList
            |> List.map (fun (node, parallelism) -> node, change parallelism)
            |> ofSeq

    /// <summary>The plan with a reason more for the number of a node, or for leaving it as it is.</summary>
    /// <param name="node">The node the reason is about.</param>
    /// <param name="why">One sentence.</param>
    /// <param name="plan">The plan.</param>
    /// <example><code>plan |> Plan.because node $"busy {busy:P0}, so {count} instances"</code></example>
    let because (node: TopologyNode) (why: string) (plan: Plan) : Plan = plan.Because(node, why)

    /// <summary>The reasons given for a node, in the order they were given.</summary>
    /// <param name="node">Any node.</param>
    /// <param name="plan">The plan.</param>
    let reasonsOf (node: TopologyNode) (plan: Plan) : Reason list = plan.ReasonsOf node |> List.ofSeq
