using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <summary>Settings as pairs of name and text. Every one that is asked for is known; the others are an error.</summary>
internal sealed class NamedSettings
{
    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _known = [];

    internal NamedSettings(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        // A section of a configuration lists its own key, and lists within, without a value.
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
        {
            _given[name.Replace(':', '.')] = value!;
        }
    }

    internal double Number(string name, double otherwise) =>
        Value(name) is not { } text ? otherwise
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(name, text, "a number");

    internal double? Number(string name) => _given.ContainsKey(name) ? Number(name, 0) : Known(name);

    internal int Int(string name, int otherwise) =>
        Value(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(name, text, "a whole number");

    internal bool Flag(string name, bool otherwise) =>
        Value(name) is not { } text ? otherwise : bool.TryParse(text, out var flag) ? flag : throw Wrong(name, text, "true or false");

    internal TimeSpan? Time(string name) =>
        Value(name) is not { } text ? null
        : text.Length > 1 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var count) && Unit(text[^1]) is { } unit
            ? TimeSpan.FromSeconds(count * unit)
        : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time
        : throw Wrong(name, text, "a time such as 90s, 5m, 1h or 00:05:00");

    internal string? Value(string name)
    {
        _known.Add(name);
        return _given.GetValueOrDefault(name);
    }

    internal static ArgumentException Wrong(string name, string text, string expected) =>
        new($"The setting {name} is '{text}', it has to be {expected}.");

    /// <exception cref="ArgumentException">A setting was given that nobody asked for.</exception>
    internal void ThrowIfUnknown(string rule)
    {
        var unknown = _given.Keys.Except(_known, StringComparer.OrdinalIgnoreCase).ToList();
        if (unknown.Count > 0)
        {
            throw new ArgumentException(
                $"{rule} has no setting {string.Join(", ", unknown.Select(name => $"'{name}'"))}. It has: {string.Join(", ", _known.Distinct())}.");
        }
    }

    private double? Known(string name)
    {
        _known.Add(name);
        return null;
    }

    private static double? Unit(char unit) => unit switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => null };
}
