using System.Text.RegularExpressions;
using Kta.Functional.Simulation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kta.Functional.Files;

/// <summary>A YAML file, or a JSON one, that remembers where everything stands, and what is wrong with it.</summary>
internal sealed partial class YamlFile
{
    private readonly Dictionary<string, int> _lines = [];
    private readonly List<FileProblem> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>A value takes two letters at least: far more of them come from aliases, which can make billions of a few lines.</summary>
    private readonly long _most;

    private long _values;

    private YamlFile(string name, int length) => (Name, _most) = (name, length + 100_000L);

    /// <summary>As problems name it.</summary>
    internal string Name { get; }

    /// <summary>Everything that is wrong, in the order of the lines.</summary>
    internal IReadOnlyList<FileProblem> Problems => [.. _problems.OrderBy(problem => problem.File == Name ? problem.Line : int.MaxValue)];

    internal bool IsFine => _problems.Count == 0;

    /// <summary>What is not wrong but worth knowing, with its place.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>The file and its only document.</summary>
    /// <exception cref="FileProblemException">It is no YAML, or not one document.</exception>
    internal static (YamlFile File, YamlValue Root) Parse(string text, string name)
    {
        var (file, roots) = ParseAll(text, name);
        return roots is [var root]
            ? (file, root)
            : throw new FileProblemException([new(name, 0, null, $"expected one YAML document, found {roots.Count}")]);
    }

    /// <summary>The file and its documents.</summary>
    /// <exception cref="FileProblemException">It is no YAML.</exception>
    internal static (YamlFile File, IReadOnlyList<YamlValue> Roots) ParseAll(string text, string name)
    {
        if (text.IndexOf('\0') is >= 0 and var end)
        {
            // The scanner would take it for the end of the file.
            throw NoYaml(name, 1 + text.AsSpan(0, end).Count('\n'), "there is a character 0; is it text, in UTF-8?");
        }

        var file = new YamlFile(name, text.Length);
        var stream = new YamlStream();
        var scanner = new Scanner(new StringReader(text.TrimStart('\uFEFF')));
        try
        {
            stream.Load(new ShallowParser(new Parser(scanner)));
        }
        catch (YamlException error)
        {
            // What the characters violate stands where the scanner has come to, which may be far behind where it began.
            var line = error is SyntaxErrorException ? scanner.CurrentPosition.Line : error.Start.Line;
            throw NoYaml(name, line, WithoutPlace().Replace(error.Message, ""));
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            // The parser has no message of its own for some of what is never closed.
            throw NoYaml(name, scanner.CurrentPosition.Line, "a bracket or a quote is not closed");
        }

        return (file, [.. stream.Documents.Select(document => new YamlValue(file, document.RootNode, ""))]);
    }

    private static FileProblemException NoYaml(string name, long line, string why) => new([new(name, (int)line, null, $"this is no YAML: {why}")]);

    /// <exception cref="FileProblemException">There is more of it than anybody writes.</exception>
    internal void Remember(string path, YamlNode node)
    {
        _lines[path] = (int)node.Start.Line;
        if (++_values > _most)
        {
            throw new FileProblemException([new(Name, (int)node.Start.Line, null, "aliases make more of this file than can be read: write it out, or leave some of it out")]);
        }
    }

    internal void Add(string path, int line, string message) => _problems.Add(new(Name, line, path.Length == 0 ? null : path, message));

    internal void Note(string path, int line, string message) =>
        _notes.Add(new FileProblem(Name, line, path.Length == 0 ? null : path, message).ToString());

    internal void Add(IEnumerable<FileProblem> others) => _problems.AddRange(others);

    /// <summary>A problem of a member that is named as this file does; it may be one that the file does not have.</summary>
    internal void Add(ApplicationProblem problem)
    {
        if (!_problems.Exists(known => known.Member == problem.Member))
        {
            Add(problem.Member, LineOf(problem.Member), problem.Message);
        }
    }

    private int LineOf(string path)
    {
        while (path.Length > 0)
        {
            if (_lines.TryGetValue(path, out var line))
            {
                return line;
            }

            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return _lines.GetValueOrDefault("", 1);
    }

    /// <summary>The place at the beginning of messages of the parser.</summary>
    [GeneratedRegex(@"^\(Line: \d+.*?\): ")]
    private static partial Regex WithoutPlace();
}
