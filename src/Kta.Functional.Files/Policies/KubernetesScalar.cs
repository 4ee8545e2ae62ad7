using System.Globalization;
using System.Text.RegularExpressions;

namespace Kta.Functional.Files;

/// <summary>Scalars as Kubernetes reads them, by YAML 1.1: much that looks like text is none there, and 030 is 24.</summary>
internal static partial class KubernetesScalar
{
    /// <summary>Text that Kubernetes takes for text, too.</summary>
    internal static string? KubernetesText(this YamlValue value, string expected)
    {
        if (value.Plain is { } plain && !value.IsNull && TakenFor(plain) is { } other)
        {
            value.Add($"expected {expected}, found {YamlValue.Excerpt(plain)}, which is {other} to Kubernetes: put it in quotes");
            return null;
        }

        return value.Text(expected);
    }

    internal static int? KubernetesWhole(this YamlValue value, int least, string limit = "")
    {
        var expected = string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {limit}{least}{(least > 1 ? "" : $", at most {int.MaxValue}")}");
        if (value.Plain is not { } plain)
        {
            if (value.Quoted is { } quoted && IsNumber(quoted))
            {
                return value.Wrong<int?>(expected, ", which is text: write it without quotes");
            }

            return value.Wrong<int?>(expected);
        }

        if (Odd().IsMatch(plain))
        {
            return value.Wrong<int?>(
                expected,
                $"{(OddValue(plain) is { } read ? string.Create(CultureInfo.InvariantCulture, $", which Kubernetes reads as {read}") : "")}: write digits, without a zero before them");
        }

        return Float().IsMatch(plain) && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == Math.Floor(number) && number >= least && number <= int.MaxValue
                ? (int)number
                : value.Wrong<int?>(expected);
    }

    /// <summary>What a word without quotes is if it is no text; null if it is.</summary>
    private static string? TakenFor(string plain) => plain.ToUpperInvariant() switch
    {
        "Y" or "YES" or "ON" or "TRUE" => "true",
        "N" or "NO" or "OFF" or "FALSE" => "false",
        _ when IsNumber(plain) => "a number",
        _ => null,
    };

    private static bool IsNumber(string text) => Odd().IsMatch(text) || Float().IsMatch(text) || NotFinite().IsMatch(text);

    private static long? OddValue(string plain)
    {
        var text = plain.Replace("_", "", StringComparison.Ordinal);
        var sign = text.StartsWith('-') ? -1 : 1;
        var digits = text.TrimStart('+', '-').ToUpperInvariant();
        try
        {
            return sign * digits switch
            {
                ['0', 'X', .. var hex] => Convert.ToInt64(hex, 16),
                ['0', 'B', .. var bits] => Convert.ToInt64(bits, 2),
                ['0', 'O', .. var octal] => Convert.ToInt64(octal, 8),
                ['0', .. { Length: > 0 } octal] when octal.All(digit => digit is >= '0' and <= '7') => Convert.ToInt64(octal, 8),
                _ => long.Parse(digits, CultureInfo.InvariantCulture),
            };
        }
        catch (Exception error) when (error is OverflowException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Octal, hexadecimal or binary, and digits in groups.</summary>
    [GeneratedRegex(@"^[-+]?(0[0-9_]+|0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*_[0-9_]*)\z")]
    private static partial Regex Odd();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z")]
    private static partial Regex Float();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z")]
    private static partial Regex NotFinite();
}
