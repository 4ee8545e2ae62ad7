namespace Kta.Functional.Simulation;

/// <summary>One rate a minute, each made of the one before: worked out as far as it is asked for, and kept.</summary>
internal abstract class MinuteTrace(long? seed) : Trace
{
    private const int FirstMinutes = 256;

    // Threads that grow it at the same time make the same numbers.
    private double[] _rates = [];

    private protected long? OwnSeed => seed;

    private protected RandomNumbers Random { get; } = new(seed ?? DefaultSeed);

    internal sealed override double At(double second)
    {
        var minute = (int)(second / 60);
        var rates = Volatile.Read(ref _rates);
        if (minute >= rates.Length)
        {
            rates = Generate(Math.Max(Math.Max(FirstMinutes, 2 * rates.Length), minute + 1));
            Volatile.Write(ref _rates, rates);
        }

        return rates[minute];
    }

    /// <summary>The rates of the first minutes; more of them begin with the same.</summary>
    private protected abstract double[] Generate(int minutes);
}

internal sealed class WalkTrace(double start, double step, long? seed) : MinuteTrace(seed)
{
    internal override Trace Seeded(long seedForAll) => OwnSeed is null ? new WalkTrace(start, step, seedForAll) : this;

    private protected override double[] Generate(int minutes)
    {
        var rates = new double[minutes];
        rates[0] = start;
        for (var m = 1; m < minutes; m++)
        {
            rates[m] = Math.Min(LargestRate, Math.Abs(rates[m - 1] + Random.Between(-step, step, (ulong)m)));
        }

        return rates;
    }

    private protected override string Describe() => $"walk from {RateText.Range(start, start)}";
}
