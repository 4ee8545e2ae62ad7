using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>Makes values that fit a JSON Schema: what is given as an example, or the simplest thing.</summary>
internal sealed class SchemaExample
{
    private const int DeepestLevel = 12;
    private const int MostParts = 10_000;

    private static readonly string[] s_combinations = ["allOf", "anyOf", "oneOf"];

    private readonly JsonObject _root;

    /// <summary>A few references to the whole multiply at every level.</summary>
    private int _parts;

    private SchemaExample(JsonObject root) => _root = root;

    /// <summary>Objects that fit, the best ones first; the last one is empty.</summary>
    internal static IEnumerable<JsonObject> Of(JsonNode? schema)
    {
        if (schema is JsonObject root)
        {
            foreach (var given in root["examples"] as JsonArray ?? [])
            {
                if (given is JsonObject example)
                {
                    yield return (JsonObject)example.DeepClone();
                }
            }

            if (new SchemaExample(root).Make(root, 0) is JsonObject made)
            {
                yield return made;
            }
        }

        yield return [];
    }

    private JsonNode? Make(JsonNode? schema, int depth)
    {
        if (++_parts > MostParts)
        {
            throw new InvalidOperationException("There is no end to an example of the schema.");
        }

        if (schema is not JsonObject rules)
        {
            return "text";
        }

        if (rules["$ref"] is JsonValue reference)
        {
            return depth >= DeepestLevel ? null : Make(SchemaPointer.Find(_root, reference.GetValue<string>()), depth + 1);
        }

        if (rules["const"] is { } one)
        {
            return one.DeepClone();
        }

        if (Given(rules) is { } given)
        {
            return given.DeepClone();
        }

        var parts = s_combinations.Select(word => rules[word] as JsonArray).FirstOrDefault(any => any is { Count: > 0 });
        if (parts is not null)
        {
            return Combined(rules, parts, depth);
        }

        return rules["type"] is JsonArray types ? OfType(rules, Simplest(types), depth)
            : rules["type"] is JsonValue type ? OfType(rules, type.GetValue<string>(), depth)
            : rules["properties"] is JsonObject ? OfType(rules, "object", depth)
            : "text";
    }

    /// <summary>Numbers may be written as text by choice, and null is no example.</summary>
    private static string Simplest(JsonArray types)
    {
        var names = types.Select(type => type!.GetValue<string>()).ToList();
        return names.Find(name => name is "integer" or "number") ?? names.Find(name => name != "null") ?? "null";
    }

    private static JsonNode? Given(JsonObject rules) =>
        (rules["examples"] as JsonArray)?.FirstOrDefault() ?? (rules["enum"] as JsonArray)?.FirstOrDefault() ?? rules["default"];

    private JsonNode? Combined(JsonObject rules, JsonArray parts, int depth)
    {
        var made = Make(parts[0], depth + 1);
        if (made is not JsonObject members)
        {
            return made;
        }

        foreach (var part in rules["allOf"] is JsonArray ? parts.Skip(1) : [])
        {
            Add(members, Make(part, depth + 1));
        }

        Add(members, rules["properties"] is JsonObject ? OfType(rules, "object", depth) : null);
        return members;
    }

    private static void Add(JsonObject members, JsonNode? more)
    {
        foreach (var (name, value) in more as JsonObject ?? [])
        {
            members.TryAdd(name, value?.DeepClone());
        }
    }

    private JsonNode? OfType(JsonObject rules, string type, int depth) => type switch
    {
        "object" => Members(rules, depth),
        "array" => new JsonArray(IsDeep(rules["items"], depth) ? [] : [Make(rules["items"], depth + 1)]),
        "boolean" => true,
        "integer" or "number" => Number(rules),
        "null" => null,
        _ => Text(rules),
    };

    private JsonObject Members(JsonObject rules, int depth)
    {
        var members = new JsonObject();
        var required = (rules["required"] as JsonArray)?.Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
        foreach (var (name, schema) in rules["properties"] as JsonObject ?? [])
        {
            if (required.Contains(name) || !(IsDeep(schema, depth) || IsComputed(schema)))
            {
                members[name] = IsDeep(schema, depth) && IsNullable(schema) ? null : Make(schema, depth + 1);
            }
        }

        if (rules["additionalProperties"] is JsonObject rest && !IsDeep(rest, depth))
        {
            members[Key(rules["propertyNames"] as JsonObject)] = Make(rest, depth + 1);
        }

        return members;
    }

    /// <summary>Whether a type may be inside of itself: one level is enough to see that.</summary>
    private static bool IsDeep(JsonNode? schema, int depth) =>
        depth > 2 && schema is JsonObject rules && (rules.ContainsKey("$ref") || (rules["anyOf"] as JsonArray)?.Any(one => IsDeep(one, depth)) == true);

    private static bool IsNullable(JsonNode? schema) =>
        (schema?["anyOf"] as JsonArray)?.Any(one => one?["type"] is JsonValue type && type.GetValueKind() == JsonValueKind.String && type.GetValue<string>() == "null") == true;

    private static bool IsComputed(JsonNode? schema) => schema?["readOnly"] is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    private static string Key(JsonObject? names) => names is null ? "key" : Text(names).GetValue<string>();

    private static JsonValue Number(JsonObject rules)
    {
        var least = rules["minimum"] is JsonValue minimum && minimum.TryGetValue<decimal>(out var low) ? low : 0;
        var most = rules["maximum"] is JsonValue maximum && maximum.TryGetValue<decimal>(out var high) ? high : decimal.MaxValue;
        return JsonValue.Create(Math.Clamp(1, least, Math.Max(least, most)));
    }

    private static JsonValue Text(JsonObject rules) => JsonValue.Create(
        Given(rules) is JsonValue given && given.GetValueKind() == JsonValueKind.String ? given.GetValue<string>() : OfFormat(rules));

    private static string OfFormat(JsonObject rules) => rules["format"]?.GetValue<string>() switch
    {
        "date-time" => "2026-01-01T12:00:00Z",
        "date" => "2026-01-01",
        "time" => "12:00:00",
        "uuid" => "6b86b273-ff34-4e1f-b1f8-9ed2ab0f8d4c",
        "uri" or "uri-reference" => "https://example.com/",
        _ => rules["maxLength"] is JsonValue length && length.TryGetValue<int>(out var most) && most < 4 ? "text"[..most] : "text",
    };
}
