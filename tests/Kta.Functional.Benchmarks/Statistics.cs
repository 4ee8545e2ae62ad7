using System.Globalization;

namespace Kta.Functional.Benchmarks;

internal static class Statistics
{
    internal static double Median(IEnumerable<double> values) => At(values, 0.5);

    internal static string Quartiles(IEnumerable<double> values) =>
        string.Create(CultureInfo.InvariantCulture, $"{At(values, 0.25):0.00}-{At(values, 0.75):0.00}");

    private static double At(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        return sorted[(int)((sorted.Length - 1) * share)];
    }
}
