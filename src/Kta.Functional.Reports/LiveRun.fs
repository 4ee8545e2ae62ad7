namespace Kta.Functional.Reports

open System
open System.Collections.Generic
open Kta.Functional

/// What another rule would have said about a node.
type internal ShadowSaying = {
    Rule: string
    Node: TopologyNode
    Count: int
}

/// A decision of the loop against a real application. What is not known about a node is not in its dictionaries.
type internal LiveDecision = {
    At: DateTimeOffset
    /// Null if nothing was measured, or in another shape.
    Measured: Measurements | null
    Before: IReadOnlyDictionary<TopologyNode, int>
    Planned: IReadOnlyDictionary<TopologyNode, int>
    Applied: IReadOnlyDictionary<TopologyNode, int>
    /// What it runs with, where scaling failed.
    Unscaled: IReadOnlyDictionary<TopologyNode, int>
    HeldBack: IReadOnlyCollection<TopologyNode>
    LacksData: IReadOnlyCollection<TopologyNode>
    Reasons: IReadOnlyDictionary<TopologyNode, IReadOnlyList<string>>
    Shadows: IReadOnlyList<ShadowSaying>
}

/// Something that happened between decisions.
type internal LiveEvent = {
    At: DateTimeOffset
    Took: TimeSpan
    /// One of `failure`, `settings`, `rescale`.
    Kind: string
    Text: string
}

/// A policy in a stretch of time, from a store or from a recording.
type internal LiveRun = {
    Policy: string
    /// What decided; empty if that is not known.
    Algorithm: string
    /// Every node that was ever decided about.
    Topology: Topology
    /// In the order of time, at least one.
    Decisions: IReadOnlyList<LiveDecision>
    Events: IReadOnlyList<LiveEvent>
    /// The lag that is too much; null: there is no objective.
    Objective: Nullable<TimeSpan>
    CommandLine: string
    /// Where it was read.
    Source: string
}
