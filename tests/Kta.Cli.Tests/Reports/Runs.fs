/// Runs the reports are tested with.
module Kta.Cli.Tests.Reports.Runs

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation

let private reading (source: string) (trace: Trace) = Application.Reading(source, trace)

let cosine: Trace = Trace.Cosine(150_000.0, 100_000.0, TimeSpan.FromHours 1.0)

let orders: Application =
    Application(
        Name = "orders",
        Operators = [|
            StreamOperator("source", 50_000.0, Exponent = 0.97)
            StreamOperator("map", 12_000.0, Exponent = 0.95, Selectivity = 2.0)
            StreamOperator("agg", 15_000.0, Exponent = 0.92, Selectivity = 0.1, MaxParallelism = 64)
        |],
        Sources = reading "source" cosine
    )

/// The same, shorter: an hour.
let hour: Application =
    Application(
        Name = "hour",
        Operators = orders.Operators,
        Sources = orders.Sources,
        Duration = TimeSpan.FromHours 1.0
    )

let simulate (algorithm: Algorithm) (application: Application) : SimulatedRun =
    Simulator.RunAsync(application, algorithm).GetAwaiter().GetResult()

let breakEven: Algorithm = Autoscaler.Create(BreakEven.Rule())
let ds2: Algorithm = Autoscaler.Create(Ds2.Rule())

let run = lazy simulate breakEven orders
let other = lazy simulate ds2 orders

let still = lazy Simulator.RunAsync(orders, StaticPlan.Peak orders).GetAwaiter().GetResult()

/// What somebody could call things to break a page, or to run a script in it.
let evil = "</script><script>alert(1)</script><b>&\"'"

let ofEvilNames =
    lazy
        (let node = TopologyNode.Flink(evil.Replace("=", "")) :> TopologyNode
         let sources = dict [ node, Trace.Of(evil, fun _ -> 90_000.0) ]

         let says: Algorithm =
             Algorithm
                 .For<Measurements, JsonObject>()
                 .WithPlan(fun context -> (Plan.ForEach(context.Topology, fun _ -> 3)).Because(node, evil))
                 .WithName(evil)

         Application(
             Name = evil,
             Operators = [| StreamOperator(node, 50_000.0) |],
             Sources = Dictionary sources,
             Duration = TimeSpan.FromMinutes 20.0
         )
         |> simulate says)

/// A day of twenty operators, whose rule has much to say.
let day =
    lazy
        (let operators = [| for i in 0..19 -> StreamOperator($"operator-number-{i}", 20_000.0, Exponent = 0.95) |]

         Application(
             Name = "day",
             Operators = operators,
             Sources = reading "operator-number-0" (Trace.Daily(20_000.0, 300_000.0).WithNoise 0.05),
             Duration = TimeSpan.FromHours 24.0
         )
         |> simulate breakEven)
