using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>Whether the words of a JSON Schema have values that the words can have (draft 2020-12).</summary>
internal sealed class SchemaWords
{
    private const string ASchema = "a schema (an object, true or false)";

    private static readonly string[] s_types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private readonly JsonObject _root;

    private SchemaWords(JsonObject root) => _root = root;

    /// <summary>The first place that is wrong, what stands there, and what was expected; null if there is none.</summary>
    internal static Wrongness? Wrong(JsonObject schema) => new SchemaWords(schema).Schema(schema, "#");

    private Wrongness? Schema(JsonNode? schema, string place)
    {
        if (schema is not JsonObject words)
        {
            return Expect(schema?.GetValueKind() is JsonValueKind.True or JsonValueKind.False, schema, place, ASchema);
        }

        foreach (var (word, value) in words)
        {
            if (Word(word, value, $"{place}/{SchemaPointer.Part(word)}") is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    private Wrongness? Word(string word, JsonNode? value, string place) => word switch
    {
        "not" or "if" or "then" or "else" or "items" or "contains" or "additionalProperties" or "propertyNames"
            or "unevaluatedItems" or "unevaluatedProperties" or "contentSchema" => Schema(value, place),
        "allOf" or "anyOf" or "oneOf" or "prefixItems" => List(value, place, "a list of schemas, at least one", Schema),
        "properties" or "patternProperties" or "$defs" or "definitions" or "dependentSchemas" => Map(value, place, "an object with schemas", Schema),
        "type" => value is JsonArray
            ? List(value, place, "a list of types, at least one", Type)
            : Type(value, place),
        "required" => Texts(value, place),
        "dependentRequired" => Map(value, place, "an object with lists of names", Texts),
        "enum" or "examples" => Expect(value is JsonArray, value, place, "a list"),
        "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties" or "minContains" or "maxContains" =>
            Expect(IsNumber(value, out var count) && count >= 0 && count == Math.Truncate(count) && count <= int.MaxValue, value, place, "a whole number, 0 or more"),
        "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" => Expect(IsNumber(value, out _), value, place, "a number"),
        "multipleOf" => Expect(IsNumber(value, out var step) && step > 0, value, place, "a number above 0"),
        "uniqueItems" or "deprecated" or "readOnly" or "writeOnly" =>
            Expect(value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False, value, place, "true or false"),
        "title" or "description" or "format" or "pattern" or "$schema" or "$comment" or "$anchor" or "contentEncoding" or "contentMediaType" =>
            Expect(IsText(value), value, place, "a text"),
        "$id" => Expect(IsText(value) && place == "#/$id", value, place, "a text, and only at the root"),
        "$ref" => Expect(
            IsText(value) && value!.GetValue<string>() is var target && (target == "#" || target.StartsWith("#/", StringComparison.Ordinal))
            && SchemaPointer.Find(_root, target) is JsonObject or JsonValue,
            value, place, "a reference to a schema inside of this one, such as \"#\" or \"#/$defs/Name\""),
        "$dynamicRef" or "$recursiveRef" => new(place, value, "a plain $ref"),
        _ => null,
    };

    private static Wrongness? Type(JsonNode? type, string place) =>
        Expect(IsText(type) && s_types.Contains(type!.GetValue<string>()), type, place, $"one of {string.Join(", ", s_types)}");

    private static Wrongness? Texts(JsonNode? list, string place) =>
        list is JsonArray { Count: 0 } ? null
        : List(list, place, "a list of names", (name, at) => Expect(IsText(name), name, at, "the name of a member"));

    private static Wrongness? List(JsonNode? list, string place, string expected, Func<JsonNode?, string, Wrongness?> check) =>
        list is JsonArray { Count: > 0 } items
            ? items.Select((item, at) => check(item, FormattableString.Invariant($"{place}/{at}"))).FirstOrDefault(wrong => wrong is not null)
            : new(place, list, expected);

    private static Wrongness? Map(JsonNode? map, string place, string expected, Func<JsonNode?, string, Wrongness?> check) =>
        map is JsonObject members
            ? members.Select(member => check(member.Value, $"{place}/{SchemaPointer.Part(member.Key)}")).FirstOrDefault(wrong => wrong is not null)
            : new(place, map, expected);

    private static Wrongness? Expect(bool isRight, JsonNode? found, string place, string expected) => isRight ? null : new(place, found, expected);

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String;

    private static bool IsNumber(JsonNode? value, out double number)
    {
        number = 0;
        return value?.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out number);
    }
}

/// <summary>What is wrong with a schema.</summary>
/// <param name="Place">A JSON pointer.</param>
/// <param name="Found">What stands there.</param>
/// <param name="Expected">What can stand there.</param>
internal sealed record Wrongness(string Place, JsonNode? Found, string Expected);
