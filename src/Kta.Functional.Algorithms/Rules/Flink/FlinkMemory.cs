using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <summary>A parallelism that was recommended.</summary>
/// <param name="Second">When.</param>
/// <param name="Parallelism">How many instances.</param>
/// <param name="IsOutside">Whether the node was outside its band then.</param>
internal readonly record struct FlinkRecommendation(double Second, int Parallelism, bool IsOutside);

/// <summary>A change of a node, and what was known when it was made.</summary>
/// <param name="Before">How many instances there were.</param>
/// <param name="After">How many there were to be.</param>
/// <param name="TrueRate">What they could process before.</param>
/// <param name="ExpectedRate">What they were expected to process after.</param>
internal readonly record struct FlinkRescale(int Before, int After, double TrueRate, double ExpectedRate)
{
    /// <summary>How much of the expected gain a scale-up brought; null if it was none, or is not what runs.</summary>
    internal double? Gain(int parallelism, double trueRate) =>
        After > Before && After == parallelism ? (trueRate - TrueRate) / (ExpectedRate - TrueRate) : null;

    /// <summary>Whether it was a scale-up to what runs that brought less than a share of what was expected.</summary>
    internal bool IsIneffective(int parallelism, double trueRate, double threshold) =>
        Gain(parallelism, trueRate) is { } gain && !(gain >= threshold);
}

/// <summary>What the past says about the present.</summary>
internal static class FlinkMemory
{
    /// <summary>What becomes of the last recommendation: a decrease waits, and then goes to the largest one of the time it waited.</summary>
    /// <param name="current">How many instances there are.</param>
    /// <param name="recommendations">Those since the last change of the job, newest first, only as far as needed.</param>
    /// <param name="interval">How many seconds it waits.</param>
    /// <returns>The decision, and for how long decreases have been recommended.</returns>
    internal static (FlinkRecommendation Decided, double Waited) DelayScaleDown(
        int current, IEnumerable<FlinkRecommendation> recommendations, double interval)
    {
        FlinkRecommendation? newest = null, largest = null;
        var waited = 0.0;
        foreach (var recommendation in recommendations)
        {
            newest ??= recommendation;
            if (newest.Value.Parallelism >= current || interval <= 0)
            {
                return (newest.Value, 0);
            }

            if (recommendation.Parallelism >= current)
            {
                break;
            }

            waited = newest.Value.Second - recommendation.Second;
            if (waited <= interval && !(recommendation.Parallelism <= largest?.Parallelism))
            {
                largest = recommendation;
            }

            if (waited >= interval)
            {
                return (largest!.Value, waited);
            }
        }

        return (new(newest?.Second ?? 0, current, IsOutside: false), waited);
    }

    /// <summary>How much of a linear gain more instances brought so far: 1 is all of it.</summary>
    /// <param name="rescales">The changes of a node, oldest first.</param>
    /// <param name="atLeast">With fewer it is 1.</param>
    /// <param name="lowest">It is never less.</param>
    internal static double Scalability(IReadOnlyList<(int Parallelism, double TrueRate)> rescales, int atLeast, double lowest)
    {
        if (rescales.Count == 0 || rescales.Count < atLeast || rescales.Any(rescale => double.IsNaN(rescale.TrueRate)))
        {
            return 1;
        }

        var fewest = rescales.Min(rescale => rescale.Parallelism);
        var baseline = rescales.Last(rescale => rescale.Parallelism == fewest).TrueRate / fewest;
        var (sum, squares) = (0.0, 0.0);
        foreach (var (parallelism, trueRate) in rescales)
        {
            sum += parallelism * trueRate;
            squares += (double)parallelism * parallelism;
        }

        var coefficient = sum / (squares * baseline);
        return double.IsNaN(coefficient) ? 1 : RoundedUp(Math.Max(lowest, Math.Min(1, coefficient)));
    }

    /// <summary>How long a restart takes: the longest that was seen, up to a limit, otherwise what is configured.</summary>
    internal static double Restart(IEnumerable<double> tracked, double configured, double limit)
    {
        var longest = tracked.Where(seconds => !double.IsNaN(seconds)).DefaultIfEmpty(double.NaN).Max();
        return double.IsNaN(longest) ? configured : Math.Min(longest, limit);
    }

    /// <summary>To two decimals of the number as it is written: what binary fractions add far behind the point does not count.</summary>
    private static double RoundedUp(double number) => (double)(Math.Ceiling(
        decimal.Parse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture) * 100) / 100);
}
