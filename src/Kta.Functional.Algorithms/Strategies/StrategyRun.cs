namespace Kta.Functional.Algorithms;

/// <summary>One call as strategies see it: this iteration and the past ones, and what each stage said in each, computed once when it is asked for.</summary>
internal abstract class StrategyRun(Topology topology, IReadOnlyList<Strategy> strategies)
{
    private readonly List<Iteration?> _iterations = [];

    protected Topology Topology { get; } = topology;

    /// <summary>How far all strategies together look back.</summary>
    protected HistoryNeeded HistoryNeeded => strategies.Aggregate(HistoryNeeded.None, (sum, strategy) => sum.Plus(strategy.HistoryNeeded));

    /// <summary>Whether the step can be run again.</summary>
    protected abstract bool CanRunAgain { get; }

    /// <summary>Applies all strategies to what the step said.</summary>
    internal Plan Decide(Plan proposed)
    {
        for (var stage = 0; stage < strategies.Count; stage++)
        {
            proposed = strategies[stage].Apply(proposed, ContextOf(stage, 0, At(0)!.Current));
        }

        return proposed;
    }

    /// <summary>When an iteration started and what was applied at its end; null if there is none without a gap. 0 is the present one.</summary>
    protected abstract (DateTimeOffset StartedAt, IReadOnlyDictionary<TopologyNode, int>? Applied)? Find(int index);

    /// <summary>What was applied last, also if it is not known what happened since.</summary>
    protected abstract IReadOnlyDictionary<TopologyNode, int>? LastApplied();

    /// <summary>What the step says about an iteration of the past.</summary>
    protected abstract Plan RunAgain(int index);

    /// <summary>What was measured in an iteration, if it was measurements.</summary>
    protected abstract Measurements? MeasuredAt(int index);

    /// <summary>The past of an iteration as rules see it.</summary>
    protected abstract RuleContext? RuleContextAt(int index);

    private StrategyContext ContextOf(int stage, int index, Lazy<IReadOnlyDictionary<TopologyNode, int>?> current) => new(Topology, At(index)!.StartedAt, current, back => PastOf(stage, index + 1 + back))
    {
        KnowsProposals = CanRunAgain,
        Measuring = () => MeasuredAt(index) is { } now && RuleContextAt(index) is { } context ? (now, context) : null,
    };

    private PastProposal? PastOf(int stage, int index)
    {
        if (At(index) is not { } iteration)
        {
            return null;
        }

        return iteration.Stages[stage] ??= new(
            iteration.StartedAt,
            new Lazy<Plan?>(() => CanRunAgain ? ReasonsOff.During((Run: this, stage, index), static at => at.Run.Said(at.stage, at.index)) : null, isThreadSafe: false),
            iteration.Applied!,
            iteration.Current);
    }

    /// <summary>What the stages before one said about an iteration of the past.</summary>
    private Plan? Said(int stage, int index)
    {
        try
        {
            if (stage == 0)
            {
                return RunAgain(index);
            }

            if (PastOf(stage - 1, index)!.Proposed is not { } proposed)
            {
                return null;
            }

            // Without the parallelism that was there then, a strategy that goes by it says something else than it did.
            var isMissed = false;
            var current = new Lazy<IReadOnlyDictionary<TopologyNode, int>?>(
                () =>
                {
                    var found = At(index)!.Current.Value;
                    isMissed = found is null;
                    return found;
                },
                isThreadSafe: false);
            var said = strategies[stage - 1].Apply(proposed, ContextOf(stage - 1, index, current));
            return isMissed ? null : said;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // It worked then, with more history than is left now: what it said cannot be told.
            return null;
        }
    }

    private Iteration? At(int index)
    {
        while (_iterations.Count <= index && (_iterations.Count == 0 || _iterations[^1] is not null))
        {
            var i = _iterations.Count;
            _iterations.Add(Find(i) is var (startedAt, applied)
                ? new(startedAt, applied, new(() => FindCurrent(i), isThreadSafe: false), new PastProposal?[strategies.Count])
                : null);
        }

        return index < _iterations.Count ? _iterations[index] : null;
    }

    private IReadOnlyDictionary<TopologyNode, int>? FindCurrent(int index) =>
        (index == 0 ? LastApplied() : At(index + 1)?.Applied) ?? (MeasuredAt(index) is { } measured ? ParallelismIn(measured) : null);

    private Dictionary<TopologyNode, int>? ParallelismIn(Measurements measured)
    {
        var counts = new Dictionary<TopologyNode, int>(Topology.Count);
        foreach (var node in Topology)
        {
            if (measured[node].Parallelism.LastValue is not { } count)
            {
                return null;
            }

            counts.Add(node, (int)count);
        }

        return counts;
    }

    private sealed record Iteration(
        DateTimeOffset StartedAt,
        IReadOnlyDictionary<TopologyNode, int>? Applied,
        Lazy<IReadOnlyDictionary<TopologyNode, int>?> Current,
        PastProposal?[] Stages);
}

/// <summary>A call of a plan step of known types.</summary>
/// <param name="context">The context of the step.</param>
/// <param name="again">The step, to run it about the past; null if it does I/O.</param>
/// <param name="strategies">The strategies, in order.</param>
internal sealed class StrategyRun<TMonitor, TAnalyze>(
    PlanContext<TMonitor, TAnalyze> context, Func<PlanContext<TMonitor, TAnalyze>, Plan>? again, IReadOnlyList<Strategy> strategies)
    : StrategyRun(context.Topology, strategies)
    where TMonitor : class
    where TAnalyze : class
{
    protected override bool CanRunAgain => again is not null;

    protected override (DateTimeOffset StartedAt, IReadOnlyDictionary<TopologyNode, int>? Applied)? Find(int index) =>
        index == 0 ? (context.StartedAt, null)
        : context.History.Uninterrupted(index - 1, Topology) is { } entry ? (entry.StartedAt, entry.Parallelism)
        : Ended(index - 1);

    protected override IReadOnlyDictionary<TopologyNode, int>? LastApplied() => context.History.AppliedTo(Topology);

    protected override Plan RunAgain(int index) => StrategyPipeline.Checked(again!(ContextAt(index)), Topology);

    protected override Measurements? MeasuredAt(int index) =>
        typeof(TMonitor) != typeof(Measurements) ? null
        : (index == 0 ? context.MonitorResult : context.History[index - 1].MonitorResult) as Measurements;

    protected override RuleContext? RuleContextAt(int index) =>
        ContextAt(index) is PlanContext<Measurements, TAnalyze> measured ? RuleContext.Of(measured) : null;

    private (DateTimeOffset, IReadOnlyDictionary<TopologyNode, int>?)? Ended(int entries)
    {
        context.ShortHistory ??= ShortHistory.Of(context, $"the strategies look back {HistoryNeeded}", entries);
        return null;
    }

    private PlanContext<TMonitor, TAnalyze> ContextAt(int index)
    {
        if (index == 0)
        {
            return context;
        }

        var entry = context.History[index - 1];
        return new(Topology, entry.MonitorResult, entry.AnalyzeResult, context.History.Skip(index), entry.Id, entry.UdfStartTimestampMillis);
    }
}
