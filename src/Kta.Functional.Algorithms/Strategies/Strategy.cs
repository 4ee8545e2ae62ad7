namespace Kta.Functional.Algorithms;

/// <summary>Bends the plans of an algorithm: limits them, holds them back, smooths them over time. Works on any algorithm.</summary>
/// <remarks>
/// <para>Immutable, and a pure function of the proposed plan, the time, and the past. <see cref="StrategyExtensions.WithStrategies"/> puts
/// strategies around the plan step of an algorithm; they are applied in the order they are written, each to what the one before it said.</para>
/// <para>Nothing is stored. What the stages before a strategy said in an earlier iteration is computed again from the history, with today's
/// settings. Where the history ends (the operator has restarted, an entry is of another policy or an older version of your types), a
/// strategy lets a plan go up, but not down.</para>
/// </remarks>
/// <example>
/// <code>
/// algorithm.WithStrategies(
///     Strategy.Stabilize(down: TimeSpan.FromMinutes(5)),
///     Strategy.Bounds(1, 32),
///     Strategy.Cooldown(TimeSpan.FromMinutes(2)))
/// </code>
/// </example>
public sealed partial class Strategy
{
    private readonly Func<Plan, StrategyContext, Plan> _apply;

    private Strategy(string name, HistoryNeeded historyNeeded, Func<Plan, StrategyContext, Plan> apply)
    {
        Name = name;
        HistoryNeeded = historyNeeded;
        _apply = apply;
    }

    /// <summary>The name, for reasons and logs.</summary>
    public string Name { get; }

    /// <summary>How much history the strategy looks at.</summary>
    public HistoryNeeded HistoryNeeded { get; }

    /// <summary>Whether it looks at measurements, so that the monitor has to answer <see cref="Measurements"/>.</summary>
    internal bool NeedsMeasurements { get; private init; }

    /// <summary>Whether nothing may come after it.</summary>
    internal bool IsOutermost { get; private init; }

    /// <summary>A strategy of your own.</summary>
    /// <param name="name">Its name, for reasons and logs.</param>
    /// <param name="apply">A pure function: the same plan for the same proposal and context. It may say why with
    /// <see cref="Plan.Because(TopologyNode, string)"/>; begin with the proposed plan and <see cref="Plan.With(TopologyNode, int)"/>, so that the reasons given
    /// before stay.</param>
    /// <param name="historyNeeded">How much history it looks at; it sees no more. Default: all there is. What is there now, or was there
    /// when an earlier iteration started, is told by the entry before: count it in.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    public static Strategy Of(string name, Func<Plan, StrategyContext, Plan> apply, HistoryNeeded historyNeeded = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(apply);
        var guarded = new GuardedFunction<Plan, StrategyContext, Plan>(apply, $"strategy {name}");
        return new(name, historyNeeded, (proposed, context) => guarded.Invoke(proposed, context.Within(historyNeeded)));
    }

    /// <summary>Applies the strategy to a plan, as a test would.</summary>
    /// <param name="proposed">What was proposed, with a number for every node.</param>
    /// <param name="context">The nodes, the time, and the past.</param>
    /// <exception cref="UdfResultException">A strategy of yours answered a plan that does not fit the topology.</exception>
    public Plan Apply(Plan proposed, StrategyContext context)
    {
        ArgumentNullException.ThrowIfNull(proposed);
        ArgumentNullException.ThrowIfNull(context);
        var plan = _apply(proposed.For(context.Topology), context)
            ?? throw new UdfResultException($"The strategy {Name} answered null. It has to answer a plan with an entry for every node.");
        return plan.For(context.Topology);
    }

    /// <summary>The same strategy for some nodes only; the others keep what was proposed.</summary>
    /// <param name="nodes">The nodes it is for.</param>
    public Strategy Only(params TopologyNode[] nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        HashSet<TopologyNode> chosen = [.. nodes];
        return new(Name, HistoryNeeded, (proposed, context) =>
        {
            var applied = Apply(proposed, context);
            var numbers = context.Topology.ToDictionary(node => node, node => (chosen.Contains(node) ? applied : proposed)[node]);
            return proposed.With(numbers).WithReasons(node => chosen.Contains(node) ? applied : proposed);
        })
        {
            NeedsMeasurements = NeedsMeasurements,
            IsOutermost = IsOutermost,
        };
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    /// <summary>A strategy that looks at one node after the other.</summary>
    /// <param name="name">The name.</param>
    /// <param name="historyNeeded">How much history it looks at.</param>
    /// <param name="needsCurrent">Whether it goes by what is there.</param>
    /// <param name="prepare">Gives, for a plan, the function from a node with its proposed and current number to what shall be.</param>
    private static Strategy Each(
        string name, HistoryNeeded historyNeeded, bool needsCurrent, Func<Plan, StrategyContext, Func<TopologyNode, int, int?, Verdict>> prepare) =>
        new(name, historyNeeded, (proposed, context) => Each(proposed, context, needsCurrent, prepare(proposed, context)));

    private static Plan Each(Plan proposed, StrategyContext context, bool needsCurrent, Func<TopologyNode, int, int?, Verdict> judge)
    {
        var topology = context.Topology;
        var verdicts = new Verdict[topology.Count];
        Dictionary<TopologyNode, int>? numbers = null;
        for (var i = 0; i < verdicts.Length; i++)
        {
            var (node, count) = (topology[i], proposed[topology[i]]);
            verdicts[i] = judge(node, count, needsCurrent ? context.CurrentOf(node) : null);
            if (verdicts[i].Count != count)
            {
                numbers ??= new(proposed.ByNode);
                numbers[node] = verdicts[i].Count;
            }
        }

        var plan = numbers is null ? proposed : proposed.With(numbers);
        for (var i = 0; i < verdicts.Length && !ReasonsOff.InThisThread; i++)
        {
            if (verdicts[i].Why is { } why)
            {
                var (node, count) = (topology[i], proposed[topology[i]]);
                plan = why(plan, node);
                plan = count != verdicts[i].Count && verdicts[i].Count == context.CurrentOf(node) ? plan.AsHeldBack(node) : plan;
            }
        }

        return plan;
    }

    /// <summary>What a strategy makes of the number of a node.</summary>
    /// <param name="Count">The number it shall have.</param>
    /// <param name="Why">Adds the reason to a plan; null if there is nothing to say.</param>
    private readonly record struct Verdict(int Count, Func<Plan, TopologyNode, Plan>? Why = null);
}
