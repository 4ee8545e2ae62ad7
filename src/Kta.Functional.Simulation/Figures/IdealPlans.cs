namespace Kta.Functional.Simulation;

/// <summary>The smallest plans for rates, as <see cref="Application.SmallestPlan"/> has them, for who asks every second.</summary>
internal sealed class IdealPlans
{
    private readonly Application _application;
    private readonly int[] _sources;
    private readonly double[][] _demandPerRecord;
    private readonly List<double>[] _capacities;
    private readonly int[] _largest;
    private readonly double[] _rates;
    private int[] _plan;

    internal IdealPlans(Application application)
    {
        ArgumentNullException.ThrowIfNull(application);
        _application = application;
        Model = new FluidModel(application);
        _sources = Model.Sources;
        _demandPerRecord = [.. _sources.Select(source =>
        {
            var demand = new double[Model.Count];
            demand[source] = 1;
            Model.Propagate(demand);
            return demand;
        })];
        _largest = [.. application.Operators.Select(one => Math.Min(application.Limits.Max, one.MaxParallelism ?? int.MaxValue))];
        _capacities = [.. application.Operators.Select((one, i) => new List<double> { application.SustainedAt(one, Least(i)) })];
        _rates = new double[_sources.Length];
        _plan = Search(_rates);
    }

    internal FluidModel Model { get; }

    /// <summary>The mean rate of each source.</summary>
    internal double[] MeanRates
    {
        get
        {
            var sums = new double[_sources.Length];
            ForEachSecond((rates, _) =>
            {
                for (var s = 0; s < sums.Length; s++)
                {
                    sums[s] += rates[s];
                }
            });
            var seconds = Seconds.Of(_application.RunTime);
            return Array.ConvertAll(sums, sum => sum / seconds);
        }
    }

    internal Plan Named(IReadOnlyList<int> plan) =>
        Plan.Of(_application.Topology.Select((node, i) => KeyValuePair.Create(node, plan[i])));

    /// <summary>For what arrives at all operators, which is nothing where no source is.</summary>
    internal int[] ForArrivals(ReadOnlySpan<double> arrived)
    {
        var isSame = true;
        for (var s = 0; s < _sources.Length; s++)
        {
            var rate = arrived[_sources[s]];
            isSame &= rate == _rates[s];
            _rates[s] = rate;
        }

        return isSame ? _plan : _plan = Search(_rates);
    }

    /// <summary>For a rate of each source.</summary>
    internal int[] For(double[] rates) => Search(rates);

    /// <summary>What every operator has to take in for a rate of each source.</summary>
    internal double[] Demand(ReadOnlySpan<double> rates)
    {
        var demand = new double[Model.Count];
        for (var s = 0; s < rates.Length; s++)
        {
            for (var i = 0; i < demand.Length; i++)
            {
                demand[i] += rates[s] * _demandPerRecord[s][i];
            }
        }

        return demand;
    }

    /// <summary>Shows the rates of the sources and the smallest plan of every second; neither is to be kept.</summary>
    internal void ForEachSecond(Action<double[], int[]> show)
    {
        var arrived = new double[Model.Count];
        for (long second = 0; second < Seconds.Of(_application.RunTime); second++)
        {
            for (var s = 0; s < _sources.Length; s++)
            {
                arrived[_sources[s]] = Model.Traces[s].At(second);
            }

            show(_rates, ForArrivals(arrived));
        }
    }

    private int Least(int i) => Math.Min(_application.Limits.Min, _largest[i]);

    private int[] Search(ReadOnlySpan<double> rates)
    {
        var demand = Demand(rates);
        var plan = new int[demand.Length];
        for (var i = 0; i < plan.Length; i++)
        {
            plan[i] = Smallest(i, demand[i]);
        }

        return plan;
    }

    private int Smallest(int i, double demand)
    {
        // A demand that a capacity meets but for rounding is met.
        var (enough, capacities, least) = (demand * (1 - 1e-12), _capacities[i], Least(i));
        while (capacities[^1] < enough && least + capacities.Count <= _largest[i])
        {
            capacities.Add(Math.Max(capacities[^1], _application.SustainedAt(_application.Operators[i], least + capacities.Count)));
        }

        var found = capacities.BinarySearch(enough);
        found = found < 0 ? ~found : found;
        while (found > 0 && capacities[found - 1] >= enough)
        {
            found--;
        }

        return Math.Min(least + found, _largest[i]);
    }
}
