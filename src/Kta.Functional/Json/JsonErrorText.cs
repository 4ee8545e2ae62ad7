using System.Text.Json;

namespace Kta.Functional;

/// <summary>Words for what is wrong with a piece of JSON.</summary>
internal static class JsonErrorText
{
    internal static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "an object",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "nothing",
    };

    internal static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "a list",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        _ => "nothing",
    };

    /// <summary>A name that an object has twice; other readers take the first member of that name, or the last.</summary>
    internal static string? NameTwice(JsonElement members)
    {
        var count = members.GetPropertyCount();
        if (count < 2)
        {
            return null;
        }

        var seen = new HashSet<string>(count, StringComparer.Ordinal);
        return members.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !seen.Add(name));
    }

    /// <summary>Where a text has a name twice, if it has one.</summary>
    internal static string? PathTwice(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, JsonFormat.Parsing);
        return PathTwice(document.RootElement, "$");
    }

    private static string? PathTwice(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => NameTwice(element) is { } name
            ? $"{path}.{name}"
            : element.EnumerateObject().Select(member => PathTwice(member.Value, $"{path}.{member.Name}")).FirstOrDefault(found => found is not null),
        JsonValueKind.Array => element.EnumerateArray().Select((item, i) => PathTwice(item, $"{path}[{i}]")).FirstOrDefault(found => found is not null),
        _ => null,
    };

    /// <summary>The library's sentence without the location that it appends; we give our own.</summary>
    internal static string Describe(JsonException error)
    {
        var text = error.Message;
        foreach (var tail in (ReadOnlySpan<string>)[" Path: ", " LineNumber: "])
        {
            if (text.IndexOf(tail, StringComparison.Ordinal) is > 0 and var at)
            {
                text = text[..at];
            }
        }

        return text.TrimEnd('.', ' ', '|');
    }
}
