/// The algorithm: three functions of their contexts, which keep nothing.
module Autoscaler1.Scaling

open System
open Kta.Functional
open Kta.Functional.FSharp

/// What monitor measures.
type Load = { RecordsPerSecond: float }

/// What analyze makes of it.
type Demand = { Instances: float }

/// What one instance can do.
let private recordsPerInstance = 5_000.0

/// Stands for a call of Flink, Prometheus or Kafka: a day with one peak.
let measure (at: DateTimeOffset) = {
    RecordsPerSecond = round (40_000.0 - 32_000.0 * cos (at.TimeOfDay.TotalDays * 2.0 * Math.PI))
}

/// As many instances as the load needs, at least one.
let decide (topology: Topology) (demand: Demand) =
    topology
    |> Plan.forEach (fun _ -> demand.Instances |> Parallelism.ofFloat |> Parallelism.atLeast 1)

let autoscaler = algorithm {
    monitor (fun ctx -> measure ctx.StartedAt)

    analyze (fun ctx -> {
        Instances = ctx.MonitorResult.RecordsPerSecond / recordsPerInstance
    })

    plan (fun ctx -> decide ctx.Topology ctx.AnalyzeResult)
}
