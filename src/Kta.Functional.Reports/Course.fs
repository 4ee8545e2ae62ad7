namespace Kta.Functional.Reports

open System
open System.Collections.Generic
open Kta.Functional
open Kta.Functional.Simulation

/// What there is to say about a node in an iteration.
type internal Decided = {
    Place: int
    Planned: int
    Applied: int
    IsHeldBack: bool
    LacksData: bool
    Reasons: string list
}

/// An iteration as a page shows it.
type internal Turn = {
    Number: int
    /// Seconds since the page begins.
    At: float
    /// The instances of each node before it.
    Before: int array
    Measured: NodeMeasurements array
    /// Nodes that are changed, held back or lack measurements.
    Decided: Decided list
    /// What another rule would have said: the rule and the node by their places, and its number.
    Shadows: (int * int * int) list
}

/// What happened on a page, be it of a simulated run or of a live one.
type internal Course = {
    Nodes: TopologyNode array
    Series: Series
    /// The instances of each node at the beginning, and from some moments on.
    Start: int array
    Changes: (float * int array) list
    Turns: Turn array
}

module internal Course =

    let private byNode (explanation: Explanation | null) =
        match explanation with
        | null -> Map.empty
        | explanation -> Map [ for one in explanation.Nodes -> one.Node, one ]

    let private decided (nodes: TopologyNode array) (iteration: SimulatedIteration) = [
        let explained = byNode iteration.Explanation

        for i in 0 .. nodes.Length - 1 do
            let node = nodes[i]
            let why = explained.TryFind node
            let isHeldBack = why |> Option.exists _.IsHeldBack
            let lacksData = why |> Option.exists _.LacksData
            let before, planned, applied = iteration.Before[node], iteration.Plan[node], iteration.Parallelism[node]

            if planned <> before || applied <> before || isHeldBack || lacksData then
                {
                    Place = i
                    Planned = planned
                    Applied = applied
                    IsHeldBack = isHeldBack
                    LacksData = lacksData
                    Reasons = [
                        for one in why |> Option.toList do
                            for reason in one.Reasons -> string reason
                    ]
                }
    ]

    /// A simulated run in no more points than these.
    let ofRun (points: int) (run: SimulatedRun) : Course =
        let nodes = Array.ofSeq run.Topology
        let counts (plan: IReadOnlyDictionary<TopologyNode, int>) = nodes |> Array.map (fun node -> plan[node])

        {
            Nodes = nodes
            Series = Series.create points run
            Start = counts run.Start
            Changes = [ for change in run.Changes -> change.At.TotalSeconds, counts change.To ]
            Turns = [|
                for one in run.Iterations ->
                    {
                        Number = one.Iteration.Number
                        At = one.At.TotalSeconds
                        Before = counts one.Before
                        Measured = nodes |> Array.map (fun node -> one.Measured[node])
                        Decided = decided nodes one
                        Shadows = []
                    }
            |]
        }
