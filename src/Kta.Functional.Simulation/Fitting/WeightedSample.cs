namespace Kta.Functional.Simulation;

/// <summary>Robust statistics of numbers that count more or less.</summary>
internal static class WeightedSample
{
    /// <summary>Half of the weight is below it.</summary>
    internal static double Median(IEnumerable<(double Number, double Weight)> sample)
    {
        var sorted = sample.OrderBy(one => one.Number).ToArray();
        var (half, sum) = (sorted.Sum(one => one.Weight) / 2, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i].Weight;
            if (sum > half * (1 + 1e-12))
            {
                return sorted[i].Number;
            }

            if (sum >= half * (1 - 1e-12) && i + 1 < sorted.Length)
            {
                return (sorted[i].Number + sorted[i + 1].Number) / 2;
            }
        }

        return sorted[^1].Number;
    }

    /// <summary>The standard deviation of numbers around 0, as normally distributed ones with their median distance would have it.</summary>
    internal static double Deviation(IEnumerable<(double Number, double Weight)> sample) =>
        1.4826 * Median(sample.Select(one => (Math.Abs(one.Number), one.Weight)));

    /// <summary>A line through points.</summary>
    /// <returns>Where it crosses 0, its slope, and what the weights make of a deviation: the errors of both.</returns>
    internal static (double Intercept, double Slope, double InterceptError, double SlopeError) Line(IReadOnlyCollection<(double X, double Y, double Weight)> points)
    {
        var weight = points.Sum(point => point.Weight);
        var (x, y) = (points.Sum(point => point.Weight * point.X) / weight, points.Sum(point => point.Weight * point.Y) / weight);
        var spread = points.Sum(point => point.Weight * (point.X - x) * (point.X - x));
        var slope = points.Sum(point => point.Weight * (point.X - x) * (point.Y - y)) / spread;
        return (y - (slope * x), slope, Math.Sqrt((1 / weight) + (x * x / spread)), Math.Sqrt(1 / spread));
    }

    /// <summary>So many independent numbers of equal weight say as much.</summary>
    internal static double EffectiveCount(IReadOnlyCollection<double> weights) => Math.Pow(weights.Sum(), 2) / weights.Sum(weight => weight * weight);

    /// <summary>With so many digits that count.</summary>
    internal static double Rounded(double number, int digits) =>
        number == 0 || !double.IsFinite(number) ? number
        : double.Parse(number.ToString($"E{digits - 1}", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);
}
