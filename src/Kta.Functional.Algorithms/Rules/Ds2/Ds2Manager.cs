namespace Kta.Functional.Algorithms;

/// <summary>How several proposals become one.</summary>
internal enum Ds2Aggregate
{
    Last,
    Max,
    Median,
}

/// <summary>The settings around the model, section 4.2 of the paper.</summary>
/// <param name="WarmUpIntervals">Intervals that are ignored at the start and after every decision.</param>
/// <param name="ActivationIntervals">Evaluations that are needed before a decision.</param>
/// <param name="ActivationAggregate">How the proposals of the activation become one.</param>
/// <param name="IgnoreDecreaseUpTo">A plan that lowers no operator by more than this, and raises none, is not worth a change.</param>
/// <param name="MaxDecisions">No decision after so many; null for no limit.</param>
internal sealed record Ds2ManagerSettings(
    int WarmUpIntervals = 0,
    int ActivationIntervals = 1,
    Ds2Aggregate ActivationAggregate = Ds2Aggregate.Last,
    int IgnoreDecreaseUpTo = 1,
    int? MaxDecisions = null);

/// <summary>Where the manager stands between two intervals.</summary>
/// <param name="Current">The running plan, by position.</param>
/// <param name="Intervals">Intervals since the last decision.</param>
/// <param name="Proposals">What was proposed since then, oldest first.</param>
/// <param name="Decisions">Decisions so far.</param>
internal sealed record Ds2Manager(IReadOnlyList<int> Current, int Intervals, IReadOnlyList<IReadOnlyList<int>> Proposals, int Decisions)
{
    internal static Ds2Manager Start(IReadOnlyList<int> current) => new(current, 0, [], 0);

    /// <summary>One interval: the decision, or null, and where the manager stands then.</summary>
    internal (IReadOnlyList<int>? Decision, Ds2Manager Next) Step(IReadOnlyList<int> proposal, Ds2ManagerSettings settings)
    {
        if (Intervals < settings.WarmUpIntervals)
        {
            return (null, this with { Intervals = Intervals + 1 });
        }

        IReadOnlyList<int>[] proposals = [.. Proposals, proposal];
        var combined = Combine(proposals, settings);
        return proposals.Length >= settings.ActivationIntervals
               && Decisions < (settings.MaxDecisions ?? int.MaxValue)
               && IsWorthwhile(Current, combined, settings.IgnoreDecreaseUpTo)
            ? (combined, new(combined, 0, [], Decisions + 1))
            : (null, this with { Intervals = Intervals + 1, Proposals = proposals });
    }

    /// <summary>Whether a plan is worth a reconfiguration: any increase is, and a decrease by more than a few.</summary>
    internal static bool IsWorthwhile(IReadOnlyList<int> current, IReadOnlyList<int> proposed, int ignoreDecreaseUpTo)
    {
        for (var i = 0; i < current.Count; i++)
        {
            if (proposed[i] > current[i] || (long)current[i] - proposed[i] > ignoreDecreaseUpTo)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The last correction: when the plan raises nothing although the worst source falls short of its target by more than the threshold, the
    /// model has missed something, and every number is multiplied by what is missing.
    /// </summary>
    /// <returns>The plan, and the ratio it was multiplied by; null if it was not.</returns>
    internal static (IReadOnlyList<int> Plan, double? Ratio) Correct(
        IReadOnlyList<int> plan, IReadOnlyList<int> current, IEnumerable<(double Target, double Achieved)> sources, double threshold)
    {
        for (var i = 0; i < plan.Count; i++)
        {
            if (plan[i] > current[i])
            {
                return (plan, null);
            }
        }

        var ratio = sources.Where(source => source.Achieved > 0).Select(source => source.Target / source.Achieved).DefaultIfEmpty(0).Max();
        return ratio > threshold
            ? ([.. plan.Select(count => Ds2Model.Ceiling(count * ratio, count))], ratio)
            : (plan, null);
    }

    private static IReadOnlyList<int> Combine(IReadOnlyList<int>[] proposals, Ds2ManagerSettings settings)
    {
        var counted = proposals.AsSpan(Math.Max(0, proposals.Length - settings.ActivationIntervals));
        if (settings.ActivationAggregate == Ds2Aggregate.Last || counted.Length == 1)
        {
            return proposals[^1];
        }

        var combined = new int[proposals[^1].Count];
        var values = new int[counted.Length];
        for (var i = 0; i < combined.Length; i++)
        {
            for (var k = 0; k < values.Length; k++)
            {
                values[k] = counted[k][i];
            }

            Array.Sort(values);
            combined[i] = settings.ActivationAggregate == Ds2Aggregate.Max ? values[^1] : values[values.Length / 2];
        }

        return combined;
    }
}
