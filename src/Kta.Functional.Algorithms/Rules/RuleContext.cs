namespace Kta.Functional.Algorithms;

/// <summary>What a rule knows beside the present measurements: the nodes, the time, and the past.</summary>
/// <remarks>Immutable. A rule is a pure function of it: time comes from here, never from a clock.</remarks>
public sealed class RuleContext
{
    private readonly Func<IReadOnlyDictionary<TopologyNode, int>?> _behindGap;

    /// <summary>Makes a context.</summary>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="startedAt">When the iteration started.</param>
    /// <param name="history">Earlier iterations about the same nodes, newest first, as far as there is no gap; taken one by one, when a rule
    /// looks at them.</param>
    public RuleContext(Topology topology, DateTimeOffset startedAt, IEnumerable<PastIteration>? history = null)
        : this(topology, startedAt, history ?? [], () => null)
    {
    }

    private RuleContext(
        Topology topology, DateTimeOffset startedAt, IEnumerable<PastIteration> history, Func<IReadOnlyDictionary<TopologyNode, int>?> behindGap)
    {
        ArgumentNullException.ThrowIfNull(topology);
        Topology = topology;
        StartedAt = startedAt;
        History = new(history);
        _behindGap = behindGap;
    }

    /// <summary>The nodes to decide about.</summary>
    public Topology Topology { get; }

    /// <summary>When the iteration started, by the operator's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>
    /// Earlier iterations about the same nodes, newest first. Ends before the first entry that is about other nodes or cannot be read: what
    /// happened then, and before it, is not known.
    /// </summary>
    public PastIterations History { get; }

    /// <summary>Is told if a rule wants to look back further than the history goes: who, and how many iterations there are.</summary>
    internal Action<string, int>? Told { get; init; }

    /// <summary>What the operator applied last to these nodes, also if it is not known what happened since; null if nobody knows.</summary>
    public IReadOnlyDictionary<TopologyNode, int>? Applied => History.At(0)?.Parallelism ?? _behindGap();

    /// <summary>The context of a plan step whose monitor answers measurements.</summary>
    /// <typeparam name="TAnalyze">What analyze answers; a rule does not look at it.</typeparam>
    /// <param name="context">The context of the step.</param>
    public static RuleContext Of<TAnalyze>(PlanContext<Measurements, TAnalyze> context)
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Topology, context.StartedAt, Past(context.Topology, context.History), () => context.History.AppliedTo(context.Topology))
        {
            Told = (who, entries) => context.ShortHistory ??= ShortHistory.Of(context, who, entries),
        };
    }

    /// <summary>The context of an analyze step whose monitor answers measurements.</summary>
    /// <typeparam name="TAnalyze">What analyze answers; a rule does not look at it.</typeparam>
    /// <param name="context">The context of the step.</param>
    public static RuleContext Of<TAnalyze>(AnalyzeContext<Measurements, TAnalyze> context)
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Topology, context.StartedAt, Past(context.Topology, context.History), () => context.History.AppliedTo(context.Topology));
    }

    /// <summary>
    /// How many instances a node has: what was measured just now, otherwise what was applied last, otherwise an older measurement.
    /// Null if nobody knows.
    /// </summary>
    /// <param name="node">A node of the topology.</param>
    /// <param name="now">The present measurements.</param>
    public int? CurrentParallelism(TopologyNode node, Measurements now)
    {
        ArgumentNullException.ThrowIfNull(now);
        var measured = now[node].Parallelism;
        return measured.Value is { } current ? (int)current
            : Applied is { } applied && applied.TryGetValue(node, out var last) ? last
            : (int?)measured.LastValue;
    }

    /// <summary>The plan that changes nothing.</summary>
    /// <param name="now">The present measurements.</param>
    /// <exception cref="MissingMeasurementException">Nobody knows how many instances a node has: neither measured, nor in the history.</exception>
    public Plan Keep(Measurements now)
    {
        ArgumentNullException.ThrowIfNull(now);
        return Plan.ForEach(Topology, node => Required(node, now));
    }

    /// <summary>The same of an earlier iteration: as it was then, as far as the history is still there.</summary>
    /// <param name="index">Which one, 0 for the newest.</param>
    /// <param name="past">The iteration.</param>
    internal RuleContext At(int index, PastIteration past) => new(Topology, past.StartedAt, After(index));

    /// <summary>The same with another past.</summary>
    internal RuleContext With(IEnumerable<PastIteration> history) => new(Topology, StartedAt, history, () => Applied);

    /// <summary>The same with no more of the past than a rule says it needs; with everything if it does not say.</summary>
    internal RuleContext Within(HistoryNeeded needed) =>
        With(needed.OrEverything.Of(History.At, past => StartedAt - past.StartedAt));

    /// <summary>How many instances the nodes have, in the order of the topology.</summary>
    /// <exception cref="MissingMeasurementException">Nobody knows how many instances a node has.</exception>
    internal int[] CurrentOfAll(Measurements now) => [.. Topology.Select(node => Required(node, now))];

    internal int Required(TopologyNode node, Measurements now) =>
        CurrentParallelism(node, now)
        ?? throw new MissingMeasurementException(node, Quantity.Parallelism);

    private static IEnumerable<PastIteration> Past<TAnalyze>(Topology topology, History<Measurements, TAnalyze> history)
        where TAnalyze : class
    {
        for (var i = 0; history.Uninterrupted(i, topology) is { } entry; i++)
        {
            yield return new(entry.StartedAt, entry.MonitorResult, entry.Parallelism);
        }
    }

    private IEnumerable<PastIteration> After(int index)
    {
        for (var i = index + 1; History.At(i) is { } past; i++)
        {
            yield return past;
        }
    }
}
