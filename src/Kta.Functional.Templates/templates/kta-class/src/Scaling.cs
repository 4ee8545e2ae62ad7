using Kta.Functional;

namespace ROOT_NAMESPACE;

/// <summary>The algorithm: three functions of their contexts. One object serves all calls, so it has no fields that change.</summary>
/// <param name="recordsPerInstance">What one instance can do.</param>
public sealed class Scaling(double recordsPerInstance) : AutoscalingAlgorithmUdfs<Load, Demand>
{
    /// <summary>The algorithm with its settings.</summary>
    public static Algorithm<Load, Demand> Algorithm { get; } = Kta.Functional.Algorithm.FromClass(new Scaling(recordsPerInstance: 5_000));

    /// <summary>Stands for a call of Flink, Prometheus or Kafka: a day with one peak.</summary>
    public override Load Monitor(MonitorContext<Load, Demand> context) =>
        new(Math.Round(40_000 - 32_000 * Math.Cos(context.StartedAt.TimeOfDay.TotalDays * 2 * Math.PI)));

    /// <summary>How many instances the load needs.</summary>
    public override Demand Analyze(AnalyzeContext<Load, Demand> context) =>
        new(context.MonitorResult.RecordsPerSecond / recordsPerInstance);

    /// <summary>Up at once, down by one instance at a time: what was decided before is in the history.</summary>
    public override Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(node =>
    {
        var needed = Parallelism.Of(context.AnalyzeResult.Instances).AtLeast(1);
        var before = context.History.Latest?.Plan.GetValueOrDefault(node, 1) ?? 1;
        return Math.Max(needed, before - 1);
    });
}

/// <summary>What monitor measures.</summary>
public sealed record Load(double RecordsPerSecond);

/// <summary>What analyze makes of it.</summary>
public sealed record Demand(double Instances);
