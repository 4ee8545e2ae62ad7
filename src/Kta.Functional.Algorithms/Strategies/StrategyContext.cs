namespace Kta.Functional.Algorithms;

/// <summary>What a strategy knows beside the proposed plan: the nodes, the time, what is there, and what was proposed before.</summary>
/// <remarks>Immutable. A strategy is a pure function of it: time comes from here, never from a clock.</remarks>
public sealed class StrategyContext
{
    private readonly Func<int, PastProposal?> _past;
    private readonly Lazy<IReadOnlyDictionary<TopologyNode, int>?> _current;

    /// <summary>Makes a context, for tests.</summary>
    /// <param name="topology">The nodes.</param>
    /// <param name="startedAt">When the iteration started.</param>
    /// <param name="current">The parallelism that is there; null if nobody knows.</param>
    /// <param name="past">Earlier iterations, newest first, as far as the history goes without a gap.</param>
    public StrategyContext(
        Topology topology, DateTimeOffset startedAt, IReadOnlyDictionary<TopologyNode, int>? current, IReadOnlyList<PastProposal>? past = null)
        : this(topology, startedAt, new Lazy<IReadOnlyDictionary<TopologyNode, int>?>(current), index => index < (past?.Count ?? 0) ? past![index] : null)
    {
    }

    internal StrategyContext(
        Topology topology, DateTimeOffset startedAt, Lazy<IReadOnlyDictionary<TopologyNode, int>?> current, Func<int, PastProposal?> past)
    {
        ArgumentNullException.ThrowIfNull(topology);
        (Topology, StartedAt, _current, _past) = (topology, startedAt, current, past);
    }

    /// <summary>The nodes to decide about.</summary>
    public Topology Topology { get; }

    /// <summary>When the iteration started, by the operator's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>What is there: what the operator applied last, without a history what was measured; null if nobody knows.</summary>
    public IReadOnlyDictionary<TopologyNode, int>? Current => _current.Value;

    /// <summary>
    /// Whether earlier proposals can be computed again. Not if the plan step is asynchronous or uses a <see cref="Service{T}"/>: a step that
    /// does I/O is never run again, and strategies see what was applied.
    /// </summary>
    public bool KnowsProposals { get; internal init; } = true;

    /// <summary>
    /// Earlier iterations about these nodes, newest first, each computed when it is looked at. Ends before the first entry that is about
    /// other nodes or cannot be read: what happened then, and before it, is not known. A strategy of yours sees as much as it says it needs.
    /// </summary>
    public IEnumerable<PastProposal> Past => Window.Of(At, AgeOf);

    /// <summary>What was measured, if the monitor answers measurements, and the past as rules see it.</summary>
    internal (Measurements Now, RuleContext Context)? Measured => Measuring?.Invoke();

    internal Func<(Measurements Now, RuleContext Context)?>? Measuring { get; init; }

    /// <summary>How much of the past there is to see.</summary>
    private HistoryNeeded Window { get; init; } = HistoryNeeded.Everything;

    /// <summary>How many instances a node has; null if nobody knows.</summary>
    /// <param name="node">A node of the topology.</param>
    public int? CurrentOf(TopologyNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return Current is { } current && current.TryGetValue(node, out var count) ? count : null;
    }

    /// <summary>The same with no more of the past than a strategy says it needs; with everything if it does not say.</summary>
    internal StrategyContext Within(HistoryNeeded needed) => new(Topology, StartedAt, _current, _past)
    {
        KnowsProposals = KnowsProposals,
        Measuring = Measuring,
        Window = needed.OrEverything,
    };

    /// <summary>An earlier iteration by age, 0 is the newest; null if the history does not go so far.</summary>
    internal PastProposal? At(int index) => _past(index);

    internal TimeSpan AgeOf(PastProposal past) => StartedAt - past.StartedAt;

    /// <summary>How long ago anything was changed, looked for among what is younger than a time.</summary>
    /// <returns>The age, or null for none; and whether the history reaches back so far, if there is none.</returns>
    internal (TimeSpan? Age, bool IsCovered) LastChange(TimeSpan within)
    {
        for (var i = 0; At(i) is { } past; i++)
        {
            if (AgeOf(past) >= within)
            {
                return (null, true);
            }

            if (past.HasChanged is true)
            {
                return (AgeOf(past), true);
            }
        }

        return (null, within == TimeSpan.Zero);
    }
}

/// <summary>An earlier iteration, as a strategy sees it.</summary>
public sealed class PastProposal
{
    private readonly Lazy<Plan?> _proposed;
    private readonly Lazy<IReadOnlyDictionary<TopologyNode, int>?> _current;

    /// <summary>Makes one, for tests.</summary>
    /// <param name="startedAt">When the iteration started.</param>
    /// <param name="proposed">What the stages before the strategy said then; null if that cannot be told.</param>
    /// <param name="applied">What the operator applied at its end.</param>
    /// <param name="current">What was there when it started; null if nobody knows.</param>
    public PastProposal(
        DateTimeOffset startedAt,
        Plan? proposed,
        IReadOnlyDictionary<TopologyNode, int> applied,
        IReadOnlyDictionary<TopologyNode, int>? current)
        : this(startedAt, new Lazy<Plan?>(proposed), applied, new Lazy<IReadOnlyDictionary<TopologyNode, int>?>(current)) =>
        ArgumentNullException.ThrowIfNull(applied);

    internal PastProposal(
        DateTimeOffset startedAt,
        Lazy<Plan?> proposed,
        IReadOnlyDictionary<TopologyNode, int> applied,
        Lazy<IReadOnlyDictionary<TopologyNode, int>?> current) =>
        (StartedAt, _proposed, Applied, _current) = (startedAt, proposed, applied, current);

    /// <summary>When it started, by the operator's clock.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>
    /// What the stages before the strategy said then, computed again with today's settings; null if that cannot be told, because the step
    /// does I/O, or because it failed on what is left of the history.
    /// </summary>
    public Plan? Proposed => _proposed.Value;

    /// <summary>What the operator applied at its end.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Applied { get; }

    /// <summary>What was there when it started; null if nobody knows.</summary>
    public IReadOnlyDictionary<TopologyNode, int>? Current => _current.Value;

    /// <summary>Whether anything was changed then; null if nobody knows.</summary>
    internal bool? HasChanged =>
        Current is { } current ? Applied.Any(pair => current.TryGetValue(pair.Key, out var before) && before != pair.Value) : null;
}
