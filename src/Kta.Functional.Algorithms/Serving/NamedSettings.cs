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

    internal double? Number(string name) => _given.ContainsKey(name) ? Number(name, 0) : Unset<double>(name);

    internal int Int(string name, int otherwise) =>
        Value(name) is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Wrong(name, text, "a whole number");

    internal bool Flag(string name, bool otherwise) =>
        Value(name) is not { } text ? otherwise : bool.TryParse(text, out var flag) ? flag : throw Wrong(name, text, "true or false");

    internal int? Whole(string name) => _given.ContainsKey(name) ? Int(name, 0) : Unset<int>(name);

    internal TEnum OneOf<TEnum>(string name, TEnum otherwise)
        where TEnum : struct, Enum =>
        Value(name) is not { } text ? otherwise
        : !char.IsDigit(text[0]) && Enum.TryParse<TEnum>(text, ignoreCase: true, out var value) ? value
        : throw Wrong(name, text, string.Join(" or ", Enum.GetNames<TEnum>()).ToLowerInvariant());

    internal TimeSpan? Time(string name) =>
        Value(name) is not { } text ? null : TimeOf(text) ?? throw Wrong(name, text, "a time such as 90, 90s, 5min, 1h or 00:05:00");

    /// <summary>Null if the text is no time.</summary>
    internal static TimeSpan? TimeOf(string text)
    {
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time : null;
        }

        var number = text.TrimEnd('s', 'm', 'i', 'n', 'h', 'd', ' ');
        double? unit = text[number.Length..].Trim() switch { "" or "s" => 1, "m" or "min" => 60, "h" => 3600, "d" => 86_400, _ => null };
        return unit is { } seconds
            && double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            && Math.Abs(count * seconds) < TimeSpan.MaxValue.TotalSeconds / 2
            ? TimeSpan.FromSeconds(count * seconds)
            : null;
    }

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

    private T? Unset<T>(string name)
        where T : struct
    {
        _known.Add(name);
        return null;
    }
}
