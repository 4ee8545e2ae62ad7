module Kta.Functional.Tests.Algorithms.VargaTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let private alone = Topology.Of source
let private measured (node: TopologyNode) (numbers: NodeMeasurements) = Measurements.Of(struct (node, numbers))
let private numberOf (node: TopologyNode) (plan: Plan) = plan[node]

let private using (share: float) (parallelism: int) (lag: int) =
    let idle = 1. - share

    NodeMeasurements(Idle = idle, RecordsIn = 1000, Parallelism = parallelism, Lag = lag)
    |> measured source

let private before (age: int) (now: Measurements) =
    PastIteration(
        start - TimeSpan.FromSeconds(float age),
        now,
        counts [ int now[source].Parallelism.LastValue.Value ] alone
    )

let private decided (history: PastIteration list) (now: Measurements) =
    Varga.Rule().Decide(now, contextOf alone history)

/// A lag that is worked off at 2,000 records per second.
let private shrinking (age: int) = 2000 * age

let private ratios =
    testList "a node" [
        test "has as many instances as its use asks for, rounded up" {
            let plan = decided [] (using 0.84 6 0)
            Expect.equal (numberOf source plan) 8 "0.84/0.7 of 6"

            Expect.equal (textsOf source plan) [ "Varga: in use 84 % of the time at a target of 70 % → 8" ] "why"
        }

        test "has as many as the growth of its lag asks for, if that is more" {
            let plan = decided [ before 60 (using 0.84 6 10_000) ] (using 0.84 6 40_000)
            Expect.equal (numberOf source plan) 9 "500/s at 1,000/s: half as many again"

            Expect.equal
                (textsOf source plan)
                [
                    "Varga: in use 84 % of the time at a target of 70 %, its lag grows by 500/s while it takes in 1,000/s → 9"
                ]
                "why"

            Expect.equal
                (decided [ before 60 (using 0.84 6 40_000) ] (using 0.84 6 10_000)
                 |> numberOf source)
                8
                "a lag that shrinks asks for nothing"
        }

        test "that is blocked counts as used" {
            let numbers =
                NodeMeasurements(Busy = 0.2, BackPressured = 0.7, Parallelism = 7, RecordsIn = 1000, Lag = 0)

            Expect.equal (decided [] (measured source numbers) |> numberOf source) 9 "90 of 70 %"
        }

        test "of which only busy is known may grow, not shrink" {
            let busy (share: float) (lag: int) =
                NodeMeasurements(Busy = share, Parallelism = 7, RecordsIn = 1000, Lag = lag)
                |> measured source

            let history (share: float) = [ for age in 60..60..420 -> before age (busy share (shrinking age)) ]
            Expect.equal (decided (history 0.9) (busy 0.9 0) |> numberOf source) 9 "it is blocked or not"
            let low = decided (history 0.1) (busy 0.1 0)
            Expect.equal (numberOf source low) 7 "it may be blocked all the time"
            Expect.isTrue (low.LacksData source) "for lack of data"
        }
    ]

let private lagBehind (bottleneck: TopologyNode) (lag: int) =
    let at (blocked: float) (idle: float) (taken: int) =
        let busy = 1. - blocked - idle

        NodeMeasurements(BackPressured = blocked, Busy = busy, Idle = idle, RecordsIn = taken, Parallelism = 4)

    let isFirst = bottleneck = map

    Measurements.Of(
        struct (source, (at 0.8 0. 1000).With(Quantity.Lag, lag)),
        struct (map, (if isFirst then at 0. 0.3 1000 else at 0.6 0.1 1000)),
        struct (sink, at 0. 0.3 2000)
    )

let private growing (bottleneck: TopologyNode) =
    let history = [ PastIteration(start - interval, lagBehind bottleneck 0, counts [ 4; 4; 4 ] chain) ]
    Varga.Rule().Decide(lagBehind bottleneck 60_000, contextOf chain history)

let private causes =
    testList "the growth of a lag" [
        test "counts for the source, and for the node that blocks it" {
            Expect.equal (growing map |> numbersOf chain) [ 8; 8; 4 ] "1,000/s more at 1,000/s"
        }

        test "counts for a node further down if all between are blocked" {
            Expect.equal (growing sink |> numbersOf chain) [ 8; 6; 6 ] "1,000/s more at the 2,000/s of the sink"
        }
    ]

/// Layers of two nodes, each fed by both of the layer before: the ways through them double with every layer.
let private layers =
    let node (layer: int) (side: string) : TopologyNode = TopologyNode.Flink $"n{layer:D2}{side}"

    let nodes = [ for layer in 0..39 -> [ node layer "a"; node layer "b" ] ]

    testList "a pipeline of many ways" [
        test "is decided, with every source and every way counted once" {
            let topology = Topology.Of(Array.ofList (List.concat nodes))

            let edges = [|
                for layer, next in List.pairwise nodes do
                    for from in layer do
                        for into in next -> TopologyEdge(from, into)
            |]

            let measured (lag: int) =
                Measurements
                    .Of(
                        [|
                            for i, layer in List.indexed nodes do
                                for node in layer do
                                    let blocked = if i = 39 then 0. else 0.2

                                    struct (node,
                                            NodeMeasurements(
                                                Idle = 0.3,
                                                BackPressured = blocked,
                                                RecordsIn = 1000,
                                                Parallelism = 4,
                                                Lag = lag
                                            ))
                        |]
                    )
                    .WithEdges
                    edges

            let history = [
                PastIteration(start - interval, measured 10_000, counts [ for _ in topology -> 4 ] topology)
            ]

            let plan = Varga.Rule().Decide(measured 40_000, contextOf topology history)
            Expect.equal plan[List.last nodes |> List.head] 8 "two sources of 500/s at 1,000/s: as many again"
            Expect.equal plan[List.item 20 nodes |> List.head] 4 "blocked, it holds up nobody"
        }
    ]

let private down =
    testList "down" [
        test "goes to the most that was proposed in 300 s" {
            let history = [
                for age, share in [ 60, 0.2; 150, 0.35; 299, 0.5; 300, 0.7; 390, 0.7 ] ->
                    before age (using share 7 (shrinking age))
            ]

            let plan = decided history (using 0.1 7 0)
            Expect.equal (numberOf source plan) 5 "half, 299 s ago"

            Expect.equal
                (textsOf source plan |> List.last)
                "Varga: 5 instead of 1, not all proposals of the last 300 s go as low"
                "why"
        }

        test "goes no source whose lag does not shrink" {
            let history = [ for age in 60..60..420 -> before age (using 0.1 7 0) ]
            Expect.equal (decided history (using 0.1 7 0) |> numberOf source) 7 "as many as before"
        }

        test "waits until the history covers 300 s" {
            let plan =
                decided [ for age in [ 60; 240 ] -> before age (using 0.1 7 (shrinking age)) ] (using 0.1 7 0)

            Expect.equal (numberOf source plan) 7 "kept"
            Expect.isTrue (plan.IsHeldBack source) "held back"
        }
    ]

let private settings = test "settings that are wrong are told together" {
    let options =
        VargaOptions(
            UtilizationTarget = 0,
            RelativeLagTarget = 0,
            BackPressureThreshold = 0,
            StabilizationWindow = TimeSpan.FromHours 2.
        )

    let message = thrownBy<ArgumentException>(fun () -> Varga.Rule options |> ignore)

    for part in
        [
            "utilizationTarget is 0"
            "relativeLagTarget is 0"
            "backPressureThreshold is 0"
            "stabilizationWindow is"
        ] do
        Expect.stringContains message part "each of them"
}

let private properties =
    testList "always" [
        Generators.property
            "more use never means fewer instances"
            300
            (Gen.zip3 (Gen.choose (0, 1000)) (Gen.choose (0, 1000)) (Gen.choose (1, 50)))
            (fun (few, many, parallelism) ->
                let at share = decided [] (using (float share / 1000.) parallelism 0) |> numberOf source
                Expect.isLessThanOrEqual (at (min few many)) (at (max few many)) "monotone")

        Generators.property
            "the plan covers the topology, whatever was measured"
            500
            (Gen.zip Garbage.measurements (Gen.listOfLength 3 (Gen.choose (1, 100))))
            (fun (garbage, applied) ->
                let history = [| for age in 1..6 -> past age garbage (counts applied chain) |]
                let plan = Varga.Rule().Decide(garbage, contextOf chain history)

                for node in chain do
                    Expect.isGreaterThanOrEqual plan[node] 1 "at least one")
    ]

let tests = testList "Varga" [ ratios; causes; layers; down; settings; properties ]
