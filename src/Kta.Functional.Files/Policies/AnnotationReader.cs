using System.Text.RegularExpressions;

namespace Kta.Functional.Files;

/// <summary>What only we understand of a policy.</summary>
/// <param name="Algorithm">Null if there is none, or something is wrong with it.</param>
/// <param name="Settings">In the order of the file.</param>
/// <param name="Monitors">In the order of the file.</param>
/// <param name="Decides">Whether there is an algorithm, right or wrong.</param>
/// <param name="Measures">Whether there are sources, right or wrong.</param>
internal sealed record Annotations(
    string? Algorithm, IReadOnlyList<KeyValuePair<string, string?>> Settings, IReadOnlyList<string> Monitors, bool Decides, bool Measures)
{
    internal const string Prefix = "kta-functional";

    internal static Annotations None { get; } = new(null, [], [], false, false);
}

/// <summary>Reads our annotations, and leaves those of others alone.</summary>
internal static partial class AnnotationReader
{
    internal const string Algorithm = $"{Annotations.Prefix}/algorithm";
    internal const string Settings = $"{Annotations.Prefix}/settings";
    internal const string Monitor = $"{Annotations.Prefix}/monitor";

    private const string SettingWords = "name=value, in lines or with commas between them";
    private const string SourceWords = "a source in each line, such as flink:http://jobmanager:8081#orders";

    private static readonly string[] s_known = [Algorithm, Settings, Monitor];

    internal static Annotations Read(YamlValue value)
    {
        var ours = new Dictionary<string, YamlValue>();
        foreach (var (name, annotation) in value.Members("an object with texts") ?? [])
        {
            if (s_known.Contains(name))
            {
                ours[name] = annotation;
            }
            else if (SimilarName.Closest(name.Split('/')[0], [Annotations.Prefix]) is not null)
            {
                annotation.Add($"is not known{SimilarName.Hint(name, s_known)}");
            }
        }

        var (algorithm, settings, monitor) = (Of(Algorithm), Of(Settings), Of(Monitor));
        if (settings is { } lonely && algorithm is null)
        {
            lonely.Add($"there is no {Algorithm} whose settings they are");
        }

        return new(
            algorithm is { } found ? AlgorithmOf(found) : null,
            settings is { } given ? SettingsOf(given) : [],
            monitor is { } sources ? SourcesOf(sources) : [],
            algorithm is not null,
            monitor is not null);

        YamlValue? Of(string name) => ours.TryGetValue(name, out var one) ? one : null;
    }

    private static string? AlgorithmOf(YamlValue value)
    {
        const string Expected = "the name of an algorithm, such as ds2";
        return value.KubernetesText(Expected) is not { } text ? null
            : Word().IsMatch(text.Trim()) ? text.Trim()
            : value.Wrong<string>(Expected);
    }

    /// <summary>A comma before something that is no setting belongs to the value: <c>numReplicasByState=4,2</c>.</summary>
    private static List<KeyValuePair<string, string?>> SettingsOf(YamlValue value)
    {
        var (found, names) = (new List<KeyValuePair<string, string?>>(), new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        foreach (var text in (value.KubernetesText(SettingWords) ?? "").Split('\n').SelectMany(line => BeforeSetting().Split(line)).Select(text => text.Trim(' ', '\t', '\r', ',')))
        {
            switch (text.Split('=', 2, StringSplitOptions.TrimEntries))
            {
                case [{ Length: > 0 } name, { Length: > 0 } setting] when Name().IsMatch(name):
                    if (!names.Add(name))
                    {
                        value.Add($"{name} is given twice");
                    }

                    found.Add(new(name, setting));
                    break;
                case not [""]:
                    value.Add($"expected {SettingWords}, found \"{YamlValue.Excerpt(text)}\"");
                    break;
            }
        }

        return found;
    }

    private static List<string> SourcesOf(YamlValue value)
    {
        if (value.KubernetesText(SourceWords) is not { } text)
        {
            return [];
        }

        var sources = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        foreach (var source in sources.Where(source => !Source().IsMatch(source) || BeforeSource().IsMatch(source)))
        {
            value.Add($"expected {SourceWords}, found \"{YamlValue.Excerpt(source)}\"");
        }

        foreach (var source in sources.GroupBy(source => source).Where(group => group.Count() > 1))
        {
            value.Add($"{source.Key} is given twice");
        }

        return sources.Count > 0 ? sources : value.Wrong<List<string>>(SourceWords) ?? [];
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]*\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9._-]*\z")]
    private static partial Regex Name();

    [GeneratedRegex(@",(?=\s*[A-Za-z][A-Za-z0-9._-]*\s*=)")]
    private static partial Regex BeforeSetting();

    [GeneratedRegex(@"^[a-z]+:\S")]
    private static partial Regex Source();

    [GeneratedRegex(@",\s*(flink|prometheus|kafka):")]
    private static partial Regex BeforeSource();
}
