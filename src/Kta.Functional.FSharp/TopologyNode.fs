namespace Kta.Functional.FSharp

open System
open Kta.Functional

/// Taking a node of the topology apart.
[<AutoOpen>]
module TopologyNodePatterns =

    /// <summary>The two kinds of nodes: a vertex of a Flink job graph by its id, a Kubernetes object by kind and name.</summary>
    /// <param name="node">A node of the topology.</param>
    /// <example>
    /// <code>
    /// let parallelism node =
    ///     match node with
    ///     | ScaleTarget("Deployment", "orders") -> 4
    ///     | ScaleTarget _ -> 2
    ///     | FlinkVertex id -> 1
    /// </code>
    /// </example>
    let (|FlinkVertex|ScaleTarget|) (node: TopologyNode) =
        match node with
        | :? FlinkStreamingGraphNode as vertex -> FlinkVertex vertex.Id
        | :? ScaleTargetRef as target -> ScaleTarget(target.Kind, target.Name)
        | _ -> raise (ArgumentException $"{node.GetType().Name} is not a kind of topology node this version knows.")
