module Autoscaler1.Program

open System
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Simulation

[<EntryPoint>]
let main args =
    match args with
    // dotnet run -- try: a day of decisions, without a cluster.
    | [| "try" |] ->
        let day = LocalOperatorOptions(Clock = VirtualClock(), Interval = TimeSpan.FromHours 1.0)
        let orders = Topology.Of(TopologyNode.Deployment "orders")
        let run = LocalOperator.RunAsync(Scaling.autoscaler, orders, iterations = 24, options = day)
        printf $"{run.Result.ToTable()}"
    // dotnet run: what the operator calls.
    | _ -> Scaling.autoscaler |> HttpBackend.runWith (HttpBackendOptions(Args = args))

    0
