namespace Kta.Functional.Algorithms;

/// <summary>The numbers of one node at one time; NaN where there is none.</summary>
internal readonly record struct BreakEvenSample(
    double Parallelism, double RecordsIn, double RecordsOut, double Busy, double TrueRate, double Lag, double Arrivals)
{
    internal const double PracticallyIdle = 0.02;

    internal static BreakEvenSample Nothing { get; } = new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);

    /// <summary>Records per second the node could process; NaN when it was practically idle or not measured.</summary>
    internal double CapacityMeasured()
    {
        if (Numbers.Is(Busy) && Busy <= PracticallyIdle)
        {
            return double.NaN;
        }

        var rate = !Numbers.Is(TrueRate) && Numbers.Is(Busy) && Numbers.Is(RecordsIn) ? RecordsIn / Busy : TrueRate;
        return Numbers.Is(rate) && rate > 1e-9 ? rate : double.NaN;
    }
}

/// <summary>Measurements, newest first: one of the present, and those of the past that still count.</summary>
internal sealed class BreakEvenInput
{
    private readonly BreakEvenSample[] _samples;
    private readonly int[] _order;

    private BreakEvenInput(Graph graph, double[] times, int[] order, BreakEvenSample[] samples) =>
        (Graph, Times, _order, _samples) = (graph, times, order, samples);

    /// <summary>Who feeds whom.</summary>
    internal Graph Graph { get; }

    /// <summary>When each was taken, in seconds; falling.</summary>
    internal double[] Times { get; }

    internal int Count => Times.Length;

    internal int Nodes => Graph.Count;

    internal double Now => Times[0];

    internal ref readonly BreakEvenSample At(int index, int node) => ref _samples[(_order[index] * Nodes) + node];

    /// <summary>Only what is older than the present, each time once, newest first, and nothing beyond a gap that no restart explains.</summary>
    /// <param name="graph">Who feeds whom.</param>
    /// <param name="times">The present first, then the past in any order.</param>
    /// <param name="samples">The numbers of all nodes at the first time, then of all nodes at the second, and so on. Not copied.</param>
    /// <param name="options">The settings.</param>
    internal static BreakEvenInput Usable(Graph graph, ReadOnlySpan<double> times, BreakEvenSample[] samples, BreakEvenOptions options)
    {
        var gap = Math.Max(
            20 * options.IntervalSeconds, 4 * (options.DowntimeSeconds + options.WarmUpSeconds + options.IntervalSeconds));
        var (kept, order) = (new List<double>(times.Length) { times[0] }, new List<int>(times.Length) { 0 });
        foreach (var k in NewestFirst(times))
        {
            if (times[k] == kept[^1])
            {
                continue;
            }

            if (kept[^1] - times[k] > gap)
            {
                break;
            }

            kept.Add(times[k]);
            order.Add(k);
        }

        return new(graph, [.. kept], [.. order], samples);
    }

    /// <summary>The positions of all that is older than the present; of equal times the first given one stays in front.</summary>
    private static List<int> NewestFirst(ReadOnlySpan<double> times)
    {
        var order = new List<int>(times.Length);
        var sorted = true;
        for (var k = 1; k < times.Length; k++)
        {
            if (Numbers.Is(times[k]) && times[k] < times[0])
            {
                sorted &= order.Count == 0 || times[order[^1]] >= times[k];
                order.Add(k);
            }
        }

        if (!sorted)
        {
            var byTime = times.ToArray();
            order.Sort((a, b) => byTime[a] == byTime[b] ? a.CompareTo(b) : byTime[b].CompareTo(byTime[a]));
        }

        return order;
    }
}

/// <summary>Arithmetic that has its way with numbers that are none.</summary>
internal static class Numbers
{
    /// <summary>Whether it is a number to calculate with.</summary>
    internal static bool Is(double value) => Math.Abs(value) <= 1e15;

    /// <summary>The first unless the second is larger: a NaN never wins against a number in front of it.</summary>
    internal static double Larger(double first, double second) => second > first ? second : first;

    /// <summary>The first unless the second is smaller.</summary>
    internal static double Smaller(double first, double second) => second < first ? second : first;

    /// <summary>The median; sorts the values.</summary>
    internal static double Median(Span<double> values)
    {
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
    }

    /// <summary>Relative standard deviation of a sample around the mean of its neighbours: steps and trends do not count as noise.</summary>
    internal static double Noise(ReadOnlySpan<double> values, double level)
    {
        if (values.Length < 5)
        {
            return 0;
        }

        Span<double> deviations = stackalloc double[20];
        var count = 0;
        for (var j = Math.Max(1, values.Length - 20); j < values.Length - 1; j++)
        {
            deviations[count++] = Math.Abs(values[j] - (0.5 * (values[j - 1] + values[j + 1])));
        }

        return 1.48 * Median(deviations[..count]) / Math.Sqrt(1.5) / Math.Max(level, 1e-9);
    }

    /// <summary>
    /// How many seconds the values have been at most a limit without a break; 0 if the last one is above. It begins at the last time above
    /// the limit.
    /// </summary>
    internal static double AgeBelow(ReadOnlySpan<double> times, ReadOnlySpan<double> values, double limit)
    {
        var start = double.NaN;
        for (var k = 0; k < times.Length; k++)
        {
            start = values[k] > limit ? double.NaN
                : double.IsNaN(start) ? times[Math.Max(0, k - 1)]
                : start;
        }

        return double.IsNaN(start) ? 0 : times[^1] - start;
    }
}
