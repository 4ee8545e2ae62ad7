namespace Kta.Functional.Simulation;

/// <summary>The load on a grid of time, and plans that are as small as they can be for a level of it.</summary>
internal sealed class BalancedPlans
{
    private const int Levels = 26;
    private const double Lowest = 0.9;
    private const double Highest = 1.6;

    private readonly double[][] _capacity;

    internal BalancedPlans(Application application, int[] start, int grid)
    {
        var ideal = new IdealPlans(application);
        var (seconds, sources) = (Seconds.Of(application.RunTime), ideal.Model.Sources.Length);
        var (count, second, low, high) = ((int)((seconds + grid - 1) / grid), 0L, double.MaxValue, 0.0);
        var steps = Enumerable.Range(0, count).Select(_ => new double[sources]).ToArray();
        ideal.ForEachSecond((rates, _) =>
        {
            var sum = 0.0;
            for (var s = 0; s < sources; s++)
            {
                steps[second / grid][s] += rates[s];
                sum += rates[s];
            }

            (second, low, high) = (second + 1, Math.Min(low, sum), Math.Max(high, sum));
        });
        Lengths = [.. steps.Select((_, k) => (int)Math.Min(grid, seconds - ((long)k * grid)))];
        for (var k = 0; k < count; k++)
        {
            for (var s = 0; s < sources; s++)
            {
                steps[k][s] /= Lengths[k];
            }
        }

        Rates = Array.ConvertAll(steps, rates => rates.Sum());
        Peak = Math.Max(high, 1);
        var mean = ideal.MeanRates;
        Plans = Distinct(start, Math.Max(Lowest * low, Peak / 256), Highest * Peak, level => ideal.For(Array.ConvertAll(mean, rate => level * rate / Math.Max(mean.Sum(), 1e-9))));
        Named = [.. Plans.Select(ideal.Named)];
        double[][] capacities = [.. Plans.Select(plan => plan.Select((count, i) => application.Operators[i].CapacityAt(count)).ToArray())];
        _capacity = [.. steps.Select((rates, k) =>
        {
            var demand = ideal.Demand(Rates[k] > 0 ? rates : mean);
            return Array.ConvertAll(capacities, capacity => Sustained(demand, capacity, Rates[k] > 0 ? Rates[k] : mean.Sum()));
        })];
    }

    /// <summary>The plans by position: that of the start first, the others from the smallest on.</summary>
    internal int[][] Plans { get; }

    internal Plan[] Named { get; }

    /// <summary>Records per second that arrive at all sources, as a mean over each step.</summary>
    internal double[] Rates { get; }

    /// <summary>The seconds of each step: as many as the grid has, and what is left in the last.</summary>
    internal int[] Lengths { get; }

    /// <summary>The largest rate of a second.</summary>
    internal double Peak { get; }

    /// <summary>Records per second a plan can take in at all sources together, in the mix of a step.</summary>
    internal double Capacity(int step, int plan) => _capacity[step][plan];

    private static int[][] Distinct(int[] start, double low, double high, Func<double, int[]> planFor)
    {
        var plans = new List<int[]> { start };
        for (var k = 0; k < Levels; k++)
        {
            var plan = planFor(low * Math.Pow(high / low, k / (Levels - 1.0)));
            if (!plans.Exists(known => known.AsSpan().SequenceEqual(plan)))
            {
                plans.Add(plan);
            }
        }

        return [.. plans];
    }

    private static double Sustained(double[] demand, double[] capacity, double rate)
    {
        var most = 0.0;
        for (var i = 0; i < demand.Length; i++)
        {
            most = Math.Max(most, demand[i] / capacity[i]);
        }

        return most > 0 ? rate / most : double.MaxValue;
    }
}
