using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>A JSON Schema that somebody has written.</summary>
internal static class GivenSchema
{
    /// <exception cref="ArgumentException">It is none that a result can fit.</exception>
    internal static JsonNode Parse(string json, Type result)
    {
        JsonNode? schema;
        try
        {
            schema = JsonNode.Parse(json, documentOptions: new() { MaxDepth = JsonFormat.DeepestNesting, AllowDuplicateProperties = false });
        }
        catch (JsonException error)
        {
            throw Refusal(result, $"is not JSON ({JsonErrorText.Describe(error)})");
        }

        return schema?.GetValueKind() switch
        {
            JsonValueKind.True => schema,
            JsonValueKind.False => throw Refusal(result, "is false, which nothing fits"),
            JsonValueKind.Object => Checked(schema.AsObject(), result),
            var kind => throw Refusal(result, $"is {JsonErrorText.Name(kind ?? JsonValueKind.Null)}"),
        };
    }

    private static JsonObject Checked(JsonObject schema, Type result)
    {
        if (SchemaWords.Wrong(schema) is { } wrong)
        {
            throw Refusal(result, $"has {SafeExcerpt.Of(wrong.Found?.ToJsonString() ?? "null")} at {SafeExcerpt.Of(wrong.Place)}, where {wrong.Expected} is expected");
        }

        if (schema["not"] is { } not && (not.GetValueKind() == JsonValueKind.True || not is JsonObject { Count: 0 }))
        {
            throw Refusal(result, $"has \"not\": {not.ToJsonString()}, which nothing fits");
        }

        var isObject = schema["type"] switch
        {
            null => true,
            JsonArray types => types.Any(type => type!.GetValue<string>() == "object"),
            var type => type.GetValue<string>() == "object",
        };
        return isObject ? schema : throw Refusal(result, $"has the type {schema["type"]!.ToJsonString()}, and a result is always an object");
    }

    private static ArgumentException Refusal(Type result, string what) => new(
        $"The schema of {TypeText.Of(result)} {what}. It has to be the text of a JSON Schema of an object, such as " +
        """{"type":"object","properties":{"rate":{"type":"number"}}}, or true.""");
}
