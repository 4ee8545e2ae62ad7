using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Kta.Functional.Monitoring;
using Microsoft.Extensions.Logging;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/monitor-prometheus.md shows. Another test compares.</summary>
public static class PrometheusSnippets
{
    /// <summary>A job of Flink.</summary>
    public static void Serve()
    {
        using var prometheus = new PrometheusMonitor("http://prometheus:9090", PrometheusQueries.Flink(job: "orders"));
        var algorithm = Autoscaler.Create(prometheus.MeasureAsync, Ds2.Rule());
        Bootstrap.Run(algorithm, new HttpBackend());
    }

    /// <summary>Queries of one's own.</summary>
    public static IReadOnlyList<PrometheusQuery> Queries(TopologyNode source)
    {
        PrometheusQuery[] queries =
        [
            // One query for each node: its name comes in place of {node}.
            new(Quantity.Lag, "sum(queue_length{queue=\"{node}\"})"),

            // One query for all nodes: a label names the node.
            new(Quantity.Busy, "avg by (app) (app_busy_ms_per_second)") { Label = "app", Factor = 0.001 },

            // One query for one node, and not more than two seconds for it.
            new(Quantity.ArrivalRate, "sum(rate(published_total[1m]))") { Node = source, TimeLimit = TimeSpan.FromSeconds(2) },

            // The mean of the last two minutes, a point every 15 seconds.
            new(Quantity.RecordsIn, "sum by (app) (rate(processed_total[1m]))") { Label = "app", Range = new(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(15)) },
        ];
        return queries;
    }

    /// <summary>What else can be said.</summary>
    public static PrometheusMonitorOptions Options(TopologyNode source, IReadOnlyList<PrometheusQuery> queries, ILogger logger)
    {
#pragma warning disable CA1848, CA1873 // As a user writes it.
        var options = new PrometheusMonitorOptions(new ServerOptions("https://prometheus:9090") { BearerTokenFile = "token" }, queries)
        {
            Names = new Dictionary<TopologyNode, string> { [source] = "orders-v2" },
            StaleAfter = TimeSpan.FromMinutes(1),
            OnNote = note => logger.LogInformation("{Note}", note),
        };
#pragma warning restore CA1848, CA1873
        return options;
    }

    /// <summary>Sets together.</summary>
    public static PrometheusMonitor Both(TopologyNode source)
    {
        var both = new PrometheusMonitor(
            "http://prometheus:9090",
            [.. PrometheusQueries.Flink("orders"), .. PrometheusQueries.KafkaExporter("orders-group", [new(source, "orders"), new(source, "returns")])]);
        return both;
    }
}
