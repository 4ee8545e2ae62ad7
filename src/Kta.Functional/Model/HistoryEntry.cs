namespace Kta.Functional;

/// <summary>One earlier iteration of the loop, as the operator's Knowledge keeps it. Only iterations whose steps all succeeded are kept.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
/// <remarks>Immutable. Made by the SDK from a request, or by you in a test.</remarks>
public sealed class HistoryEntry<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Makes an entry, for tests.</summary>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="analyzeResult">What analyze answered, null for nothing.</param>
    /// <param name="plan">What plan answered.</param>
    /// <param name="parallelism">What the operator applied after clamping; null: what the plan says.</param>
    /// <param name="id">The id of the iteration.</param>
    /// <param name="udfStartTimestampMillis">When monitor was called, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="udfEndTimestampMillis">When plan had answered, in milliseconds since 1970-01-01 UTC.</param>
    public HistoryEntry(
        TMonitor monitorResult,
        TAnalyze? analyzeResult,
        Plan plan,
        IReadOnlyDictionary<TopologyNode, int>? parallelism = null,
        string id = "",
        long udfStartTimestampMillis = 0,
        long udfEndTimestampMillis = 0)
    {
        ArgumentNullException.ThrowIfNull(monitorResult);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(id);
        MonitorResult = monitorResult;
        AnalyzeResult = analyzeResult;
        Plan = plan;
        Parallelism = parallelism ?? plan;
        Id = id;
        UdfStartTimestampMillis = udfStartTimestampMillis;
        UdfEndTimestampMillis = udfEndTimestampMillis;
    }

    /// <summary>An entry whose results cannot be read; what was applied then may be known.</summary>
    internal HistoryEntry(IReadOnlyDictionary<TopologyNode, int>? parallelism)
    {
        (MonitorResult, Plan, Id, IsUnreadable) = (null!, Plan.Empty, "", true);
        Parallelism = parallelism ?? Plan;
    }

    internal bool IsUnreadable { get; }

    /// <summary>The id of the iteration. Attempts that failed before carried the same one.</summary>
    public string Id { get; }

    /// <summary>When the iteration started, in milliseconds since 1970-01-01 UTC, by the operator's clock.</summary>
    public long UdfStartTimestampMillis { get; }

    /// <summary>When the plan had been answered, in milliseconds since 1970-01-01 UTC, by the operator's clock.</summary>
    public long UdfEndTimestampMillis { get; }

    /// <summary>When the iteration started, by the operator's clock. Times outside of .NET's range are cut to it.</summary>
    public DateTimeOffset StartedAt => EpochTime.At(UdfStartTimestampMillis);

    /// <summary>When the plan had been answered, by the operator's clock. Times outside of .NET's range are cut to it.</summary>
    public DateTimeOffset EndedAt => EpochTime.At(UdfEndTimestampMillis);

    /// <summary>What monitor answered.</summary>
    public TMonitor MonitorResult { get; }

    /// <summary>What analyze answered; null if it had nothing to say or the policy has no analyze step.</summary>
    public TAnalyze? AnalyzeResult { get; }

    /// <summary>What plan asked for.</summary>
    public Plan Plan { get; }

    /// <summary>
    /// What the operator meant to apply: the plan, clamped to the policy's minimum and maximum. The entry is written
    /// before scaling, so it does not prove that scaling worked.
    /// </summary>
    public IReadOnlyDictionary<TopologyNode, int> Parallelism { get; }

    /// <summary>Whether the iteration was about exactly these nodes.</summary>
    /// <param name="topology">The topology to compare with, in any order.</param>
    public bool IsAbout(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return Names(Parallelism, topology);
    }

    internal static bool Names(IReadOnlyDictionary<TopologyNode, int> parallelism, Topology topology) =>
        parallelism.Count == topology.Count && topology.All(parallelism.ContainsKey);
}
