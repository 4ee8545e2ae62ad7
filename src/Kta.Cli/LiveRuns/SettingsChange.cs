using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>What has changed between two settings of a policy, which are objects in JSON.</summary>
internal static class SettingsChange
{
    /// <summary><c>settings.scalingFactor 0.1 → 0.2, interval (none) → 30</c>; all of it, if there was nothing before.</summary>
    internal static string Text(string? before, string now)
    {
        var (old, next) = (Leaves(before), Leaves(now));
        if (old.Count == 0)
        {
            return string.Join(", ", next.Select(one => $"{one.Key} {one.Value}"));
        }

        var names = next.Keys.Union(old.Keys).Where(name => old.GetValueOrDefault(name) != next.GetValueOrDefault(name));
        return string.Join(", ", names.Select(name => $"{name} {old.GetValueOrDefault(name, "(none)")} → {next.GetValueOrDefault(name, "(none)")}"));
    }

    private static Dictionary<string, string> Leaves(string? json)
    {
        var found = new Dictionary<string, string>();
        if (json is not null)
        {
            try
            {
                Add(JsonNode.Parse(json), "");
            }
            catch (JsonException)
            {
                found["settings"] = json;
            }
        }

        return found;

        void Add(JsonNode? node, string path)
        {
            var members = node switch
            {
                JsonObject named => named.Select(member => (member.Key, member.Value)),
                JsonArray { Count: > 0 } items when items.Any(item => item is JsonObject) => items.Select((item, i) => (FormattableString.Invariant($"{i}"), item)),
                _ => null,
            };
            if (members is null)
            {
                found[path] = node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "null";
                return;
            }

            foreach (var (name, value) in members)
            {
                Add(value, path.Length == 0 ? name : $"{path}.{name}");
            }
        }
    }
}
