namespace Kta.Functional.Algorithms;

/// <content>Strategies that look at what was proposed before.</content>
public sealed partial class Strategy
{
    /// <summary>
    /// Goes down only as far as everything that was proposed within a time agrees on, and up likewise: a short dip or spike changes nothing.
    /// </summary>
    /// <param name="down">The time for going down, at least 0.</param>
    /// <param name="up">The time for going up, at least 0; default: none, every increase counts at once.</param>
    /// <remarks>
    /// <para>Proposals that are exactly as old as the time count. Where the history does not reach back so far, nothing goes down.</para>
    /// <para>Where proposals cannot be computed again it waits so long after the last change instead.</para>
    /// <para>The source is the stabilization window of the Kubernetes pod autoscaler.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">A time is negative.</exception>
    public static Strategy Stabilize(TimeSpan down, TimeSpan up = default)
    {
        new OptionChecks("Stabilize").NotNegative(down, "down").NotNegative(up, "up").Throw();
        return Each("Stabilize", new(1, down > up ? down : up), needsCurrent: true, (_, context) => (node, count, current) =>
        {
            if (current is not { } now || count == now)
            {
                return new(count);
            }

            var window = count < now ? down : up;
            if (!context.KnowsProposals)
            {
                return Waited("Stabilize", context, count, now, window);
            }

            var (kept, isCovered) = (count, window == TimeSpan.Zero);
            for (var i = 0; !isCovered && context.At(i) is { } past; i++)
            {
                var age = context.AgeOf(past);
                if (age <= window)
                {
                    if (past.Proposed is not { } proposed)
                    {
                        break;
                    }

                    kept = count < now ? Math.Max(kept, proposed[node]) : Math.Min(kept, proposed[node]);
                }

                isCovered = age >= window || (count < now ? kept >= now : kept <= now);
            }

            if (count < now)
            {
                var result = isCovered ? Math.Min(now, kept) : now;
                return result == count ? new(count)
                    : !isCovered ? new(now, (plan, at) => plan.Because(at, $"Stabilize: kept {now} instead of {count}, the history does not cover the last {window.TotalSeconds} s"))
                    : new(result, (plan, at) => plan.Because(at, $"Stabilize: {result} instead of {count}, not all proposals of the last {window.TotalSeconds} s go as low"));
            }

            var raised = Math.Max(now, kept);
            return raised == count
                ? new(count)
                : new(raised, (plan, at) => plan.Because(at, $"Stabilize: {raised} instead of {count}, not all proposals of the last {window.TotalSeconds} s go as high"));
        });
    }

    /// <summary>
    /// A decrease waits until decreases have been proposed for a time without a break, and then goes to the largest of what was proposed in
    /// that time.
    /// </summary>
    /// <param name="wait">How long decreases have to be proposed; at least 0.</param>
    /// <remarks>
    /// <para>An equal or higher proposal, or any change of the plan, starts it anew. Where the history ends nothing goes down.</para>
    /// <para>Where proposals cannot be computed again it waits so long after the last change instead.</para>
    /// <para>The source is the Flink operator's <c>scale-down.interval</c>.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The time is negative.</exception>
    public static Strategy DelayScaleDown(TimeSpan wait)
    {
        new OptionChecks("DelayScaleDown").NotNegative(wait, "wait").Throw();
        return Each("DelayScaleDown", new(1, wait), needsCurrent: true, (_, context) => (node, count, current) =>
        {
            if (current is not { } now || count >= now)
            {
                return new(count);
            }

            if (!context.KnowsProposals)
            {
                return Waited("DelayScaleDown", context, count, now, wait);
            }

            var (largest, waited) = (count, TimeSpan.Zero);
            for (var i = 0; waited < wait && context.At(i) is { HasChanged: false, Proposed: { } proposed } past && proposed[node] < now; i++)
            {
                waited = context.AgeOf(past);
                largest = waited <= wait ? Math.Max(largest, proposed[node]) : largest;
            }

            return waited < wait ? new(now, (plan, at) => plan.Because(at, $"DelayScaleDown: kept {now} instead of {count}, decreases are proposed for {waited.TotalSeconds:0} s, wait {wait.TotalSeconds} s"))
                : largest == count ? new(count)
                : new(largest, (plan, at) => plan.Because(at, $"DelayScaleDown: {largest} instead of {count}, the largest proposal of {wait.TotalSeconds} s"));
        });
    }

    /// <summary>Nothing changes for a time after the last change of any node.</summary>
    /// <param name="wait">The time, at least 0.</param>
    /// <exception cref="ArgumentException">The time is negative.</exception>
    public static Strategy Cooldown(TimeSpan wait) => Cooldown(up: wait, down: wait);

    /// <summary>Nothing goes up, and nothing goes down, for a time after the last change of any node.</summary>
    /// <param name="up">The time for going up, at least 0.</param>
    /// <param name="down">The time for going down, at least 0.</param>
    /// <remarks>A change is one that the operator applied, in whichever direction. Where the history does not reach back so far, nothing goes down.</remarks>
    /// <exception cref="ArgumentException">A time is negative.</exception>
    public static Strategy Cooldown(TimeSpan up, TimeSpan down)
    {
        new OptionChecks("Cooldown").NotNegative(up, "up").NotNegative(down, "down").Throw();
        return Each("Cooldown", new(1, up > down ? up : down), needsCurrent: true, (_, context) => (_, count, current) =>
            current is { } now && count != now ? Waited("Cooldown", context, count, now, count > now ? up : down) : new(count));
    }

    /// <summary>A node changes only when several iterations in a row, since the last change, want it in the same direction.</summary>
    /// <param name="evaluations">How many iterations, this one included; at least 1.</param>
    /// <param name="combine">What becomes of their proposals: the last one, the largest, or the median (of an even number the larger one).</param>
    /// <remarks>
    /// <para>Where the history ends earlier, nothing goes down. Where proposals cannot be computed again, so many iterations have to pass
    /// without a change.</para>
    /// <para>The source is the activation time of DS2.</para>
    /// </remarks>
    /// <exception cref="ArgumentException">The number is less than 1.</exception>
    public static Strategy Activation(int evaluations, Combine combine = Combine.Last)
    {
        new OptionChecks("Activation").Check(evaluations >= 1, "evaluations", evaluations, "at least 1").Throw();
        return Each("Activation", new(evaluations), needsCurrent: true, (_, context) => (node, count, current) =>
        {
            if (current is not { } now || count == now)
            {
                return new(count);
            }

            var (proposals, hasEnded) = (new List<int> { count }, false);
            for (var i = 0; proposals.Count < evaluations && !hasEnded; i++)
            {
                if (context.At(i) is not { HasChanged: { } hasChanged } past || (context.KnowsProposals && past.Proposed is null))
                {
                    hasEnded = true;
                    break;
                }

                var then = past.Proposed is { } proposed ? proposed[node] : count;
                if (hasChanged || (count > now ? then <= now : then >= now))
                {
                    break;
                }

                proposals.Add(then);
            }

            if (proposals.Count < evaluations && !(hasEnded && count > now))
            {
                return new(now, (plan, at) => plan.Because(at, $"Activation: kept {now} instead of {count}, {proposals.Count} of {evaluations} iterations in a row want it"));
            }

            proposals.Sort();
            var combined = combine switch { Combine.Max => proposals[^1], Combine.Median => proposals[proposals.Count / 2], _ => count };
            return combined == count
                ? new(count)
                : new(combined, (plan, at) => plan.Because(at, $"Activation: {combined} instead of {count}, of {proposals.Count} proposals"));
        });
    }

    /// <summary>A node changes by no more than so much within a time.</summary>
    /// <param name="up">How much may be added; null: any number.</param>
    /// <param name="down">How much may be removed; null: any number.</param>
    /// <remarks>Where the history does not reach back so far, nothing goes down. The source is the behavior section of the Kubernetes pod
    /// autoscaler, with its arithmetic.</remarks>
    /// <exception cref="ArgumentException">A limit is out of range.</exception>
    public static Strategy RateLimit(HpaPolicy? up = null, HpaPolicy? down = null)
    {
        HpaScaling Limit(HpaPolicy? policy) => new() { StabilizationWindow = TimeSpan.Zero, Policies = policy is null ? [] : [policy] };
        var (rising, falling) = (Limit(up), Limit(down));
        var checks = new OptionChecks("RateLimit");
        (up is null ? null : rising)?.Check("up", checks);
        (down is null ? null : falling)?.Check("down", checks);
        checks.Throw();
        var longest = up?.Period > down?.Period || down is null ? up?.Period : down.Period;
        return Each("RateLimit", new(1, longest ?? TimeSpan.Zero), needsCurrent: true, (_, context) => (node, count, current) =>
        {
            if (current is not { } now || count == now || (count > now ? up : down) is not { } policy)
            {
                return new(count);
            }

            var (added, removed, isCovered) = EventsOf(node, context, policy.Period);
            if (count < now && !isCovered)
            {
                return new(now, (plan, at) => plan.Because(at, $"RateLimit: kept {now} instead of {count}, the history does not cover the last {policy.Period.TotalSeconds} s"));
            }

            var (limited, _) = HpaLimits.LimitRate(now, count, 1, int.MaxValue - 1, rising, falling, added, removed);
            return limited == count
                ? new(count)
                : new(limited, (plan, at) => plan.Because(at, $"RateLimit: {limited} instead of {count}, at most {policy.Value} {policy.Type} in {policy.Period.TotalSeconds} s"));
        });
    }

    private static (List<HpaEvent> Added, List<HpaEvent> Removed, bool IsCovered) EventsOf(TopologyNode node, StrategyContext context, TimeSpan period)
    {
        var (added, removed) = (new List<HpaEvent>(), new List<HpaEvent>());
        for (var i = 0; context.At(i) is { } past; i++)
        {
            if (context.AgeOf(past) >= period)
            {
                return (added, removed, true);
            }

            if (past.Current is { } before && before.TryGetValue(node, out var until) && past.Applied[node] is var after && after != until)
            {
                (after > until ? added : removed).Add(new(Math.Abs(after - until), context.AgeOf(past).TotalSeconds));
            }
        }

        return (added, removed, false);
    }

    /// <summary>The number, unless the last change is too recent for it, or nobody knows whether it is.</summary>
    private static Verdict Waited(string name, StrategyContext context, int count, int now, TimeSpan wait) => context.LastChange(wait) switch
    {
        ({ } age, _) => new(now, (plan, at) => plan.Because(at, $"{name}: kept {now} instead of {count}, last change {age.TotalSeconds:0} s ago, wait {wait.TotalSeconds} s")),
        (null, false) when count < now =>
            new(now, (plan, at) => plan.Because(at, $"{name}: kept {now} instead of {count}, the history does not cover the last {wait.TotalSeconds} s")),
        _ => new(count),
    };
}

/// <summary>How several proposals become one.</summary>
public enum Combine
{
    /// <summary>The last one counts.</summary>
    Last,

    /// <summary>The largest one counts.</summary>
    Max,

    /// <summary>The median counts; of an even number the larger one of the two in the middle.</summary>
    Median,
}
