/// What docs/monitor-prometheus.md shows in F#. Tests compare it with the page, and with the C#.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusSnippets

open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Monitoring
open Kta.Functional.Tests
open Microsoft.Extensions.Logging
open Microsoft.Extensions.Logging.Abstractions

let prometheus =
    new PrometheusMonitor("http://prometheus:9090", PrometheusQueries.Flink(job = "orders"))

let algorithm =
    Ds2.rule Ds2.defaults
    |> Autoscaler.withMonitor (fun ctx ct -> prometheus.MeasureAsync(ctx, ct))

let queries (source: TopologyNode) =
    let queries = [
        // One query for each node: its name comes in place of {node}.
        PrometheusQuery(Quantity.Lag, "sum(queue_length{queue=\"{node}\"})")

        // One query for all nodes: a label names the node.
        PrometheusQuery(Quantity.Busy, "avg by (app) (app_busy_ms_per_second)", Label = "app", Factor = 0.001)

        // One query for one node, and not more than two seconds for it.
        PrometheusQuery(Quantity.ArrivalRate, "sum(rate(published_total[1m]))", Node = source, TimeLimit = seconds 2)

        // The mean of the last two minutes, a point every 15 seconds.
        PrometheusQuery(
            Quantity.RecordsIn,
            "sum by (app) (rate(processed_total[1m]))",
            Label = "app",
            Range = PrometheusRange(minutes 2, seconds 15)
        )
    ]

    queries

let options (source: TopologyNode) (queries: PrometheusQuery list) (logger: ILogger) =
    let options =
        PrometheusMonitorOptions(
            ServerOptions("https://prometheus:9090", BearerTokenFile = "token"),
            queries,
            Names = readOnlyDict [ source, "orders-v2" ],
            StaleAfter = minutes 1,
            OnNote = fun note -> logger.LogInformation("{Note}", note)
        )

    options

let both (source: TopologyNode) =
    let topics = [ KeyValuePair(source, "orders"); KeyValuePair(source, "returns") ]

    let both =
        new PrometheusMonitor(
            "http://prometheus:9090",
            Seq.append (PrometheusQueries.Flink "orders") (PrometheusQueries.KafkaExporter("orders-group", topics))
        )

    both

let tests =
    testList "What the documentation of the Prometheus monitor shows" [
        test "asks the same in both languages" {
            let source = TopologyNode.Deployment "orders"
            let asked = queries source
            Expect.equal asked (List.ofSeq (CSharp.PrometheusSnippets.Queries source)) "queries"

            let inFSharp = options source asked NullLogger.Instance
            let inCSharp = CSharp.PrometheusSnippets.Options(source, asked, NullLogger.Instance)
            Expect.equal (Seq.toList inFSharp.Queries) (Seq.toList inCSharp.Queries) "of the options"
            Expect.equal (Seq.toList inFSharp.Names) (Seq.toList inCSharp.Names) "names"
            Expect.equal inFSharp.StaleAfter inCSharp.StaleAfter "age"
            Expect.equal (string inFSharp.Server) (string inCSharp.Server) "address"
            Expect.equal inFSharp.Server.BearerTokenFile inCSharp.Server.BearerTokenFile "token"
        }
    ]
