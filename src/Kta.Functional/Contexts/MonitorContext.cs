namespace Kta.Functional;

/// <summary>What the monitor step knows, without the typed history. See <see cref="MonitorContext{TMonitor, TAnalyze}"/>.</summary>
public class MonitorContext : StepContext
{
    private protected MonitorContext(Topology topology, string id, long udfStartTimestampMillis)
        : base(topology, id, udfStartTimestampMillis)
    {
    }
}

/// <summary>What the monitor step knows.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
public sealed class MonitorContext<TMonitor, TAnalyze> : MonitorContext
    where TMonitor : class
    where TAnalyze : class
{
    private readonly CallData<TMonitor, TAnalyze>? _call;
    private readonly History<TMonitor, TAnalyze>? _given;

    /// <summary>Makes a context, for tests.</summary>
    /// <param name="topology">The nodes.</param>
    /// <param name="history">Earlier iterations, newest first; null for none.</param>
    /// <param name="id">The id of the iteration.</param>
    /// <param name="udfStartTimestampMillis">When the iteration started, in milliseconds since 1970-01-01 UTC.</param>
    public MonitorContext(
        Topology topology,
        IEnumerable<HistoryEntry<TMonitor, TAnalyze>>? history = null,
        string id = "",
        long udfStartTimestampMillis = 0)
        : base(topology, id, udfStartTimestampMillis) =>
        _given = new(history ?? []);

    internal MonitorContext(CallData<TMonitor, TAnalyze> call)
        : base(call.Request.Topology, call.Request.Id, call.Request.UdfStartTimestampMillis) =>
        _call = call;

    /// <summary>Earlier iterations, newest first.</summary>
    public History<TMonitor, TAnalyze> History => _given ?? _call!.History;
}
