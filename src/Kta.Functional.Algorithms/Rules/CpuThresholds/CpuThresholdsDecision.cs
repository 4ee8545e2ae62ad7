namespace Kta.Functional.Algorithms;

/// <summary>One decision about the whole job.</summary>
internal sealed class CpuThresholdsDecision(Measurements now, RuleContext context, CpuThresholdsOptions options)
{
    internal Plan Plan()
    {
        var use = UseOf(now);
        var current = context.CurrentOfAll(now);
        var (isHigh, highFor) = LastsFor(past => past.Largest >= options.ScaleUpAt, options.ScaleUpAfter);
        var (isLow, lowFor) = LastsFor(past => past.IsComplete && past.Largest < options.ScaleDownBelow, options.ScaleDownAfter);
        int[] chosen = [.. current.Select((count, i) => isHigh ? Doubled(i, count) : isLow ? Halved(count) : count)];
        var plan = ByPosition.Plan(context.Topology, chosen);
        for (var i = 0; i < chosen.Length; i++)
        {
            var node = context.Topology[i];
            plan = use.Largest is { } largest
                ? Explained(plan.WithNumber(node, use.Name, largest), node, use, isHigh, highFor, isLow, lowFor)
                : plan.ForLackOfData(node, $"CPU thresholds: keeps {current[i]}, neither cpu nor busy of any node is known");
            plan = isHigh && chosen[i] < 2L * current[i] ? plan.Because(node, $"CPU thresholds: limited to {chosen[i]}") : plan;
        }

        return plan;
    }

    private int Doubled(int i, int count) =>
        LargestParallelism.Limit(
            (int)Math.Clamp(2L * count, options.MinParallelism, int.MaxValue - 1), count, now[context.Topology[i]], options.MaxParallelism);

    private int Halved(int count) => Math.Max((int)((count + 1L) / 2), Math.Min(count, options.MinParallelism));

    /// <summary>Whether something was measured under the present plan for so long without a break; and for how long it was, if it holds now.</summary>
    private (bool Lasts, TimeSpan? For) LastsFor(Func<Use, bool> holds, TimeSpan wait)
    {
        if (!holds(UseOf(now)))
        {
            return (false, null);
        }

        var seen = TimeSpan.Zero;
        for (var k = 0; seen < wait && context.History.At(k) is { } past; k++)
        {
            // What was measured in an iteration is about the time before it, and its change is about the time after it.
            seen = context.StartedAt - past.StartedAt;
            if (context.History.HasChangedAt(k) is not false || (seen < wait && !holds(UseOf(past.Measurements))))
            {
                break;
            }
        }

        return (seen >= wait, seen);
    }

    private Use UseOf(Measurements measurements)
    {
        var use = new Use(null, Quantity.Busy, null, IsComplete: true);
        foreach (var node in context.Topology)
        {
            var (cpu, busy) = (measurements[node].Cpu.Value, measurements[node].Busy.Value);
            use = (cpu ?? busy) is not { } value ? use with { IsComplete = false }
                : use.Largest >= value ? use
                : use with { Largest = value, Read = cpu is null ? Quantity.Busy : Quantity.Cpu, Node = node };
        }

        return use;
    }

    private Plan Explained(Plan plan, TopologyNode node, Use use, bool isHigh, TimeSpan? highFor, bool isLow, TimeSpan? lowFor)
    {
        var (what, value, at) = (use.What, use.Largest!.Value, use.Node);
        if (isHigh || isLow)
        {
            return isHigh
                ? plan.Because(node, $"CPU thresholds: {what} {value:P0} of {at}, at least {options.ScaleUpAt:P0} for {options.ScaleUpAfter.TotalSeconds} s, doubles the job")
                : plan.Because(node, $"CPU thresholds: {what} {value:P0} of {at}, below {options.ScaleDownBelow:P0} for {options.ScaleDownAfter.TotalSeconds} s, halves the job");
        }

        return highFor is { } high
            ? plan.Because(node, $"CPU thresholds: {what} {value:P0} of {at}, at least {options.ScaleUpAt:P0} for {high.TotalSeconds} s of {options.ScaleUpAfter.TotalSeconds} s").AsHeldBack(node)
            : lowFor is { } low
            ? plan.Because(node, $"CPU thresholds: {what} {value:P0} of {at}, below {options.ScaleDownBelow:P0} for {low.TotalSeconds} s of {options.ScaleDownAfter.TotalSeconds} s").AsHeldBack(node)
            : plan.Because(node, $"CPU thresholds: {what} {value:P0} of {at}, the largest, crosses no threshold");
    }

    /// <summary>The node that uses most.</summary>
    private sealed record Use(double? Largest, Quantity Read, TopologyNode? Node, bool IsComplete)
    {
        internal string Name => Read.WireName().Value;

        internal string What => Read == Quantity.Cpu ? Name : "busy (cpu is not measured)";
    }
}
