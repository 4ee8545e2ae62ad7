using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <summary>
/// Settings as pairs of name and text; of several with one name the last counts. Every one that is asked for is known. What is wrong with
/// them is told at once, when all have been asked for; meanwhile it counts as not given.
/// </summary>
internal sealed class NamedSettings
{
    private readonly Dictionary<string, string> _given = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _defaults = [];
    private readonly List<string> _known = [];
    private readonly List<string> _problems = [];

    internal NamedSettings(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        // A section of a configuration lists its own key, and lists within, without a value.
        foreach (var (name, value) in settings.Where(setting => setting.Value is not null))
        {
            _given[name.Replace(':', '.')] = value!;
        }
    }

    /// <summary>What was asked for, in that order, each once: what was given, otherwise the default, null if it has none.</summary>
    internal IReadOnlyList<KeyValuePair<string, string?>> Known =>
        [.. _known.Distinct().Select(name => KeyValuePair.Create(name, _given.GetValueOrDefault(name) ?? _defaults.GetValueOrDefault(name)))];

    internal double? Number(string name) => Read(
        name, "a number", text => NumberOf(text) ?? (name.EndsWith("Seconds", StringComparison.OrdinalIgnoreCase) ? TimeOf(text)?.TotalSeconds : null));

    internal double Number(string name, double otherwise) => Number(name) ?? Default(name, otherwise, Text(otherwise));

    internal int? Whole(string name) => Read(
        name, "a whole number", static text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : (int?)null);

    internal int Whole(string name, int otherwise) => Whole(name) ?? Default(name, otherwise, Text(otherwise));

    internal bool Flag(string name, bool otherwise) =>
        Read(name, "true or false", static text => bool.TryParse(text, out var flag) ? flag : (bool?)null)
        ?? Default(name, otherwise, otherwise ? "true" : "false");

    internal TEnum OneOf<TEnum>(string name, TEnum otherwise)
        where TEnum : struct, Enum =>
        Read(name, string.Join(" or ", Enum.GetNames<TEnum>()).ToLowerInvariant(), WordOf<TEnum>)
        ?? Default(name, otherwise, otherwise.ToString().ToLowerInvariant());

    internal TimeSpan Time(string name, TimeSpan otherwise) => Time(name) ?? Default(name, otherwise, $"{Text(otherwise.TotalSeconds)}s");

    internal TimeSpan? Time(string name) => Read(name, "a time such as 90, 90s, 5min, 1h or 00:05:00", TimeOf);

    /// <summary>What stands between commas.</summary>
    internal IReadOnlyList<T> List<T>(string name, string expected, Func<string, T?> parse, IReadOnlyList<T> otherwise, Func<T, string> textOf)
        where T : class =>
        List(name, expected, parse) ?? Default(name, otherwise, string.Join(',', otherwise.Select(textOf)));

    /// <summary>Null if it is not given or something is wrong with it.</summary>
    private IReadOnlyList<T>? List<T>(string name, string expected, Func<string, T?> parse)
        where T : class
    {
        var parts = Value(name)?.Split(',').Select(text => parse(text) ?? Wrong<T>(name, text, expected)).ToList();
        return parts is not null && !parts.Contains(null) ? [.. parts.OfType<T>()] : null;
    }

    /// <summary>Null if it is not given or something is wrong with it.</summary>
    internal T? One<T>(string name, string expected, Func<string, T?> parse)
        where T : class =>
        Value(name) is { } text ? parse(text) ?? Wrong<T>(name, text, expected) : null;

    internal string? Value(string name)
    {
        _known.Add(name);
        return _given.GetValueOrDefault(name);
    }

    /// <summary>Says that a setting has no effect, or none that anybody knows, without another one.</summary>
    internal void Need(string name, string other, string question)
    {
        if (_given.ContainsKey(name) && !_given.ContainsKey(other))
        {
            _problems.Add($"The setting {name} needs {other}: {question}");
        }
    }

    /// <exception cref="ArgumentException">Settings were given that nobody asked for, or that are wrong.</exception>
    internal void ThrowIfWrong(string rule)
    {
        var unknown = _given.Keys.Except(_known, StringComparer.OrdinalIgnoreCase).ToList();
        if (unknown.Count > 0)
        {
            _problems.Add($"{rule} has no setting {string.Join(", ", unknown.Select(Named))}. It has: {string.Join(", ", _known.Distinct())}.");
        }

        if (_problems.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', _problems));
        }
    }

    /// <summary>Null if the text is no number; a number of per cent is one.</summary>
    private static double? NumberOf(string text) =>
        text is [.. var share, '%'] ? NumberOf(share) / 100
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : null;

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

    /// <summary>The value with that name in any case; null if there is none. Numbers are no names.</summary>
    internal static TEnum? WordOf<TEnum>(string text)
        where TEnum : struct, Enum =>
        Enum.GetNames<TEnum>().FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found ? Enum.Parse<TEnum>(found) : null;

    private T? Read<T>(string name, string expected, Func<string, T?> parse)
        where T : struct
    {
        if (Value(name) is not { } text)
        {
            return null;
        }

        var read = parse(text);
        if (read is null)
        {
            Wrong<object>(name, text, expected);
        }

        return read;
    }

    private string Named(string unknown) =>
        SimilarName.Closest(unknown, _known) is { } meant ? $"'{unknown}' (did you mean {meant}?)" : $"'{unknown}'";

    private T Default<T>(string name, T otherwise, string text)
    {
        _defaults[name] = text;
        return otherwise;
    }

    private static string Text<T>(T number)
        where T : struct, IFormattable =>
        number.ToString(null, CultureInfo.InvariantCulture);

    private T? Wrong<T>(string name, string text, string expected)
        where T : class
    {
        _problems.Add($"The setting {name} is '{text}', it has to be {expected}.");
        return null;
    }
}
