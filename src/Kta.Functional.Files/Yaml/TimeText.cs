using System.Globalization;
using System.Text.RegularExpressions;

namespace Kta.Functional.Files;

/// <summary>Times as people write them: a number of seconds, or a number with a unit.</summary>
internal static partial class TimeText
{
    internal const string Words = "a time: seconds, or a number with ms, s, min, h or d";

    private const double LongestSeconds = 1e11;

    /// <summary>Null if the text is no time.</summary>
    internal static TimeSpan? Parse(string text)
    {
        var found = Pattern().Match(text.Trim());
        if (!found.Success
            || !double.TryParse(found.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        var seconds = number * found.Groups[2].Value switch
        {
            "ms" => 1e-3,
            "min" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => 1,
        };
        return Math.Abs(seconds) < LongestSeconds ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond)) : null;
    }

    /// <summary>Whether minutes are meant, as others write them.</summary>
    internal static bool AreMinutes(string text) => text.TrimEnd().EndsWith('m') && Parse(text.TrimEnd() + "in") is not null;

    [GeneratedRegex(@"^([+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?)\s*(ms|s|min|h|d)?$")]
    private static partial Regex Pattern();
}
