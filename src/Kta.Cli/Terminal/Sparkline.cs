namespace Kta.Cli;

/// <summary>Numbers over time as one line of bars.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <param name="numbers">The numbers, the first one first.</param>
    /// <param name="width">How many bars there are at most; each is the mean of its stretch.</param>
    internal static string Of(IReadOnlyList<double> numbers, int width)
    {
        var columns = Math.Min(width, numbers.Count);
        var means = new double[columns];
        for (var i = 0; i < columns; i++)
        {
            var (from, to) = ((int)((long)i * numbers.Count / columns), (int)((long)(i + 1) * numbers.Count / columns));
            means[i] = Enumerable.Range(from, to - from).Average(k => numbers[k]);
        }

        var (low, high) = columns == 0 ? (0, 0) : (means.Min(), means.Max());
        return string.Concat(means.Select(mean => Bars[high > low ? (int)Math.Min(Bars.Length - 1, (mean - low) / (high - low) * Bars.Length) : 0]));
    }
}
