using System.Text;
using System.Text.Json;

namespace Kta.Functional;

/// <summary>
/// The first place where two replies differ. Numbers are compared as numbers, the order of members does not matter, and
/// names that are topology nodes are compared as nodes.
/// </summary>
internal sealed record JsonDifference(string Path, string Recorded, string Replayed)
{
    private const string Nothing = "(nothing)";

    internal static JsonDifference? First(ReadOnlyMemory<byte> recorded, ReadOnlyMemory<byte> replayed)
    {
        if (recorded.Span.SequenceEqual(replayed.Span))
        {
            return null;
        }

        try
        {
            using var a = JsonDocument.Parse(recorded, JsonFormat.Parsing);
            using var b = JsonDocument.Parse(replayed, JsonFormat.Parsing);
            return First(a.RootElement, b.RootElement, "$");
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Not JSON, or text that is not Unicode: only the same bytes are the same.
            return new("$", Encoding.UTF8.GetString(recorded.Span), Encoding.UTF8.GetString(replayed.Span));
        }
    }

    private static JsonDifference? First(JsonElement recorded, JsonElement replayed, string path) =>
        (recorded.ValueKind, replayed.ValueKind) switch
        {
            (JsonValueKind.Object, JsonValueKind.Object) => FirstMember(recorded, replayed, path),
            (JsonValueKind.Array, JsonValueKind.Array) => FirstItem(recorded, replayed, path),
            _ => JsonElement.DeepEquals(recorded, replayed) ? null : new(path, recorded.GetRawText(), replayed.GetRawText()),
        };

    private static JsonDifference? FirstMember(JsonElement recorded, JsonElement replayed, string path)
    {
        var others = Members(replayed);
        foreach (var (name, value) in Members(recorded))
        {
            var inner = path + StepTo(name);
            if (!others.Remove(name, out var other))
            {
                return new(inner, value.GetRawText(), Nothing);
            }

            if (First(value, other, inner) is { } difference)
            {
                return difference;
            }
        }

        return others.Count > 0 && others.First() is var (added, more) ? new(path + StepTo(added), Nothing, more.GetRawText()) : null;
    }

    private static JsonDifference? FirstItem(JsonElement recorded, JsonElement replayed, string path)
    {
        var (length, other) = (recorded.GetArrayLength(), replayed.GetArrayLength());
        for (var i = 0; i < Math.Max(length, other); i++)
        {
            var inner = $"{path}[{i}]";
            var difference = i >= length ? new(inner, Nothing, replayed[i].GetRawText())
                : i >= other ? new(inner, recorded[i].GetRawText(), Nothing)
                : First(recorded[i], replayed[i], inner);
            if (difference is not null)
            {
                return difference;
            }
        }

        return null;
    }

    private static OrderedDictionary<string, JsonElement> Members(JsonElement element)
    {
        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            members[NodeOf(member.Name)?.Key ?? member.Name] = member.Value;
        }

        return members;
    }

    private static TopologyNode? NodeOf(string name) => name.StartsWith('{') ? NodeNotation.ParseKey(name).Node : null;

    private static string StepTo(string name)
    {
        var isPlain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        return isPlain ? $".{name}" : $"['{NodeOf(name)?.ToString() ?? name}']";
    }
}
