/// Applications to simulate, and random ones for properties.
module Kta.Functional.Tests.Simulation.Applications

open System
open System.Collections.Generic
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Simulation

let node (id: string) : TopologyNode = TopologyNode.Flink id

let after (seconds: int) = TimeSpan.FromSeconds(float seconds)

let counts (parallelism: (string * int) list) : IReadOnlyDictionary<TopologyNode, int> =
    dict [ for id, count in parallelism -> node id, count ] |> Dictionary :> _

/// A rate that stays until the next one.
let steps (points: (float * float) list) : Trace = Trace.Steps [| for second, rate in points -> struct (second, rate) |]

/// What arrives at sources.
let traces (sources: (string * Trace) list) : IReadOnlyDictionary<TopologyNode, Trace> =
    dict [ for id, trace in sources -> node id, trace ] |> Dictionary :> _

/// A chain of operators with their rates per instance, fed with a trace.
let chain (operators: (string * float) list) (parallelism: (string * int) list) (trace: Trace) =
    Application(
        Operators = [| for id, rate in operators -> StreamOperator(id, rate) |],
        Sources = traces [ fst operators.Head, trace ],
        Parallelism = counts parallelism
    )

/// The chain of the sanity ranges.
let orders (trace: Trace) =
    Application(
        Name = "orders",
        Operators = [|
            StreamOperator("source", 50_000.0, Exponent = 0.97)
            StreamOperator("map", 12_000.0, Exponent = 0.95, Selectivity = 2.0)
            StreamOperator("agg", 15_000.0, Exponent = 0.92, Selectivity = 0.1)
        |],
        Sources = traces [ "source", trace ]
    )

let start (application: Application) = SimulatedApplication.Start application

let advance (seconds: int) (app: SimulatedApplication) = app.Advance(after seconds)

/// One line of numbers for each second, to the last bit.
let seconds (count: int) (app: SimulatedApplication) : string list =
    let lines = List<string>()

    let note =
        SampleObserver(fun sample ->
            let numbers =
                Array.concat [| sample.Arrived.ToArray(); sample.Waiting.ToArray(); sample.Processed.ToArray() |]

            let exact =
                numbers
                |> Array.map BitConverter.DoubleToInt64Bits
                |> Array.map string
                |> String.concat " "

            lines.Add $"{sample.Second} {sample.IsDown} {exact} {sample.LagSeconds:R} {sample.Latency:R}")

    app.Advance(after count, note) |> ignore
    List.ofSeq lines

let private trace = gen {
    let! mean = Gen.choose (0, 5_000) |> Gen.map float

    return!
        Gen.elements [
            Trace.Constant mean
            steps [ 0.0, mean; 60.0, 2.0 * mean; 200.0, 0.0; 300.0, mean ]
            Trace.Cosine(mean, mean, TimeSpan.FromSeconds 240.0)
            Trace.Ramp(mean, 0.0, TimeSpan.FromSeconds 400.0)
            Trace.Spikes(mean, 5.0 * mean, after 30, after 100, after 20)
            Trace.Walk(mean, mean / 4.0)
            Trace.Constant(mean).WithNoise(0.3, after 7)
        ]
}

/// A random topology: every operator but the first ones is fed by some of those before it.
let application: Gen<Application> = gen {
    let! count = Gen.choose (1, 7)
    let! sources = Gen.choose (1, min 3 count)
    let! rates = Gen.listOfLength count (Gen.choose (50, 2_000))
    let! selectivities = Gen.listOfLength count (Gen.elements [ 0.0; 0.1; 0.5; 1.0; 1.0; 2.0; 3.7 ])
    let! exponents = Gen.listOfLength count (Gen.elements [ 1.0; 0.95; 0.9 ])
    let! parallelism = Gen.listOfLength count (Gen.choose (1, 9))
    let! traces' = Gen.listOfLength sources trace
    let! buffer = Gen.elements [ 0.5; 1.0; 2.0; 10.0 ]

    let! feeding =
        [ sources .. count - 1 ]
        |> List.map (fun i ->
            Gen.nonEmptyListOf (Gen.choose (0, i - 1))
            |> Gen.map (List.distinct >> List.map (fun from -> from, i)))
        |> Gen.sequenceToList

    let id i = $"n{i}"

    return
        Application(
            Operators = [|
                for i in 0 .. count - 1 ->
                    StreamOperator(id i, float rates[i], Selectivity = selectivities[i], Exponent = exponents[i])
            |],
            Edges = [| for from, into in List.concat feeding -> TopologyEdge(node (id from), node (id into)) |],
            Sources = traces [ for i in 0 .. sources - 1 -> id i, traces'[i] ],
            Parallelism = counts [ for i in 0 .. count - 1 -> id i, parallelism[i] ],
            BufferSeconds = buffer
        )
}

let within (tolerance: float) (expected: float) (actual: float) message =
    let allowed = tolerance * max 1.0 (abs expected)
    Expect.isLessThanOrEqual (abs (actual - expected)) allowed $"{message}: expected {expected}, found {actual}"

/// Every record that has arrived is in the queue or was taken in once; every one that was made is in a buffer or was taken in once.
let conserves (app: SimulatedApplication) =
    let once (node: TopologyNode) =
        let work = app.Totals.Operators[node]
        work.Records - work.Replayed

    let struct (measured, _) = app.Measure()
    let made = dict [ for one in app.Description.Operators -> one.Node, once one.Node * one.Selectivity ]

    for node in app.Topology do
        let came =
            match app.Totals.Sources.TryGetValue node with
            | true, source -> source.Arrived
            | _ ->
                measured.EdgesOf app.Topology
                |> Seq.filter (fun edge -> edge.To = node)
                |> Seq.sumBy (fun edge -> made[edge.From])

        within 1e-9 came (once node + app.Totals.Operators[node].Waiting) $"records of {node}"

/// An application after some rescales, each some seconds after the one before.
let moved (application: Application) (moves: (int * int list) list) =
    (start application, moves)
    ||> List.fold (fun app (time, parallelism) ->
        let plan = Plan.Of [| for i, count in List.indexed parallelism -> struct (app.Topology[i], count) |]
        (advance time app).Rescale plan)
    |> advance 40

/// A random application, and rescales for it.
let movedApplication = gen {
    let! application = application
    let counts = Gen.listOfLength application.Operators.Count (Gen.choose (1, 12))
    let! moves = Gen.listOf (Gen.zip (Gen.choose (0, 150)) counts)
    return application, moves
}
