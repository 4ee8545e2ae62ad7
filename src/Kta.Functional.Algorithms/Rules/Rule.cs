namespace Kta.Functional.Algorithms;

/// <summary>Makes and combines scaling rules.</summary>
/// <example>
/// <code>
/// Rule.Max(Ds2.Rule(), Rule.Of("night", (now, context) => Plan.ForEach(context.Topology, node => 2)))
/// </code>
/// </example>
public static class Rule
{
    /// <summary>A rule of your own.</summary>
    /// <param name="name">Its name, for reasons and logs.</param>
    /// <param name="decide">A pure function: the same plan for the same measurements, time and history. It may say why with
    /// <see cref="Plan.Because(TopologyNode, string)"/>.</param>
    /// <param name="historyNeeded">How much history it looks at; it sees no more. Default: all there is.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    public static ScalingRule Of(string name, Func<Measurements, RuleContext, Plan> decide, HistoryNeeded historyNeeded = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(decide);
        var guarded = new GuardedFunction<Measurements, RuleContext, Plan>(decide, $"rule {name}");
        return new(name, historyNeeded, (now, context) => Answer(name, guarded.Invoke(now, context.Within(historyNeeded)), context.Topology));
    }

    /// <summary>For each node the largest number that any of the rules wants. A rule that lacks measurements for a node has no say there.</summary>
    /// <param name="rules">At least one; of equals the first one wins.</param>
    /// <exception cref="ArgumentException">There is no rule.</exception>
    public static ScalingRule Max(params ScalingRule[] rules) => Best("max", rules, (one, best) => one > best);

    /// <summary>For each node the smallest number that any of the rules wants. A rule that lacks measurements for a node has no say there.</summary>
    /// <param name="rules">At least one; of equals the first one wins.</param>
    /// <exception cref="ArgumentException">There is no rule.</exception>
    public static ScalingRule Min(params ScalingRule[] rules) => Best("min", rules, (one, best) => one < best);

    /// <summary>For each node what the first rule says that has the measurements for it; the later ones are asked only where it is needed.</summary>
    /// <param name="rules">At least one, the best first.</param>
    /// <exception cref="ArgumentException">There is no rule.</exception>
    public static ScalingRule FirstOf(params ScalingRule[] rules)
    {
        var all = Checked(rules);
        return new(
            NameOf("firstOf", all),
            NeededBy(all),
            (now, context) =>
            {
                var plans = new List<Plan>(all.Length) { all[0].Decide(now, context) };
                var choice = new int[context.Topology.Count];
                for (var i = 0; i < choice.Length; i++)
                {
                    while (choice[i] < all.Length && Ask(choice[i]).LacksData(context.Topology[i]))
                    {
                        choice[i]++;
                    }

                    choice[i] %= all.Length;
                }

                return Combined("firstOf", all, plans, choice, context.Topology);

                Plan Ask(int rule)
                {
                    if (rule == plans.Count)
                    {
                        plans.Add(all[rule].Decide(now, context));
                    }

                    return plans[rule];
                }
            })
        {
            CatchesUp = Array.Exists(all, rule => rule.CatchesUp),
        };
    }

    /// <summary>For some nodes a rule of their own, for all others one rule.</summary>
    /// <param name="otherwise">The rule for the other nodes.</param>
    /// <param name="rules">A node and its rule, each node once. Every rule sees the whole topology; only its number for the node counts.</param>
    /// <exception cref="ArgumentException">A node occurs twice.</exception>
    public static ScalingRule PerNode(ScalingRule otherwise, params (TopologyNode Node, ScalingRule Rule)[] rules)
    {
        ArgumentNullException.ThrowIfNull(otherwise);
        ArgumentNullException.ThrowIfNull(rules);
        ScalingRule[] all = [otherwise, .. rules.Select(pair => pair.Rule).Distinct().Where(rule => rule != otherwise)];
        var own = new Dictionary<TopologyNode, int>();
        foreach (var (node, rule) in rules)
        {
            if (!own.TryAdd(node, Array.IndexOf(all, rule)))
            {
                throw new ArgumentException($"{node} has two rules. Combine them with Rule.Max, Rule.Min or Rule.FirstOf.", nameof(rules));
            }
        }

        return new(
            NameOf("perNode", all),
            NeededBy(all),
            (now, context) =>
            {
                var plans = Array.ConvertAll(all, rule => rule.Decide(now, context));
                var choice = context.Topology.Select(node => own.GetValueOrDefault(node)).ToArray();
                return Combined("perNode", all, plans, choice, context.Topology);
            })
        {
            CatchesUp = Array.Exists(all, rule => rule.CatchesUp),
        };
    }

    private static ScalingRule Best(string name, ScalingRule[] rules, Func<int, int, bool> isBetter)
    {
        var all = Checked(rules);
        return new(
            NameOf(name, all),
            NeededBy(all),
            (now, context) =>
            {
                var plans = Array.ConvertAll(all, rule => rule.Decide(now, context));
                var choice = new int[context.Topology.Count];
                for (var i = 0; i < choice.Length; i++)
                {
                    var (node, best) = (context.Topology[i], -1);
                    for (var k = 0; k < plans.Length; k++)
                    {
                        if (!plans[k].LacksData(node) && (best < 0 || isBetter(plans[k][node], plans[best][node])))
                        {
                            best = k;
                        }
                    }

                    choice[i] = Math.Max(best, 0);
                }

                return Combined(name, all, plans, choice, context.Topology);
            })
        {
            CatchesUp = Array.Exists(all, rule => rule.CatchesUp),
        };
    }

    /// <summary>The chosen numbers with the reasons of those who gave them, and who lost.</summary>
    private static Plan Combined(string name, ScalingRule[] all, IReadOnlyList<Plan> plans, int[] choice, Topology topology)
    {
        var plan = Chosen(plans, choice, topology);
        for (var i = 0; i < choice.Length && plans.Count > 1; i++)
        {
            plan = plan.Because(topology[i], $"{name}: {all[choice[i]].Name} → {plan[topology[i]]}{new Others(all, plans, choice[i], topology[i])}");
        }

        return plan;
    }

    private static Plan Chosen(IReadOnlyList<Plan> plans, int[] choice, Topology topology)
    {
        var counts = new int[choice.Length];
        var said = new Dictionary<TopologyNode, Plan>(choice.Length);
        for (var i = 0; i < choice.Length; i++)
        {
            counts[i] = plans[choice[i]][topology[i]];
            said.Add(topology[i], plans[choice[i]]);
        }

        return ByPosition.Plan(topology, counts).WithReasons(node => said[node]);
    }

    private static Plan Answer(string name, Plan? plan, Topology topology) =>
        (plan ?? throw new UdfResultException($"The rule {name} answered null. It has to answer a plan with an entry for every node.")).For(topology);

    private static ScalingRule[] Checked(ScalingRule[] rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        return rules.Length > 0 && Array.TrueForAll(rules, rule => rule is not null)
            ? [.. rules]
            : throw new ArgumentException("At least one rule is needed, and none of them may be null.", nameof(rules));
    }

    private static string NameOf(string combination, ScalingRule[] rules) => $"{combination}({string.Join(", ", rules.Select(rule => rule.Name))})";

    private static HistoryNeeded NeededBy(ScalingRule[] rules) =>
        rules.Aggregate(HistoryNeeded.None, (needed, rule) => needed.And(rule.HistoryNeeded));

    /// <summary>What the rules said that were not chosen, put together when it is shown.</summary>
    private readonly struct Others(ScalingRule[] all, IReadOnlyList<Plan> plans, int chosen, TopologyNode node)
    {
        private readonly string[] _names = [.. all.Where((_, k) => k < plans.Count && k != chosen).Select(rule => rule.Name)];
        private readonly int?[] _counts = [.. plans.Where((_, k) => k != chosen).Select(plan => plan.LacksData(node) ? null : (int?)plan[node])];

        public override string ToString()
        {
            var counts = _counts;
            return string.Concat(_names.Select((name, k) => counts[k] is { } count ? $", {name} {count}" : $", {name} lacks measurements"));
        }
    }
}
