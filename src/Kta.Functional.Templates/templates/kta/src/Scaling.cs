using Kta.Functional;

namespace ROOT_NAMESPACE;

/// <summary>The algorithm: three functions of their contexts, which keep nothing.</summary>
public static class Scaling
{
    /// <summary>What one instance can do.</summary>
    private const double RecordsPerInstance = 5_000;

    /// <summary>As many instances as the load needs.</summary>
    public static Algorithm<Load, Demand> Algorithm { get; } = Kta.Functional.Algorithm.Create<Load, Demand>(
        // Stands for a call of Flink, Prometheus or Kafka: a day with one peak.
        monitor: ctx => new Load(Math.Round(40_000 - 32_000 * Math.Cos(ctx.StartedAt.TimeOfDay.TotalDays * 2 * Math.PI))),
        analyze: ctx => new Demand(ctx.MonitorResult.RecordsPerSecond / RecordsPerInstance),
        plan: ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.AnalyzeResult.Instances).AtLeast(1)));
}

/// <summary>What monitor measures.</summary>
public sealed record Load(double RecordsPerSecond);

/// <summary>What analyze makes of it.</summary>
public sealed record Demand(double Instances);
