// dotnet fsi ds2.fsx 8096
// Outside of this repository, the five lines below are one: #r "nuget: Kta.Functional.FSharp, 0.1.0-alpha.1"
#I "../../src/Kta.Functional.FSharp/bin/Release/net10.0"
#r "Kta.Functional.dll"
#r "Kta.Functional.Algorithms.dll"
#r "Kta.Functional.Http.dll"
#r "Kta.Functional.FSharp.dll"

open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.FSharp

let measured arrivals _ =
    NodeMeasurements(
        RecordsIn = 1_000,
        RecordsOut = 1_000,
        Busy = 0.9,
        ArrivalRate = Reading.op_Implicit (arrivals: int)
    )

Ds2.rule (Ds2Options(ScalingFactor = 0.2))
|> Autoscaler.withMeasurements (fun ctx -> Measurements.ForEach(ctx.Topology, measured (100 * ctx.StartedAt.Minute)))
|> Strategy.bounds 1 32
|> Strategy.cooldown (minutes 2)
|> HttpBackend.runAt "127.0.0.1" (fsi.CommandLineArgs |> Array.last |> int)
