namespace Kta.Functional;

/// <summary>What the plan step knows.</summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
public sealed class PlanContext<TMonitor, TAnalyze> : StepContext
    where TMonitor : class
    where TAnalyze : class
{
    private readonly CallData<TMonitor, TAnalyze>? _call;
    private readonly History<TMonitor, TAnalyze>? _given;
    private readonly ResultSlot<TMonitor> _monitor;
    private readonly ResultSlot<TAnalyze> _analyze;

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
        : base(topology, id, udfStartTimestampMillis)
    {
        _monitor = new GivenResult<TMonitor>(monitorResult);
        _analyze = analyzeResult is null ? new MissingResult<TAnalyze>() : new GivenResult<TAnalyze>(analyzeResult);
        _given = new(history ?? []);
    }

    internal PlanContext(CallData<TMonitor, TAnalyze> call)
        : base(call.Request.Topology, call.Request.Id, call.Request.UdfStartTimestampMillis)
    {
        _monitor = call.MonitorResult;
        _analyze = call.AnalyzeResult;
        _call = call;
    }

    /// <summary>What monitor answered in this iteration. Decoded when it is first read.</summary>
    /// <exception cref="InvalidRequestException">What came is not a <typeparamref name="TMonitor"/>; answered as 422 with the JSON path.</exception>
    public TMonitor MonitorResult => _monitor.Value;

    /// <summary>
    /// What analyze answered in this iteration. Use <see cref="AnalyzeResultOrNull"/> if analyze may have nothing to say.
    /// </summary>
    /// <exception cref="InvalidRequestException">Analyze had nothing to say and <typeparamref name="TAnalyze"/> cannot be read from
    /// <c>{}</c>, or what came is not a <typeparamref name="TAnalyze"/>; answered as 422 with the JSON path.</exception>
    public TAnalyze AnalyzeResult => _analyze.Value;

    /// <summary>What analyze answered in this iteration, or null if it had nothing to say (<c>{}</c> on the wire) or the policy has no analyze step.</summary>
    /// <exception cref="InvalidRequestException">What came is not a <typeparamref name="TAnalyze"/>; answered as 422 with the JSON path.</exception>
    public TAnalyze? AnalyzeResultOrNull => _analyze.IsNothing ? null : _analyze.Value;

    /// <summary>Earlier iterations, newest first.</summary>
    public History<TMonitor, TAnalyze> History => _given ?? _call!.History;

    /// <summary>Asks a function for the parallelism of every node: <c>Plan.ForEach</c> over this topology.</summary>
    /// <param name="parallelismOf">Gives the parallelism of a node, at least 1.</param>
    /// <remarks>In a class with a method named Plan, C# reads <c>Plan.ForEach</c> as that method; this is the way around.</remarks>
    /// <exception cref="UdfResultException">The function gave less than 1; the message names the node.</exception>
    public Plan ForEachNode(Func<TopologyNode, int> parallelismOf) => Plan.ForEach(Topology, parallelismOf);

    /// <summary>Keeps what the plan changes, if somebody wants to know.</summary>
    internal void Tell(Plan plan) => _call?.Tell(plan);
}
