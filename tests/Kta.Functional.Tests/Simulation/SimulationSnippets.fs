/// What docs/simulate.md shows. Another test compares.
module Kta.Functional.Tests.Simulation.SimulationSnippets

open System
open System.IO
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp

let private orders =
    Application.chain
        "orders"
        [
            StreamOperator("source", 50_000.0, Exponent = 0.97)
            StreamOperator("map", 12_000.0, Exponent = 0.95, Selectivity = 2.0)
            StreamOperator("agg", 15_000.0, Exponent = 0.92, Selectivity = 0.1, MaxParallelism = 64)
        ]
        (Trace.cosine 150_000.0 100_000.0 (hours 1))

let private measured () =
    let measured, later =
        SimulatedApplication.start orders
        |> SimulatedApplication.advance (minutes 10)
        |> SimulatedApplication.measure

    measured, later

let tests =
    testList "What the documentation about simulating shows" [
        test "is the same in both languages" {
            let struct (_, inCSharp, app) = SimulationSnippets.FirstSteps()
            let inFSharp, later = measured ()
            Expect.equal inFSharp inCSharp "measurements"
            Expect.equal later.Time (minutes 10) "time"

            Expect.equal
                app.Parallelism[TopologyNode.Flink "map"]
                (later.Parallelism[TopologyNode.Flink "map"] + 1)
                "rescaled"
        }

        test "a rate that is well served is measured as it is" {
            let numbers, _ = measured ()
            let source = numbers[TopologyNode.Flink "source"]
            Expect.equal source.Lag.Value (Nullable 0.0) "no lag"

            Expect.floatClose
                Accuracy.medium
                source.RecordsIn.Value.Value
                source.ArrivalRate.Value.Value
                "all that arrives"
        }

        test "graphs are described by their edges, and problems are a list" {
            let node = TopologyNode.Flink
            let source, sink = node "source", node "sink"

            let graph =
                Application.graph "graph" [ StreamOperator(source, 10.0); StreamOperator(sink, 0.0) ] [ source, sink ] [
                    source, Trace.create "own" (fun _ -> 5.0) |> Trace.noise 0.1 |> Trace.offset (minutes 1)
                ]

            Expect.equal
                (Application.problems graph |> List.map string)
                [ "operators[1].ratePerInstance: expected a positive number of records per second, found 0" ]
                "problems"
        }
    ]
