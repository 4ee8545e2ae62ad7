namespace Kta.Functional.Simulation;

/// <summary>The load patterns of the DEBS 2024 comparison of autoscalers.</summary>
public enum DebsPattern
{
    /// <summary>A cosine with a period of an hour.</summary>
    Cosine,

    /// <summary>A random walk.</summary>
    Random,

    /// <summary>A random walk upwards.</summary>
    Increase,

    /// <summary>A random walk downwards.</summary>
    Decrease,

    /// <summary>Four rounds: nothing, a million, two million, a million records per second.</summary>
    Convergence,
}

/// <summary>The Nexmark queries of that comparison; each has rates of its own.</summary>
public enum NexmarkQuery
{
    /// <summary>A map: the largest rates.</summary>
    Q1 = 1,

    /// <summary>A join.</summary>
    Q3 = 3,

    /// <summary>Session windows: the smallest rates.</summary>
    Q11 = 11,
}

/// <summary>One rate a minute, as the generators of the comparison define it; the random numbers are our own.</summary>
internal sealed class DebsTrace(DebsPattern pattern, NexmarkQuery query, double spikeChance, long? seed) : MinuteTrace(seed)
{
    private const int Minutes = 140;
    private const int Spike = 1;
    private const int SpikeSize = 2;
    private const int SpikeLength = 3;
    private const int Draws = 4;

    private (double Mean, double Amplitude, double Increase, double Decrease) Sizes => query switch
    {
        NexmarkQuery.Q1 => (150_000, 100_000, 240_000, 240_000),
        NexmarkQuery.Q3 => (50_000, 25_000, 75_000, 80_000),
        _ => (30_000, 15_000, 150_000, 150_000),
    };

    internal override Trace Seeded(long seedForAll) => OwnSeed is null ? new DebsTrace(pattern, query, spikeChance, seedForAll) : this;

    private protected override double[] Generate(int minutes)
    {
        var (rates, load, spikeMinutes, up) = (new double[minutes], 0.0, 0, 0.0);
        for (var m = 0; m < minutes; m++)
        {
            load = Load(m, load);
            var spike = 0.0;
            if (spikeMinutes > 0)
            {
                spikeMinutes--;
                spike = up * Draw(m, SpikeSize, 0.5, 1) * SpikeHeight;
            }
            else if (Draw(m, Spike, 0, 1) is var chance && chance < spikeChance)
            {
                // It begins in the next minute.
                spikeMinutes = 1 + (int)Draw(m, SpikeLength, 0, 3);
                up = chance < spikeChance / 2 ? 1 : -1;
            }

            rates[m] = Math.Min(LargestRate, pattern == DebsPattern.Convergence ? Math.Max(0, load + spike) : Math.Abs(load + spike));
        }

        return rates;
    }

    private double SpikeHeight => pattern == DebsPattern.Convergence ? 2_000_000 : Sizes.Amplitude;

    private double Load(int m, double before) => pattern switch
    {
        DebsPattern.Cosine => Sizes.Mean + (Sizes.Amplitude * Math.Cos(2 * Math.PI * m / 60)) + Draw(m, 0, -10_000, 10_000),
        DebsPattern.Random => m == 0 ? Sizes.Mean : Math.Abs(before + Draw(m, 0, -10_000, 10_000)),
        DebsPattern.Increase => m == 0 ? 2_000 : Math.Abs(before + Draw(m, 0, -Sizes.Increase / 30, Sizes.Increase / 22)),
        DebsPattern.Decrease => m == 0 ? Sizes.Decrease + 2_000 : Math.Abs(before + Draw(m, 0, -Sizes.Decrease / 21, Sizes.Decrease / 28)),
        _ => Round(m) * Draw(m, 0, 0.9, 1.1),
    };

    private static double Round(int m) => (m / (Minutes / 7)) switch
    {
        0 => 0,
        1 or 2 => 1_000_000,
        3 or 4 => 2_000_000,
        _ => 1_000_000,
    };

    private double Draw(int m, int which, double from, double to) => Random.Between(from, to, ((ulong)m * Draws) + (ulong)which);

    private protected override string Describe() => $"debs {pattern.ToString().ToLowerInvariant()} {query}";
}
