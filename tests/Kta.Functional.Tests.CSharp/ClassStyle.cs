namespace Kta.Functional.Tests.CSharp;

/// <summary>All three steps in one class.</summary>
public sealed class Threshold(int perInstance) : AutoscalingAlgorithmUdfs<Load, Demand>
{
    /// <inheritdoc/>
    public override Load Monitor(MonitorContext<Load, Demand> context) => new(12_000);

    /// <inheritdoc/>
    public override Demand? Analyze(AnalyzeContext<Load, Demand> context) =>
        context.MonitorResult.RecordsPerSecond == 0
            ? null
            : new((int)Math.Ceiling(context.MonitorResult.RecordsPerSecond / perInstance));

    /// <inheritdoc/>
    public override Plan Plan(PlanContext<Load, Demand> context) =>
        context.ForEachNode(_ => context.AnalyzeResultOrNull?.Instances ?? 1);
}

/// <summary>Only monitor.</summary>
public sealed class OnlyMonitor : AutoscalingAlgorithmMonitorUdf<Load, Demand>
{
    /// <inheritdoc/>
    public override Load Monitor(MonitorContext<Load, Demand> context) => new(12_000);
}

/// <summary>Only analyze.</summary>
public sealed class OnlyAnalyze : AutoscalingAlgorithmAnalyzeUdf<Load, Demand>
{
    /// <inheritdoc/>
    public override Demand? Analyze(AnalyzeContext<Load, Demand> context) => new(3);
}

/// <summary>Only plan.</summary>
public sealed class OnlyPlan : AutoscalingAlgorithmPlanUdf<Load, Demand>
{
    /// <inheritdoc/>
    public override Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => 3);
}

/// <summary>Exactly two steps, as the Python SDK does by multiple inheritance.</summary>
public sealed class MonitorAndPlan : IMonitorUdf<Load, Demand>, IPlanUdf<Load, Demand>
{
    /// <inheritdoc/>
    public Load Monitor(MonitorContext<Load, Demand> context) => new(12_000);

    /// <inheritdoc/>
    public Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => 3);
}

/// <summary>A base class for one step and an interface for the other.</summary>
public sealed class AnalyzeAndPlan : AutoscalingAlgorithmAnalyzeUdf<Load, Demand>, IPlanUdf<Load, Demand>
{
    /// <inheritdoc/>
    public override Demand? Analyze(AnalyzeContext<Load, Demand> context) => new(3);

    /// <inheritdoc/>
    public Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => context.AnalyzeResult.Instances);
}

/// <summary>All steps asynchronous.</summary>
public sealed class AllLater : IAsyncMonitorUdf<Load, Demand>, IAsyncAnalyzeUdf<Load, Demand>, IAsyncPlanUdf<Load, Demand>
{
    /// <inheritdoc/>
    public async Task<Load> MonitorAsync(MonitorContext<Load, Demand> context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new(12_000);
    }

    /// <inheritdoc/>
    public async Task<Demand?> AnalyzeAsync(AnalyzeContext<Load, Demand> context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return new(3);
    }

    /// <inheritdoc/>
    public async Task<Plan> PlanAsync(PlanContext<Load, Demand> context, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return Functional.Plan.ForEach(context.Topology, _ => context.AnalyzeResult.Instances);
    }
}

/// <summary>Says monitor twice.</summary>
public sealed class MonitorTwice : AutoscalingAlgorithmMonitorUdf<Load, Demand>, IAsyncMonitorUdf<Load, Demand>
{
    /// <inheritdoc/>
    public override Load Monitor(MonitorContext<Load, Demand> context) => new(1);

    /// <inheritdoc/>
    public Task<Load> MonitorAsync(MonitorContext<Load, Demand> context, CancellationToken cancellationToken) =>
        Task.FromResult(new Load(2));
}

/// <summary>Says that it has steps, and has none.</summary>
public sealed class NoStep : IUdfs<Load, Demand>;

/// <summary>A generic class, for its name.</summary>
public sealed class Keeping<T> : IPlanUdf<Load, Demand>
{
    /// <inheritdoc/>
    public Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => typeof(T) == typeof(int) ? 1 : 2);
}
