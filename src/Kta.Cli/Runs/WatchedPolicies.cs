using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Policies in files and folders, which may change while they are used.</summary>
/// <remarks>What is compared is the text: mounted configuration is replaced by links, whose times and names tell nothing.</remarks>
/// <param name="paths">Files, and folders whose <c>.yaml</c>, <c>.yml</c> and <c>.json</c> files are read.</param>
internal sealed class WatchedPolicies(IReadOnlyList<string> paths)
{
    private Dictionary<string, string?> _texts = [];

    /// <summary>What the files say now.</summary>
    /// <returns>Null if they say what they said the last time.</returns>
    /// <exception cref="FileProblemException">A file is wrong. It is told once, until it changes again.</exception>
    internal IReadOnlyList<PolicyFile>? ReadIfChanged()
    {
        var texts = Files().ToDictionary(file => file, TextOf);
        if (texts.Count == _texts.Count && texts.All(one => _texts.GetValueOrDefault(one.Key) == one.Value))
        {
            return null;
        }

        _texts = texts;
        var others = texts.Where(one => !paths.Contains(one.Key) && IsOther(one.Value)).Select(one => one.Key).ToList();
        return
        [
            .. PolicyFile.ReadAll(texts.Keys.Except(others)),
            .. others.Select(file => new PolicyFile([], [$"{file}: has no KtaPolicy, it is left out."])),
        ];
    }

    private IEnumerable<string> Files() => paths
        .SelectMany(path => Directory.Exists(path) ? Directory.EnumerateFiles(path).Where(IsPolicyFile).Order(StringComparer.Ordinal) : Enumerable.Repeat(path, 1))
        .Distinct();

    /// <summary>In a folder other files may stand beside policies, such as the application that kta init writes. An empty one may be half written.</summary>
    private static bool IsOther(string? text) => !string.IsNullOrWhiteSpace(text) && !text.Contains("KtaPolicy", StringComparison.Ordinal);

    private static bool IsPolicyFile(string path) =>
        Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml" or ".json" && !Path.GetFileName(path).StartsWith('.');

    private static string? TextOf(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Reading it as a policy says what is wrong with it.
            return null;
        }
    }
}
