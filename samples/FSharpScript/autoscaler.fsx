// An autoscaler in one file:
//
//     dotnet fsi autoscaler.fsx [--host 127.0.0.1] [--port 8096]
//
// Outside of this repository, the four lines below are one: #r "nuget: Kta.Functional.FSharp, 0.1.0-alpha.1"
// In here, build first: dotnet build src/Kta.Functional.FSharp -c Release
#I "../../src/Kta.Functional.FSharp/bin/Release/net10.0"
#r "Kta.Functional.dll"
#r "Kta.Functional.Http.dll"
#r "Kta.Functional.FSharp.dll"

open System
open Kta.Functional.FSharp

type Load = { RecordsPerSecond: float }
type Demand = { Instances: int }

/// Stands for a call of Flink or Prometheus: traffic that rises and falls within ten minutes.
let sourceRate (at: DateTimeOffset) =
    10_000.0
    + 8_000.0 * sin (2.0 * Math.PI * float (at.ToUnixTimeSeconds() % 600L) / 600.0)

let autoscaler = algorithm {
    name "five thousand each"

    monitor (fun ctx -> task {
        return {
            RecordsPerSecond = sourceRate ctx.StartedAt
        }
    })

    analyze (fun ctx ->
        if ctx.MonitorResult.RecordsPerSecond > 0.0 then
            Some {
                Instances = Parallelism.ofFloat (ctx.MonitorResult.RecordsPerSecond / 5_000.0)
            }
        else
            None)

    plan (fun ctx ->
        let instances = ctx.TryAnalyzeResult |> Option.map _.Instances |> Option.defaultValue 1
        ctx.Topology |> Plan.forEach (fun node -> instances))
}

/// What the command line says about `--name value`.
let argument name fallback =
    fsi.CommandLineArgs
    |> Array.pairwise
    |> Array.tryPick (fun (option, value) -> if option = name then Some value else None)
    |> Option.defaultValue fallback

autoscaler
|> HttpBackend.runAt (argument "--host" "127.0.0.1") (int (argument "--port" "8096"))
