using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Words for what is wrong with a piece of JSON.</summary>
internal static class JsonTroubles
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
