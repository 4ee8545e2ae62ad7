namespace Kta.Functional.Algorithms;

/// <summary>What a rule knows beside the present measurements: the nodes, the time, and the past.</summary>
/// <remarks>Immutable. A rule is a pure function of it: time comes from here, never from a clock.</remarks>
public sealed class RuleContext
{
    /// <summary>Makes a context.</summary>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="startedAt">When the iteration started.</param>
    /// <param name="history">Earlier iterations about the same nodes, newest first; taken one by one, when a rule looks at them.</param>
    public RuleContext(Topology topology, DateTimeOffset startedAt, IEnumerable<PastIteration>? history = null)
        : this(topology, startedAt, new PastIterations(history ?? []))
    {
    }

    private RuleContext(Topology topology, DateTimeOffset startedAt, PastIterations history)
    {
        ArgumentNullException.ThrowIfNull(topology);
        Topology = topology;
        StartedAt = startedAt;
        History = history;
    }

    /// <summary>The nodes to decide about.</summary>
    public Topology Topology { get; }

    /// <summary>When the iteration started, by the operator's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Earlier iterations about the same nodes, newest first.</summary>
    public PastIterations History { get; }

    /// <summary>Is told if a rule wants to look back further than the history goes.</summary>
    internal Action<ShortHistory>? Told { get; init; }

    /// <summary>What the operator applied last; null if there is no history.</summary>
    public IReadOnlyDictionary<TopologyNode, int>? Applied => History.At(0)?.Parallelism;

    /// <summary>The context of a plan step whose monitor answers measurements. Entries about other nodes are left out.</summary>
    /// <typeparam name="TAnalyze">What analyze answers; a rule does not look at it.</typeparam>
    /// <param name="context">The context of the step.</param>
    public static RuleContext Of<TAnalyze>(PlanContext<Measurements, TAnalyze> context)
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Topology, context.StartedAt, Past(context.Topology, context.History))
        {
            Told = ended => context.ShortHistory ??= ended,
        };
    }

    /// <summary>The context of an analyze step whose monitor answers measurements. Entries about other nodes are left out.</summary>
    /// <typeparam name="TAnalyze">What analyze answers; a rule does not look at it.</typeparam>
    /// <param name="context">The context of the step.</param>
    public static RuleContext Of<TAnalyze>(AnalyzeContext<Measurements, TAnalyze> context)
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(context);
        return new(context.Topology, context.StartedAt, Past(context.Topology, context.History));
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

    internal int Required(TopologyNode node, Measurements now) =>
        CurrentParallelism(node, now)
        ?? throw new MissingMeasurementException(node, Quantity.Parallelism);

    private static IEnumerable<PastIteration> Past<TAnalyze>(Topology topology, History<Measurements, TAnalyze> history)
        where TAnalyze : class
    {
        var index = 0;
        foreach (var entry in history)
        {
            if (entry.IsAbout(topology))
            {
                yield return new(entry.StartedAt, entry.MonitorResult, entry.Parallelism)
                {
                    IsBehindGap = history.Uninterrupted(index, topology) is null,
                };
            }

            index++;
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
