namespace Kta.Functional.Algorithms;

/// <summary>The dummy autoscaler as a class with all three steps. See <see cref="DummyAutoscaler"/>.</summary>
/// <param name="options">The settings; null for the defaults: threshold 2, replicas 4 and 2.</param>
public sealed class DummyAutoscalerUdfs(DummyOptions? options = null)
    : AutoscalingAlgorithmUdfs<DummyMonitorResult, DummyAnalyzeResult>
{
    private readonly DummyOptions _options = options ?? new();

    /// <inheritdoc/>
    public override DummyMonitorResult Monitor(MonitorContext<DummyMonitorResult, DummyAnalyzeResult> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return DummyAutoscaler.Count(context.History);
    }

    /// <inheritdoc/>
    public override DummyAnalyzeResult? Analyze(AnalyzeContext<DummyMonitorResult, DummyAnalyzeResult> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return DummyAutoscaler.Toggle(context.MonitorResult, context.History, _options);
    }

    /// <inheritdoc/>
    public override Plan Plan(PlanContext<DummyMonitorResult, DummyAnalyzeResult> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return DummyAutoscaler.Alternate(context.Topology, context.AnalyzeResult, _options);
    }
}

/// <summary>The dummy autoscaler as a class with only the monitor step. See <see cref="DummyAutoscaler"/>.</summary>
public sealed class DummyAutoscalerMonitorUdf : AutoscalingAlgorithmMonitorUdf<DummyMonitorResult, DummyAnalyzeResult>
{
    /// <inheritdoc/>
    public override DummyMonitorResult Monitor(MonitorContext<DummyMonitorResult, DummyAnalyzeResult> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return DummyAutoscaler.Count(context.History);
    }
}

/// <summary>The dummy autoscaler as a class with only the analyze and plan steps. See <see cref="DummyAutoscaler"/>.</summary>
/// <param name="options">The settings; null for the defaults: threshold 2, replicas 4 and 2.</param>
public sealed class DummyAutoscalerAnalyzePlanUdfs(DummyOptions? options = null)
    : IAnalyzeUdf<DummyMonitorResult, DummyAnalyzeResult>, IPlanUdf<DummyMonitorResult, DummyAnalyzeResult>
{
    private readonly DummyOptions _options = options ?? new();

    /// <inheritdoc/>
    public DummyAnalyzeResult? Analyze(AnalyzeContext<DummyMonitorResult, DummyAnalyzeResult> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return DummyAutoscaler.Toggle(context.MonitorResult, context.History, _options);
    }

    /// <inheritdoc/>
    public Plan Plan(PlanContext<DummyMonitorResult, DummyAnalyzeResult> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return DummyAutoscaler.Alternate(context.Topology, context.AnalyzeResult, _options);
    }
}
