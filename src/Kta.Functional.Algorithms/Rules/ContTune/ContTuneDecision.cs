namespace Kta.Functional.Algorithms;

/// <summary>One decision of ContTune: the model of DS2, and capacities as they were measured.</summary>
internal sealed class ContTuneDecision(Measurements now, RuleContext context, ContTuneOptions options)
{
    private readonly TrueRates _rates = new(now, context, options.CatchUp);

    internal Plan Plan()
    {
        var sizes = _rates.Sizes(options.ScalingFactor);
        var sized = sizes.Select((size, i) => Sized(i, size)).ToArray();
        int[] proposed = [.. sized.Select((node, i) => LargestParallelism.Limit(node.Count, _rates.Current[i], _rates.At(i)))];
        var (decision, _) = Ds2Manager.Start(_rates.Current).Step(proposed, new(IgnoreDecreaseUpTo: options.IgnoreDecreaseUpTo));
        var chosen = decision ?? _rates.Current;
        var plan = ByPosition.Plan(context.Topology, chosen);
        for (var i = 0; i < sized.Length; i++)
        {
            var node = _rates.NodeAt(i);
            plan = sized[i].Known is { } known
                ? Explained(plan.WithNumber(node, RawNumber.NeededRate, sizes[i].TargetRate).WithNumber(node, RawNumber.Instances, known.Instances), node, sizes[i].TargetRate, known, sized[i].Count)
                : _rates.Kept(plan, "ContTune", i, sizes[i]);
            plan = proposed[i] != sized[i].Count ? plan.Because(node, $"ContTune: limited to {proposed[i]} by maxParallelism") : plan;
            plan = chosen[i] != proposed[i]
                ? plan.Because(node, $"ContTune: keeps {chosen[i]}, decreases of up to {options.IgnoreDecreaseUpTo} are ignored while nothing has to grow").AsHeldBack(node)
                : plan;
        }

        return plan;
    }

    private SizedNode Sized(int i, Ds2Size size)
    {
        if (double.IsNaN(size.TargetRate) || !(size.IsSized || _rates.StoodIdle(i)))
        {
            return new(_rates.Current[i], null);
        }

        var capacities = new MeasuredCapacities(Measured(i));
        if (capacities.IsEmpty)
        {
            return new(_rates.Current[i], null);
        }

        var known = capacities.For(size.TargetRate * (1 + options.ScalingFactor));
        return new(Ds2Model.Ceiling(known.Instances, _rates.Current[i]), known);
    }

    /// <summary>Instances and what they could do, the present ones first.</summary>
    private IEnumerable<(int Instances, double Capacity)> Measured(int i)
    {
        if (_rates.Operators[i].TrueProcessing is > 0 and var present)
        {
            yield return (_rates.Current[i], present);
        }

        for (var k = 0; k < options.LookBack && context.History.At(k) is { } past; k++)
        {
            if (context.History.ParallelismAt(k, _rates.NodeAt(i)) is { } then && TrueRates.TrueProcessing(past.Measurements[_rates.NodeAt(i)]) is > 0 and var capacity)
            {
                yield return (then, capacity);
            }
        }
    }

    private static Plan Explained(
        Plan plan, TopologyNode node, double rate, (double Instances, (int Instances, double Capacity) Below, (int Instances, double Capacity) Above) known, int count) =>
        known.Below == known.Above
            ? plan.Because(
                node,
                $"ContTune: {new Rate(rate)}/s needed, {new Rate(known.Below.Capacity)}/s measured with {known.Below.Instances} → {count} ({known.Instances:F2}), in proportion")
            : plan.Because(
                node,
                $"ContTune: {new Rate(rate)}/s needed, {new Rate(known.Below.Capacity)}/s measured with {known.Below.Instances} and {new Rate(known.Above.Capacity)}/s with {known.Above.Instances} → {count} ({known.Instances:F2})");

    private readonly record struct SizedNode(int Count, (double Instances, (int Instances, double Capacity) Below, (int Instances, double Capacity) Above)? Known);
}
