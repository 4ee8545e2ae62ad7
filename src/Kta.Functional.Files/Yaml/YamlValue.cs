using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kta.Functional.Files;

/// <summary>Something in a file, and where it stands. What it should be and is not becomes a problem of the file, and the answer null.</summary>
internal readonly record struct YamlValue
{
    private readonly YamlFile _file;
    private readonly YamlNode _node;

    internal YamlValue(YamlFile file, YamlNode node, string path)
    {
        _file = file;
        _node = node;
        Path = path;
        file.Remember(path, node);
    }

    internal string Path { get; }

    /// <summary>Written out as nothing at all.</summary>
    internal bool IsNull => Plain is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>A scalar without quotes, and not said to be text; null if it is something else.</summary>
    internal string? Plain =>
        _node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any, Value: var value } && (_node.Tag.IsEmpty || _node.Tag != "tag:yaml.org,2002:str") ? value ?? "" : null;

    /// <summary>A scalar in quotes, or said to be text.</summary>
    internal string? Quoted => Plain is null ? (_node as YamlScalarNode)?.Value : null;

    internal int Line => (int)_node.Start.Line;

    /// <summary>Text, with or without quotes.</summary>
    internal string? Text(string expected) =>
        _node is YamlScalarNode { Value: { Length: > 0 } text } ? text : Wrong<string>(expected);

    internal bool IsText => _node is YamlScalarNode;

    internal bool IsObject => _node is YamlMappingNode;

    /// <summary>Whether it is a list or an object without anything in it.</summary>
    internal bool IsEmpty => _node is YamlMappingNode { Children.Count: 0 } or YamlSequenceNode { Children.Count: 0 };

    internal bool IsNumber => Plain is { } text && TryNumber(text, out _);

    internal double? Number(string expected, Func<double, bool>? fits = null) =>
        Plain is { } text && TryNumber(text, out var number) && (fits is null || fits(number)) ? number : Missed(expected);

    internal int? Whole(string expected, int least = int.MinValue) =>
        Plain is { } text && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && whole >= least
            ? whole
            : (int?)Missed(expected);

    internal long? WideWhole(string expected) =>
        Plain is { } text && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : (long?)Missed(expected);

    internal bool? Flag() => Plain switch
    {
        "true" => true,
        "false" => false,
        _ => Missed("true or false") is null ? null : null,
    };

    /// <summary>A number of seconds, or a number with a unit.</summary>
    internal TimeSpan? Time(string expected = TimeText.Words, Func<TimeSpan, bool>? fits = null)
    {
        var text = (_node as YamlScalarNode)?.Value ?? "";
        if (TimeText.Parse(text) is { } time && (fits is null || fits(time)))
        {
            return time;
        }

        Add($"expected {expected}, found {Found}{(TimeText.AreMinutes(text) ? ": minutes are written as min" : "")}");
        return null;
    }

    internal IReadOnlyList<YamlValue>? Items(string expected)
    {
        var (file, path) = (_file, Path);
        return _node is YamlSequenceNode list
            ? [.. list.Children.Select((child, i) => new YamlValue(file, child, $"{path}[{i}]"))]
            : Wrong<IReadOnlyList<YamlValue>>(expected);
    }

    /// <summary>The members of an object by their names.</summary>
    internal IReadOnlyList<(string Name, YamlValue Value)>? Members(string expected)
    {
        if (_node is not YamlMappingNode members)
        {
            return Wrong<IReadOnlyList<(string, YamlValue)>>(expected);
        }

        var found = new List<(string, YamlValue)>();
        foreach (var (key, value) in members.Children)
        {
            if (key is YamlScalarNode { Value: { Length: > 0 } name })
            {
                found.Add((name, new(_file, value, Path.Length == 0 ? name : $"{Path}.{name}")));
            }
            else
            {
                _file.Add(Path, (int)key.Start.Line, "expected the name of a member, found something else");
            }
        }

        return found;
    }

    /// <summary>An object of which all members are known.</summary>
    /// <param name="expected">What it is, for someone who wrote something else.</param>
    /// <param name="known">The names it may have.</param>
    internal YamlObject? Object(string expected, params string[] known)
    {
        if (Members(expected) is not { } members)
        {
            return null;
        }

        foreach (var (name, value) in members)
        {
            if (!known.Contains(name))
            {
                value.Add(name == "<<" ? "objects are not merged here: write the members out" : $"is not known{SimilarName.Hint(name, known)}");
            }
        }

        return new(this, members);
    }

    /// <summary>Says that something is wrong with it.</summary>
    internal void Add(string message) => _file.Add(Path, Line, message);

    /// <summary>Says what is not wrong but worth knowing.</summary>
    internal void Note(string message) => _file.Note(Path, Line, message);

    /// <summary>Says that something is wrong with a file it names.</summary>
    internal void Add(IEnumerable<Simulation.FileProblem> problems) => _file.Add(problems);

    /// <summary>Says what was expected in its place.</summary>
    internal T? Wrong<T>(string expected, string hint = "")
    {
        Add($"expected {expected}, found {Found}{hint}");
        return default;
    }

    /// <summary>The beginning of text, in a line.</summary>
    internal static string Excerpt(string text) => (text.Length <= 60 ? text : text[..60] + "…").ReplaceLineEndings(" ");

    private double? Missed(string expected) => Wrong<double?>(expected);

    private string Found => _node switch
    {
        YamlMappingNode => "an object",
        YamlSequenceNode => "a list",
        _ when IsNull => "nothing",
        _ when IsNumber || Plain is "true" or "false" => Plain!,
        YamlScalarNode { Value: { } text } => $"\"{Excerpt(text)}\"",
        _ => "something else",
    };

    private static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);
}
