namespace Kta.Functional.Algorithms;

/// <summary>One decision of DS2: from measurements to what the model knows, and from what it says to a plan with reasons.</summary>
internal sealed class Ds2Decision(Measurements now, RuleContext context, Ds2Options options)
{
    private readonly TrueRates _rates = new(now, context, options.CatchUp);

    internal Plan Plan()
    {
        var sizes = _rates.Sizes(options.ScalingFactor);
        var sized = new int[_rates.Current.Length];
        for (var i = 0; i < sized.Length; i++)
        {
            sized[i] = sizes[i].Parallelism;
        }

        if (options.Timely)
        {
            sized = Workers(sizes);
        }

        var (corrected, ratio) = options.TargetRateRatio is { } threshold
            ? Ds2Manager.Correct(sized, _rates.Current, Achieved(), threshold)
            : (sized, null);
        var proposed = new int[sized.Length];
        for (var i = 0; i < sized.Length; i++)
        {
            proposed[i] = LargestParallelism.Limit(corrected[i], _rates.Current[i], _rates.At(i));
        }

        var (decision, _) = Ds2Manager.Start(_rates.Current).Step(proposed, new(IgnoreDecreaseUpTo: options.IgnoreDecreaseUpTo));
        return Explained(sizes, sized, corrected, ratio, proposed, decision ?? _rates.Current);
    }

    /// <summary>One number for all. Where a part of it is not known, no less than what is there.</summary>
    private int[] Workers(Ds2Size[] sizes)
    {
        var known = Array.FindAll(sizes, size => size.IsSized);
        var workers = Ds2Model.TimelyWorkers(known.Select(size => size.Unrounded * (1 + options.ScalingFactor)));
        return Array.ConvertAll(_rates.Current, current => known.Length == sizes.Length ? workers : Math.Max(current, workers));
    }

    private List<(double Target, double Achieved)> Achieved()
    {
        var sources = new List<(double, double)>();
        for (var i = 0; i < _rates.Current.Length; i++)
        {
            if (_rates.IsFirst(i) && _rates.At(i) is { } numbers && numbers.ArrivalRate.Value is { } target && numbers.RecordsIn.Value is { } taken)
            {
                sources.Add((target, taken));
            }
        }

        return sources;
    }

    private Plan Explained(Ds2Size[] sizes, int[] sized, IReadOnlyList<int> corrected, double? ratio, int[] proposed, IReadOnlyList<int> chosen)
    {
        var plan = ByPosition.Plan(context.Topology, chosen);
        for (var i = 0; i < sized.Length; i++)
        {
            var node = _rates.NodeAt(i);
            plan = plan
                .WithNumber(node, RawNumber.NeededRate, sizes[i].TargetRate)
                .WithNumber(node, RawNumber.RatePerInstance, _rates.Operators[i].PerInstance)
                .WithNumber(node, RawNumber.Instances, sizes[i].Unrounded);
            plan = !sizes[i].IsSized && sized[i] != _rates.Current[i]
                ? plan.Because(node, $"DS2: {sized[i]} for the nodes whose rates are known")
                : !sizes[i].IsSized
                ? _rates.Kept(plan, "DS2", i, sizes[i])
                : plan.Because(
                    node,
                    $"DS2: {new Rate(sizes[i].TargetRate)}/s needed, {new Rate(_rates.Operators[i].PerInstance)}/s per instance → {sized[i]} ({sizes[i].Unrounded:F2})");
            if (corrected[i] != sized[i])
            {
                plan = plan.Because(node, $"DS2: times {ratio:F2} → {corrected[i]}, the sources take in less than what arrives although no node looks too small");
            }

            if (proposed[i] != corrected[i])
            {
                plan = plan.Because(node, $"DS2: limited to {proposed[i]} by maxParallelism");
            }

            if (chosen[i] != proposed[i])
            {
                plan = plan.Because(node, $"DS2: keeps {chosen[i]}, decreases of up to {options.IgnoreDecreaseUpTo} are ignored while nothing has to grow").AsHeldBack(node);
            }
        }

        return plan;
    }
}
