using System.Globalization;

namespace Kta.Cli;

/// <summary>A setting that is searched: evenly between two numbers, or one of several words.</summary>
internal sealed record SettingRange
{
    private readonly double _from;
    private readonly double _to;
    private readonly string _unit = "";
    private readonly string[]? _words;

    private SettingRange(string name, double from, double to, string unit) => (Name, _from, _to, _unit) = (name, from, to, unit);

    private SettingRange(string name, string[] words) => (Name, _words) = (name, words);

    internal string Name { get; }

    /// <summary>Whether only whole numbers make sense.</summary>
    internal bool IsWhole { get; init; }

    /// <summary>A range, or null if it is the value of a setting.</summary>
    /// <exception cref="UsageException">It looks like a range, but is none.</exception>
    internal static SettingRange? Parse(string name, string value)
    {
        if (value.Split('|') is { Length: > 1 } words)
        {
            return new(name, words);
        }

        if (value.Split("..") is not [var low, var high])
        {
            return null;
        }

        var unit = high[high.TrimEnd('s', 'm', 'i', 'n', 'h', 'd').Length..];
        var lowest = low.EndsWith(unit, StringComparison.Ordinal) ? low[..^unit.Length] : low;
        return double.TryParse(lowest, NumberStyles.Float, CultureInfo.InvariantCulture, out var from)
            && double.TryParse(high[..^unit.Length], NumberStyles.Float, CultureInfo.InvariantCulture, out var to)
            && from < to && double.IsFinite(to - from)
            ? new(name, from, to, unit)
            : throw new UsageException($"--set {name}={value}: expected a range from a smaller to a larger number, such as 1..10 or 1min..10min (one unit for both).");
    }

    /// <summary>A value of it, for a number from 0 up to 1.</summary>
    internal string At(double share)
    {
        if (_words is not null)
        {
            return _words[(int)(share * _words.Length)];
        }

        var number = IsWhole ? Math.Min(_to, Math.Floor(_from + (share * (_to - _from + 1)))) : Rounded(_from + (share * (_to - _from)));
        return number.ToString("0.##########", CultureInfo.InvariantCulture) + _unit;
    }

    /// <summary>A thousandth of the range is as exact as a search is; more digits would promise more.</summary>
    private double Rounded(double number)
    {
        var step = Math.Pow(10, Math.Floor(Math.Log10((_to - _from) / 1000)));
        return Math.Clamp(Math.Round(number / step) * step, _from, _to);
    }
}
