namespace Kta.Functional.Simulation;

/// <summary>Days with a deep night, a peak in the morning and a higher one in the evening, and quieter weekends.</summary>
internal sealed class DailyTrace(double low, double high, long? seed) : Trace
{
    internal const double Weekend = 0.7;
    internal const double LeastDay = 0.9;
    internal const double Jitter = 0.03;

    /// <summary>Hours and heights, from the depth of the night, 0, to the peak of the evening, 1.</summary>
    private static readonly (double Hour, double Height)[] s_shape = [(0, 0.35), (4.5, 0), (8.5, 0.8), (12, 0.6), (18.5, 1), (24, 0.35)];

    private readonly RandomNumbers _random = new(seed ?? DefaultSeed);

    internal override Trace Seeded(long seedForAll) => seed is null ? new DailyTrace(low, high, seedForAll) : this;

    internal override double At(double second)
    {
        var day = Math.Floor(second / 86_400);
        var busyness = Shape((second - (day * 86_400)) / 3_600) * (day % 7 >= 5 ? Weekend : 1) * Between(LeastDay, 1, 2 * day);
        var rate = low + ((high - low) * busyness);
        return Math.Clamp(rate * Between(1 - Jitter, 1 + Jitter, (2 * Math.Floor(second / 60)) + 1), low, high);
    }

    private protected override string Describe() => $"daily {RateText.Range(low, high)}";

    private double Between(double from, double to, double draw) => _random.Between(from, to, (ulong)draw);

    /// <summary>Half a wave of a cosine from each height to the next.</summary>
    private static double Shape(double hour)
    {
        var next = 1;
        while (hour > s_shape[next].Hour)
        {
            next++;
        }

        var ((fromHour, from), (toHour, to)) = (s_shape[next - 1], s_shape[next]);
        return from + ((to - from) * (1 - Math.Cos(Math.PI * (hour - fromHour) / (toHour - fromHour))) / 2);
    }
}
