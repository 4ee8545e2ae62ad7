// dotnet fsi hpa.fsx 8096
// Outside of this repository, the five lines below are one: #r "nuget: Kta.Functional.FSharp, 0.1.0-alpha.1"
#I "../../src/Kta.Functional.FSharp/bin/Release/net10.0"
#r "Kta.Functional.dll"
#r "Kta.Functional.Algorithms.dll"
#r "Kta.Functional.Http.dll"
#r "Kta.Functional.FSharp.dll"

open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp

let measured busy _ = NodeMeasurements(Busy = Reading.op_Implicit (busy: float))

let fiveMinutes =
    HpaScaling(StabilizationWindow = minutes 5, Policies = [ HpaPolicy(HpaPolicyType.Percent, 50, minutes 1) ])

Hpa.rule (
    HpaOptions(Metrics = [ HpaMetric.Utilization(Quantity.Busy, 0.7) ], ScaleDown = fiveMinutes, MaxReplicas = 32)
)
|> Autoscaler.withMeasurements (fun ctx ->
    Measurements.ForEach(ctx.Topology, measured (float ctx.StartedAt.Minute / 60.)))
|> HttpBackend.runAt "127.0.0.1" (fsi.CommandLineArgs |> Array.last |> int)
