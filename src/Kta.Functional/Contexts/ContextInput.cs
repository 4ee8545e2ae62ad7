namespace Kta.Functional;

/// <summary>What a context shows of an iteration: given by a test, or received with a request.</summary>
internal abstract class ContextInput<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    internal abstract ResultSlot<TMonitor> MonitorResult { get; }

    internal abstract ResultSlot<TAnalyze> AnalyzeResult { get; }

    internal abstract History<TMonitor, TAnalyze> History { get; }

    /// <summary>What the newest iteration has applied, whatever its results are; null if there is none.</summary>
    internal abstract IReadOnlyDictionary<TopologyNode, int>? Applied { get; }
}

/// <summary>What a test gives.</summary>
internal sealed class GivenInput<TMonitor, TAnalyze>(
    TMonitor? monitorResult, TAnalyze? analyzeResult, IEnumerable<HistoryEntry<TMonitor, TAnalyze>>? history)
    : ContextInput<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    internal override ResultSlot<TMonitor> MonitorResult { get; } = GivenResult<TMonitor>.Of(monitorResult);

    internal override ResultSlot<TAnalyze> AnalyzeResult { get; } = GivenResult<TAnalyze>.Of(analyzeResult);

    internal override History<TMonitor, TAnalyze> History { get; } = new(history ?? []);

    internal override IReadOnlyDictionary<TopologyNode, int>? Applied => History.Latest?.Parallelism;
}
