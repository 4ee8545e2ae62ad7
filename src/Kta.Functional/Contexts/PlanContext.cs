namespace Kta.Functional;

/// <summary>What the plan step knows.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
public sealed class PlanContext<TMonitor, TAnalyze> : StepContext
    where TMonitor : class
    where TAnalyze : class
{
    private readonly ContextInput<TMonitor, TAnalyze> _input;

    /// <summary>Makes a context, for tests.</summary>
    /// <param name="topology">The nodes.</param>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="analyzeResult">What analyze answered; null for nothing.</param>
    /// <param name="history">Earlier iterations, newest first; null for none.</param>
    /// <param name="id">The id of the iteration.</param>
    /// <param name="udfStartTimestampMillis">When the iteration started, in milliseconds since 1970-01-01 UTC.</param>
    public PlanContext(
        Topology topology,
        TMonitor monitorResult,
        TAnalyze? analyzeResult = null,
        IEnumerable<HistoryEntry<TMonitor, TAnalyze>>? history = null,
        string id = "",
        long udfStartTimestampMillis = 0)
        : this(topology, new GivenInput<TMonitor, TAnalyze>(monitorResult, analyzeResult, history), id, udfStartTimestampMillis) =>
        ArgumentNullException.ThrowIfNull(monitorResult);

    internal PlanContext(Topology topology, ContextInput<TMonitor, TAnalyze> input, string id, long udfStartTimestampMillis)
        : base(topology, id, udfStartTimestampMillis) =>
        _input = input;

    /// <summary>What monitor answered in this iteration. Decoded when it is first read.</summary>
    /// <exception cref="InvalidRequestException">What came is not a <typeparamref name="TMonitor"/>; answered as 422 with the JSON path.</exception>
    public TMonitor MonitorResult => _input.MonitorResult.Value;

    /// <summary>
    /// What analyze answered in this iteration. Use <see cref="AnalyzeResultOrNull"/> if analyze may have nothing to say.
    /// </summary>
    /// <exception cref="InvalidRequestException">Analyze had nothing to say and <typeparamref name="TAnalyze"/> cannot be read from
    /// <c>{}</c>, or what came is not a <typeparamref name="TAnalyze"/>; answered as 422 with the JSON path.</exception>
    public TAnalyze AnalyzeResult => _input.AnalyzeResult.Value;

    /// <summary>What analyze answered in this iteration, or null if it had nothing to say (<c>{}</c> on the wire) or the policy has no analyze step.</summary>
    /// <exception cref="InvalidRequestException">What came is not a <typeparamref name="TAnalyze"/>; answered as 422 with the JSON path.</exception>
    public TAnalyze? AnalyzeResultOrNull => _input.AnalyzeResult.IsNothing ? null : _input.AnalyzeResult.Value;

    /// <summary>Earlier iterations, newest first.</summary>
    public History<TMonitor, TAnalyze> History => _input.History;

    /// <summary>Asks a function for the parallelism of every node: <c>Plan.ForEach</c> over this topology.</summary>
    /// <param name="parallelismOf">Gives the parallelism of a node, at least 1.</param>
    /// <remarks>In a class with a method named Plan, C# reads <c>Plan.ForEach</c> as that method; this is the way around.</remarks>
    /// <exception cref="UdfResultException">The function gave less than 1; the message names the node.</exception>
    public Plan ForEachNode(Func<TopologyNode, int> parallelismOf) => Plan.ForEach(Topology, parallelismOf);

    /// <summary>What the newest iteration has applied, whatever its results are; null if there is none.</summary>
    internal IReadOnlyDictionary<TopologyNode, int>? Applied => _input.Applied;

    /// <summary>Who wanted to look back further than the history goes, and how far; null if nobody did.</summary>
    internal ShortHistory? ShortHistory { get; set; }
}
