namespace Kta.Functional.Monitoring;

/// <summary>What a monitor is asked about.</summary>
/// <param name="Topology">The nodes to measure.</param>
/// <param name="StartedAt">When the iteration started, by the operator's clock.</param>
/// <param name="Before">What was measured in the iteration before; null if there was none. Counters become rates by it.</param>
public sealed record MonitoringContext(Topology Topology, DateTimeOffset StartedAt, PastMeasurements? Before = null)
{
    /// <summary>The context of a monitor step that answers measurements.</summary>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <param name="context">The context of the step.</param>
    public static MonitoringContext Of<TAnalyze>(MonitorContext<Measurements, TAnalyze> context)
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(context);
        var before = context.History.Uninterrupted(0, context.Topology);
        return new(context.Topology, context.StartedAt, before is null ? null : new(before.StartedAt, before.MonitorResult));
    }
}

/// <summary>What was measured in an earlier iteration.</summary>
/// <param name="StartedAt">When that iteration started.</param>
/// <param name="Measurements">What its monitor answered.</param>
public sealed record PastMeasurements(DateTimeOffset StartedAt, Measurements Measurements);
