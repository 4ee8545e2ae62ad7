/// What rules are tried with: a chain of nodes, its measurements, and a loop that applies what a rule says.
module Kta.Functional.Tests.Algorithms.Loops

open System
open System.Collections.Generic
open Kta.Functional
open Kta.Functional.Algorithms

let source, map, sink =
    TopologyNode.Flink "source" :> TopologyNode,
    TopologyNode.Flink "map" :> TopologyNode,
    TopologyNode.Flink "sink" :> TopologyNode

let chain = Topology.Of(source, map, sink)

let start = DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)
let interval = TimeSpan.FromSeconds 60.

let counts (numbers: int list) (topology: Topology) =
    Plan.Of(Seq.map2 (fun node n -> struct (node, n)) topology numbers |> Array.ofSeq)

let numbersOf (topology: Topology) (plan: Plan) = [ for node in topology -> plan[node] ]
let textsOf (node: TopologyNode) (plan: Plan) = plan.ReasonsOf node |> Seq.map string |> List.ofSeq

/// A linear application: records per second of an instance, and records out per record in.
type Operator = {
    PerInstance: float
    Selectivity: float
}

/// What a monitor measures of a chain under a load, without backlog: what the bottleneck lets through, and the true rates.
let measure (operators: Operator list) (topology: Topology) (arrivals: float) (plan: int list) : Measurements =
    let capacities = List.map2 (fun operator n -> operator.PerInstance * float n) operators plan
    let before = operators |> List.scan (fun share operator -> share * operator.Selectivity) 1.

    let through =
        List.map2 (fun capacity share -> capacity / share) capacities (List.take operators.Length before)

    let taken = min arrivals (List.min through)

    Measurements.Of [|
        for i, node in Seq.indexed topology ->
            let records: float = taken * before[i]
            let out: float = records * operators[i].Selectivity
            let busy: float = records / capacities[i]
            let count: int = plan[i]

            // Whoever could do more, and is told to, is held up from below.
            let isHeldUp: bool = taken < arrivals && through[i] > taken

            let blocked: float =
                if isHeldUp && List.contains taken through[i + 1 ..] then
                    1. - busy
                else
                    0.

            let idle: float = max 0. (1. - busy - blocked)

            let numbers =
                NodeMeasurements(
                    RecordsIn = records,
                    RecordsOut = out,
                    Busy = busy,
                    BackPressured = blocked,
                    Idle = idle,
                    Parallelism = count
                )

            struct (node,
                    if i = 0 then
                        numbers.With(Quantity.ArrivalRate, arrivals).With(Quantity.Lag, 0)
                    else
                        numbers)
    |]

let past (age: int) (measured: Measurements) (applied: Plan) =
    PastIteration(start - float age * interval, measured, applied)

/// The same measurements again and again, newest first.
let steady (count: int) (measured: Measurements) (applied: Plan) = [|
    for age in 1..count -> past age measured applied
|]

let contextOf (topology: Topology) (history: PastIteration seq) = RuleContext(topology, start, history)

/// Plans of a closed loop: each is applied and measured before the next. The first one is what it starts with.
let closedLoop
    (rule: ScalingRule)
    (topology: Topology)
    (measureAt: int list -> Measurements)
    (first: int list)
    (decisions: int)
    =
    let rec next history plan plans =
        if List.length plans > decisions then
            List.rev plans
        else
            let measured = measureAt plan
            let time = start + float (List.length plans) * interval
            let decided = rule.Decide(measured, RuleContext(topology, time, List.toArray history))
            let entry = PastIteration(time, measured, decided)
            next (entry :: history) (numbersOf topology decided) (numbersOf topology decided :: plans)

    next [] first [ first ]
