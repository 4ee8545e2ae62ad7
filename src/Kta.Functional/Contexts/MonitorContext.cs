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
    private readonly ContextInput<TMonitor, TAnalyze> _input;

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
        : this(topology, new GivenInput<TMonitor, TAnalyze>(null, null, history), id, udfStartTimestampMillis)
    {
    }

    internal MonitorContext(Topology topology, ContextInput<TMonitor, TAnalyze> input, string id, long udfStartTimestampMillis)
        : base(topology, id, udfStartTimestampMillis) =>
        _input = input;

    /// <summary>Earlier iterations, newest first.</summary>
    public History<TMonitor, TAnalyze> History => _input.History;
}
