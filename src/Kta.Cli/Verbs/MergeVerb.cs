using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>Joins the parts of a sweep to what it would have been in one piece.</summary>
internal static class MergeVerb
{
    internal static Command Create(Terminal terminal)
    {
        var paths = new Argument<string[]>("PART.json...") { Description = "The results of all parts, in any order.", Arity = ArgumentArity.OneOrMore };
        var command = new Verb(
            "merge", "Joins the parts of a comparison or of a search that were run with --shard.", "kta merge part-0.json part-1.json > comparison.json") { paths };
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var parts = new List<(string Path, JsonObject Json)>();
            foreach (var path in parsed.GetValue(paths)!)
            {
                parts.Add((path, Read(path, await File.ReadAllTextAsync(path, cancellationToken))));
            }

            terminal.Result(Joined(parts).ToJsonString(OutcomeJson.Format));
            return Verb.Done;
        });
        return command;
    }

    private static JsonObject Read(string path, string text)
    {
        try
        {
            return JsonNode.Parse(text) is JsonObject json && json["shard"] is JsonObject
                ? json
                : throw new CommandFailedException($"{path} is no part: it has no member 'shard'. Was it written with --shard?");
        }
        catch (JsonException error)
        {
            throw new CommandFailedException($"{path} is no complete JSON. Was it written by kta with --shard, to its end?", error);
        }
    }

    private static JsonObject Joined(List<(string Path, JsonObject Json)> parts)
    {
        var (first, of, total) = (parts[0], Number(parts[0], "of"), Number(parts[0], "total"));
        foreach (var part in parts)
        {
            if (Files(part) != Files(first))
            {
                throw new CommandFailedException($"{part.Path} was made of application files with another content than {first.Path}.");
            }

            if (Sweep(part) != Sweep(first) || Number(part, "of") != of || Number(part, "total") != total)
            {
                throw new CommandFailedException($"{part.Path} is a part of another sweep than {first.Path}: '{Sweep(part)}', not '{Sweep(first)}'.");
            }
        }

        var byIndex = parts.ToLookup(part => Number(part, "index"));
        var missing = Enumerable.Range(0, of).Where(i => !byIndex.Contains(i)).ToList();
        var twice = byIndex.Where(group => group.Count() > 1).Select(group => group.First().Path).ToList();
        if (missing.Count > 0 || twice.Count > 0)
        {
            throw new CommandFailedException(
                missing.Count > 0 ? $"Not all parts are here: {string.Join(", ", missing.Select(i => $"{i}/{of}"))} missing." : $"A part is here twice: {string.Join(", ", twice)}.");
        }

        var ordered = Enumerable.Range(0, of).Select(i => byIndex[i].Single()).ToList();
        return first.Json.ContainsKey("candidates")
            ? TuningJson.Of(first.Json, Interleaved(ordered, "candidates", total))
            : ComparisonJson.Of(Interleaved(ordered, "runs", total), Fronts(ordered), shard: null);
    }

    /// <summary>The order of the whole: each part has every n-th.</summary>
    private static List<JsonNode> Interleaved(List<(string Path, JsonObject Json)> parts, string member, int total)
    {
        var all = new JsonNode[total];
        for (var i = 0; i < parts.Count; i++)
        {
            var own = parts[i].Json[member] as JsonArray ?? [];
            var expected = Enumerable.Range(0, total).Where(k => k % parts.Count == i).ToList();
            if (own.Count != expected.Count)
            {
                throw new CommandFailedException($"{parts[i].Path} holds {own.Count} {member}, {expected.Count} were expected: it is not complete.");
            }

            for (var k = 0; k < own.Count; k++)
            {
                all[expected[k]] = own[k]!.DeepClone();
            }
        }

        return [.. all];
    }

    /// <summary>The clairvoyant's fronts stand in the part that has the first run of their application and seed.</summary>
    private static IEnumerable<JsonNode>? Fronts(List<(string Path, JsonObject Json)> parts)
    {
        if (!parts.Any(part => part.Json["clairvoyantFront"] is JsonArray))
        {
            return null;
        }

        var order = parts.SelectMany((part, i) => ((JsonArray)part.Json["runs"]!).Select((run, k) => (At: (k * parts.Count) + i, Key: KeyOf(run!))))
            .GroupBy(run => run.Key).ToDictionary(group => group.Key, group => group.Min(run => run.At));
        return parts.SelectMany(part => (JsonArray)part.Json["clairvoyantFront"]!).OrderBy(one => order[KeyOf(one!)]).Select(one => one!.DeepClone());
    }

    private static (string, string) KeyOf(JsonNode run) => (run["application"]!.ToString(), run["seed"]!.ToString());

    private static string Sweep((string Path, JsonObject Json) part) => part.Json["shard"]!["sweep"]?.ToString() ?? "";

    private static string Files((string Path, JsonObject Json) part) => part.Json["shard"]!["files"]?.ToString() ?? "";

    private static int Number((string Path, JsonObject Json) part, string member) =>
        part.Json["shard"]![member] is JsonValue value && value.TryGetValue<int>(out var number) && number >= 0
            ? number
            : throw new CommandFailedException($"{part.Path}: shard.{member} has to be a whole number.");
}
