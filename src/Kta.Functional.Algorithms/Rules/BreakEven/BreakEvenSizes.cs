namespace Kta.Functional.Algorithms;

/// <summary>What the nodes can do, and how many instances a load needs.</summary>
internal sealed class BreakEvenSizes
{
    private readonly BreakEvenInput _input;
    private readonly BreakEvenOptions _options;
    private readonly double[] _share;

    internal BreakEvenSizes(BreakEvenInput input, BreakEvenOptions options)
    {
        (_input, _options) = (input, options);
        var nodes = input.Nodes;
        Current = new int[nodes];
        for (var i = 0; i < nodes; i++)
        {
            Current[i] = (int)input.At(0, i).Parallelism;
            Total += Current[i];
        }

        SameCount = CountSame();
        (Rate, Selectivity) = (new double[nodes], new double[nodes]);
        for (var i = 0; i < nodes; i++)
        {
            Rate[i] = CapacityOf(i);
            Selectivity[i] = SelectivityOf(i);
        }

        _share = new double[nodes];
        Array.Fill(_share, double.NaN);
    }

    /// <summary>The present plan.</summary>
    internal int[] Current { get; }

    internal long Total { get; }

    /// <summary>Measurements since the last change, the present one included.</summary>
    internal int SameCount { get; }

    /// <summary>Records per second of each node at its present parallelism; NaN where it is not known.</summary>
    internal double[] Rate { get; }

    internal double[] Selectivity { get; }

    internal bool HasAny { get; private set; }

    /// <summary>Spreads the demand of the sources over the graph; nodes whose share or rate is not known keep their parallelism.</summary>
    internal void Spread(Func<int, double> shareOfSource)
    {
        foreach (var i in _input.Graph.Order)
        {
            var upstream = _input.Graph.Upstream[i];
            var share = upstream.Length == 0 ? shareOfSource(i) : 0;
            foreach (var from in upstream)
            {
                share += _share[from] * Selectivity[from];
            }

            _share[i] = share;
            HasAny |= IsUsed(i);
        }
    }

    internal bool IsUsed(int node) => Rate[node] > 0 && !double.IsNaN(_share[node]) && _share[node] != 0;

    internal double DemandOf(int node, double rate) => _share[node] * rate;

    /// <summary>Instances for a load of a node, before rounding.</summary>
    internal double Instances(int node, double need) =>
        need > 0 ? Current[node] * Math.Pow(Numbers.Smaller(need / Rate[node], 1e9), 1 / Exponent(need > Rate[node])) : 0;

    /// <summary>The plan for a load of the sources.</summary>
    internal int[] PlanFor(double rate)
    {
        var plan = (int[])Current.Clone();
        for (var i = 0; i < plan.Length; i++)
        {
            if (IsUsed(i))
            {
                var instances = Math.Ceiling(Instances(i, DemandOf(i, rate)) - 1e-9);
                plan[i] = (int)Math.Max(1, Math.Max(_options.MinParallelism, Math.Min(_options.MaxParallelism, instances)));
            }
        }

        return plan;
    }

    /// <summary>The load of the sources that a plan can carry.</summary>
    internal double Capacity(int[] plan)
    {
        var least = double.NaN;
        for (var i = 0; i < plan.Length; i++)
        {
            if (IsUsed(i))
            {
                var capacity = Rate[i] * Math.Pow((double)plan[i] / Current[i], Exponent(plan[i] > Current[i])) / _share[i];
                least = double.IsNaN(least) ? capacity : Numbers.Smaller(least, capacity);
            }
        }

        return Numbers.Larger(1e-9, least);
    }

    private double Exponent(bool up) => up ? _options.ScalingExponent : 1;

    private int CountSame()
    {
        var count = 0;
        while (count < _input.Count && IsSame(count))
        {
            count++;
        }

        return count;
    }

    private bool IsSame(int index)
    {
        for (var i = 0; i < Current.Length; i++)
        {
            if (_input.At(index, i).Parallelism != Current[i])
            {
                return false;
            }
        }

        return true;
    }

    private double CapacityOf(int node)
    {
        Span<double> rates = stackalloc double[9];
        var count = 0;
        for (var k = 0; k < Math.Min(9, SameCount); k++)
        {
            if (_input.At(k, node).CapacityMeasured() is var rate && !double.IsNaN(rate))
            {
                rates[count++] = rate;
            }
        }

        return count > 0 ? Numbers.Median(rates[..count]) : CapacityAtNearest(node, rates);
    }

    /// <summary>The capacity at the parallelism nearest to the present one, carried over linearly.</summary>
    private double CapacityAtNearest(int node, Span<double> rates)
    {
        var (nearest, distance) = (double.NaN, double.PositiveInfinity);
        for (var k = 0; k < _input.Count; k++)
        {
            var parallelism = _input.At(k, node).Parallelism;
            if (Numbers.Is(parallelism) && parallelism > 0 && !double.IsNaN(_input.At(k, node).CapacityMeasured()))
            {
                var away = Math.Abs(Math.Log(parallelism / Current[node]));
                if (away < distance || (away == distance && parallelism < nearest))
                {
                    (nearest, distance) = (parallelism, away);
                }
            }
        }

        var count = 0;
        for (var k = 0; k < _input.Count && count < rates.Length; k++)
        {
            if (_input.At(k, node).Parallelism == nearest && _input.At(k, node).CapacityMeasured() is var rate && !double.IsNaN(rate))
            {
                rates[count++] = rate;
            }
        }

        return count > 0 ? Numbers.Median(rates[..count]) * Current[node] / nearest : double.NaN;
    }

    private double SelectivityOf(int node)
    {
        Span<double> ratios = stackalloc double[5];
        var count = 0;
        for (var k = 0; k < _input.Count && count < ratios.Length; k++)
        {
            ref readonly var sample = ref _input.At(k, node);
            if (Numbers.Is(sample.RecordsIn) && sample.RecordsIn > 0 && Numbers.Is(sample.RecordsOut) && sample.RecordsOut >= 0)
            {
                ratios[count++] = sample.RecordsOut / sample.RecordsIn;
            }
        }

        return count > 0 ? Numbers.Median(ratios[..count]) : double.NaN;
    }
}
