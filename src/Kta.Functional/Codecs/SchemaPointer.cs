using System.Globalization;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>References into a schema: <c>#</c> and a JSON pointer, written as part of an address.</summary>
internal static class SchemaPointer
{
    /// <summary>The names on the way.</summary>
    internal static IEnumerable<string> Parts(string reference) =>
        reference.TrimStart('#').Split('/').Skip(1).Select(part => Uri.UnescapeDataString(part)
            .Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

    /// <summary>A name as a part of a reference.</summary>
    internal static string Part(string name) => Uri.EscapeDataString(
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)).Replace("%24", "$", StringComparison.Ordinal);

    /// <summary>What a reference leads to; null if it is nothing.</summary>
    internal static JsonNode? Find(JsonNode root, string reference)
    {
        JsonNode? place = root;
        foreach (var name in Parts(reference))
        {
            place = place is JsonArray items
                ? int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < items.Count ? items[index] : null
                : (place as JsonObject)?[name];
        }

        return place;
    }
}
