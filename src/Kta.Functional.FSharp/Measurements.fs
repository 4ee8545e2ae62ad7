namespace Kta.Functional.FSharp

open System
open System.Collections.Generic
open Kta.Functional

/// What was measured, as an option.
[<AutoOpen>]
module Readings =

    type Reading with

        /// The number if there is one to decide on; None if it is absent or stale, which is never a 0.
        member this.TryValue: float option = Option.ofNullable this.Value

/// <summary>Making what a monitor answers. Numbers convert to readings; leave out what you do not measure.</summary>
/// <example>
/// <code>
/// Measurements.ofSeq [ source, NodeMeasurements(ArrivalRate = 900, Lag = 0); sink, NodeMeasurements(Busy = 0.4) ]
/// |> Measurements.from "flink" (seconds 5)
/// |> Measurements.withEdges [ source, sink ]
/// </code>
/// </example>
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Measurements =

    /// <summary>Measurements of pairs of node and numbers.</summary>
    /// <param name="nodes">Each node once.</param>
    /// <exception cref="T:System.ArgumentException">A node occurs twice.</exception>
    let ofSeq (nodes: seq<#TopologyNode * NodeMeasurements>) : Measurements =
        nodes
        |> Seq.map (fun (node, numbers) -> KeyValuePair(node :> TopologyNode, numbers))
        |> Measurements.Of

    /// <summary>Asks a function for the numbers of every node of the topology.</summary>
    /// <param name="numbersOf">Gives the numbers of a node.</param>
    /// <param name="topology">The nodes, usually <c>ctx.Topology</c>.</param>
    let forEach (numbersOf: TopologyNode -> NodeMeasurements) (topology: Topology) : Measurements =
        Measurements.ForEach(topology, Func<TopologyNode, NodeMeasurements> numbersOf)

    /// <summary>The same, with a source for the numbers that have none yet. From five minutes on they are too old to decide on.</summary>
    /// <param name="source">Its name for reasons and logs, for example <c>flink</c>.</param>
    /// <param name="age">How old the numbers are.</param>
    /// <param name="measurements">The measurements.</param>
    /// <exception cref="T:System.ArgumentException">The name is empty.</exception>
    let from (source: string) (age: TimeSpan) (measurements: Measurements) : Measurements =
        measurements.From(source, age)

    /// <summary>The same with these connections; without any, the nodes of a topology are a chain.</summary>
    /// <param name="edges">Who feeds whom.</param>
    /// <param name="measurements">The measurements.</param>
    let withEdges (edges: seq<TopologyNode * TopologyNode>) (measurements: Measurements) : Measurements =
        measurements.WithEdges [| for from, into in edges -> TopologyEdge(from, into) |]
