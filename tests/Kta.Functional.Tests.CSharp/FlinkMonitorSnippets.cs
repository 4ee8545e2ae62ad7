using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Kta.Functional.Monitoring;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/monitor-flink.md and the README of the package show. Another test compares them.</summary>
public static class FlinkMonitorSnippets
{
    /// <summary>A whole program.</summary>
    public static void Serve()
    {
        using var flink = new FlinkMonitor("http://jobmanager:8081", "orders");
        var algorithm = Autoscaler.Create(flink.MeasureAsync, Ds2.Rule());

        Bootstrap.Run(algorithm, new HttpBackend());
    }

    /// <summary>The options.</summary>
    public static FlinkMonitor WithOptions(Action<string> log)
    {
        var flink = new FlinkMonitor(new FlinkMonitorOptions
        {
            Server = new("https://jobmanager:8081")
            {
                BearerTokenFile = "/var/run/secrets/flink/token",
                CertificateAuthorityFile = "/var/run/secrets/flink/ca.pem",
            },
            Job = "orders",
            Busy = FlinkAggregation.Maximum,
            OnNote = log,
        });

        return flink;
    }

    /// <summary>Numbers of two systems.</summary>
    public static Algorithm Merged(TopologyMonitor flink, TopologyMonitor kafka)
    {
        var both = Monitors.Merge(flink, kafka);
        var algorithm = Autoscaler.Create(both.MeasureAsync, BreakEven.Rule());

        return algorithm;
    }

    /// <summary>A step that answers something of its own.</summary>
    public static Algorithm OwnResult(TopologyMonitor flink)
    {
        var algorithm = Algorithm.Create<Load>(
            monitor: async (ctx, ct) =>
            {
                var measured = await flink.ReadAsync(new MonitoringContext(ctx.Topology, ctx.StartedAt), ct);
                return new Load(measured[ctx.Topology[0]].RecordsIn.Value ?? 0);
            },
            plan: ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.MonitorResult.RecordsPerSecond / 5_000).AtLeast(1)));

        return algorithm;
    }

    /// <summary>What a user's own monitor answers.</summary>
    /// <param name="RecordsPerSecond">What arrives.</param>
    public sealed record Load(double RecordsPerSecond);
}
