using System.Globalization;

namespace Kta.Functional.Simulation;

/// <summary>Rates as headings show them.</summary>
internal static class RateText
{
    internal static string Range(double from, double to) => from.Equals(to) ? $"{Of(from)}/s" : $"{Of(from)}…{Of(to)}/s";

    private static string Of(double rate)
    {
        var (number, unit) = rate switch
        {
            >= 999_950_000 => (rate / 1e9, "G"),
            >= 999_950 => (rate / 1e6, "M"),
            >= 1_000 => (rate / 1e3, "k"),
            _ => (rate, ""),
        };
        return number.ToString("0.##", CultureInfo.InvariantCulture) + unit;
    }
}
