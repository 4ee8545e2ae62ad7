// The algorithm: three functions of their contexts, which keep nothing.
#if INTERACTIVE
#r "nuget: Kta.Functional.FSharp, KTA_VERSION"
#endif

open System
open Kta.Functional.FSharp

type Load = { RecordsPerSecond: float }
type Demand = { Instances: float }

/// What one instance can do.
let private recordsPerInstance = 5_000.0

let autoscaler = algorithm {
    // Stands for a call of Flink, Prometheus or Kafka: a day with one peak.
    monitor (fun ctx -> {
        RecordsPerSecond = round (40_000.0 - 32_000.0 * cos (ctx.StartedAt.TimeOfDay.TotalDays * 2.0 * Math.PI))
    })

    analyze (fun ctx -> {
        Instances = ctx.MonitorResult.RecordsPerSecond / recordsPerInstance
    })

    plan (fun ctx ->
        ctx.Topology
        |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances |> Parallelism.ofFloat |> Parallelism.atLeast 1))
}
