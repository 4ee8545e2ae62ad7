/// docs/notebook-to-cluster.md, run by Simulation/StoryTests.
module Kta.Functional.Tests.FSharp.StorySnippets

open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Files
open Kta.Functional.FSharp
open Kta.Functional.Monitoring
open Kta.Functional.Simulation

let steady =
    Rule.create "60 % busy" (fun now context ->
        context.Topology
        |> Plan.forEach (fun node ->
            let current =
                context.CurrentParallelism(node, now)
                |> Option.ofNullable
                |> Option.defaultValue 1

            match Option.ofNullable now[node].Busy.Value with
            | Some busy -> Parallelism.ofFloat (float current * busy / 0.6) |> Parallelism.atLeast 1
            | None -> current))

let tryIt (file: string) = task {
    let orders = ApplicationFile.Read(file).Application

    let! run =
        orders
        |> Simulator.run (Autoscaler.ofRule steady |> Strategy.stabilize (minutes 5))

    printfn $"{run.Figures}"
    return run
}

let calm algorithm = algorithm |> Strategy.stabilize (minutes 5) |> Strategy.coupledRescale 0.5

let tryCalm (file: string) =
    ApplicationFile.Read(file).Application
    |> Simulator.run (Autoscaler.ofRule steady |> calm)

let serve () =
    use flink = new FlinkMonitor("http://jobmanager:8081", "orders")

    steady
    |> Autoscaler.withMonitor (fun ctx ct -> flink.MeasureAsync(ctx, ct))
    |> calm
    |> HttpBackend.run
