/// What docs/monitor-prometheus.md shows in F#. A test compares.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusSnippets

open Kta.Functional.FSharp
open Kta.Functional.Monitoring

let prometheus =
    new PrometheusMonitor("http://prometheus:9090", PrometheusQueries.Flink(job = "orders"))

let algorithm =
    Ds2.rule Ds2.defaults
    |> Autoscaler.withMonitor (fun ctx ct -> prometheus.MeasureAsync(ctx, ct))
