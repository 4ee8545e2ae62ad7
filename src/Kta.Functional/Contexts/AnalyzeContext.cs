namespace Kta.Functional;

/// <summary>What the analyze step knows, without the typed history. See <see cref="AnalyzeContext{TMonitor, TAnalyze}"/>.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
public class AnalyzeContext<TMonitor> : StepContext
    where TMonitor : class
{
    private readonly ResultSlot<TMonitor> _monitor;

    private protected AnalyzeContext(Topology topology, string id, long udfStartTimestampMillis, ResultSlot<TMonitor> monitor)
        : base(topology, id, udfStartTimestampMillis) => _monitor = monitor;

    /// <summary>What monitor answered in this iteration. Decoded when it is first read.</summary>
    /// <exception cref="InvalidRequestException">What came is not a <typeparamref name="TMonitor"/>; answered as 422 with the JSON path.</exception>
    public TMonitor MonitorResult => _monitor.Value;
}

/// <summary>What the analyze step knows.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
public sealed class AnalyzeContext<TMonitor, TAnalyze> : AnalyzeContext<TMonitor>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly ContextInput<TMonitor, TAnalyze> _input;

    /// <summary>Makes a context, for tests.</summary>
    /// <param name="topology">The nodes.</param>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="history">Earlier iterations, newest first; null for none.</param>
    /// <param name="id">The id of the iteration.</param>
    /// <param name="udfStartTimestampMillis">When the iteration started, in milliseconds since 1970-01-01 UTC.</param>
    public AnalyzeContext(
        Topology topology,
        TMonitor monitorResult,
        IEnumerable<HistoryEntry<TMonitor, TAnalyze>>? history = null,
        string id = "",
        long udfStartTimestampMillis = 0)
        : this(topology, new GivenInput<TMonitor, TAnalyze>(monitorResult, null, history), id, udfStartTimestampMillis) =>
        ArgumentNullException.ThrowIfNull(monitorResult);

    internal AnalyzeContext(Topology topology, ContextInput<TMonitor, TAnalyze> input, string id, long udfStartTimestampMillis)
        : base(topology, id, udfStartTimestampMillis, input.MonitorResult) =>
        _input = input;

    /// <summary>Earlier iterations, newest first.</summary>
    public History<TMonitor, TAnalyze> History => _input.History;
}
