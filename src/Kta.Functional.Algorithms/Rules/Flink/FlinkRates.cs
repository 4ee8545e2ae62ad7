namespace Kta.Functional.Algorithms;

/// <summary>Rates and means over a window of samples.</summary>
internal static class FlinkRates
{
    private const double ShortestSeconds = 0.001;

    /// <summary>By how much a number grew per second from the first sample that has one to the last; NaN if there are not two.</summary>
    internal static double Rate(IEnumerable<(double Second, double Value)> samples)
    {
        (double Second, double Value)? first = null, last = null;
        foreach (var sample in samples)
        {
            if (!double.IsNaN(sample.Value))
            {
                (first, last) = (first ?? sample, first is null ? null : sample);
            }
        }

        return first is var (from, before) && last is var (to, after)
            ? (after - before) / Math.Max(ShortestSeconds, to - from)
            : double.NaN;
    }

    /// <summary>The mean of the finite samples; infinity if there are only infinite ones, NaN if there are too few.</summary>
    internal static double Average(IEnumerable<double> samples, int atLeast = 1)
    {
        var (sum, count, isInfinite) = (0.0, 0, false);
        foreach (var sample in samples)
        {
            isInfinite |= double.IsInfinity(sample);
            if (double.IsFinite(sample))
            {
                sum += sample;
                count++;
            }
        }

        return count == 0 && isInfinite ? double.PositiveInfinity
            : count == 0 || count < atLeast ? double.NaN
            : sum / count;
    }

    /// <summary>What a source can process, seen while it catches up; null if it does not, or is blocked all the time.</summary>
    /// <param name="lag">Records that wait.</param>
    /// <param name="recordsIn">Records per second it takes in.</param>
    /// <param name="backPressured">The share of time it is blocked.</param>
    /// <param name="lagThreshold">It catches up if the lag is at least so many seconds of its input.</param>
    internal static double? Observed(double lag, double recordsIn, double backPressured, double lagThreshold) =>
        recordsIn == 0 ? double.PositiveInfinity
        : lag >= lagThreshold * recordsIn && backPressured < 1 ? recordsIn / (1 - backPressured)
        : null;

    /// <summary>What a node could process if it were never blocked or starved.</summary>
    /// <param name="recordsIn">Records per second it takes in.</param>
    /// <param name="busy">The share of time it works.</param>
    /// <param name="observed">The mean of what was observed while it caught up; NaN if that was not seen often enough.</param>
    /// <param name="switchThreshold">The observed rate counts if the other one is by more than this share larger.</param>
    internal static double TrueRate(double recordsIn, double busy, double observed, double switchThreshold)
    {
        var fromBusy = recordsIn == 0 ? double.PositiveInfinity : recordsIn / busy;
        return double.IsNaN(observed) ? fromBusy
            : !double.IsFinite(fromBusy) || fromBusy > observed * (1 + switchThreshold) ? observed
            : fromBusy;
    }
}
