namespace Kta.Functional.Simulation;

/// <summary>The load on a grid of time, and plans that are as small as they can be for a level of it.</summary>
internal sealed class BalancedPlans
{
    private const int Levels = 26;
    private const double Lowest = 0.9;
    private const double Highest = 1.6;

    private readonly PlanFlow[][] _flow;

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
        double[][] capacities = [.. Plans.Select(plan => plan.Select((count, i) => application.SustainedAt(application.Operators[i], count)).ToArray())];
        _flow = [.. steps.Select((rates, k) =>
        {
            var (demand, rate) = Rates[k] > 0 ? (ideal.Demand(rates), Rates[k]) : (ideal.Demand(mean), mean.Sum());
            return Array.ConvertAll(capacities, capacity => PlanFlow.Of(ideal.Model, demand, capacity, rate));
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

    /// <summary>What a plan makes of the load of a step.</summary>
    internal PlanFlow Flow(int step, int plan) => _flow[step][plan];

    private static int[][] Distinct(int[] start, double low, double high, Func<double, int[]> planFor)
    {
        var plans = new List<int[]> { start };
        // Where no plan keeps up, the cheapest is the best.
        foreach (var level in Enumerable.Range(0, Levels).Select(k => low * Math.Pow(high / low, k / (Levels - 1.0))).Prepend(0))
        {
            var plan = planFor(level);
            if (!plans.Exists(known => known.AsSpan().SequenceEqual(plan)))
            {
                plans.Add(plan);
            }
        }

        return [.. plans];
    }
}
