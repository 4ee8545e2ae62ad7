using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>The JSON Schemas of single values, without null.</summary>
internal static class ValueSchema
{
    private const string UuidPattern = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$";
    private const string TimeSpanPattern = @"^-?(\d{1,8}\.)?([01]?\d|2[0-3]):[0-5]?\d:[0-5]?\d(\.\d{1,7})?$";

    private const string DatePattern = @"^\d{4}-\d{2}-\d{2}$";
    private const string TimePattern = @"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,7})?)?$";
    private const string MomentPattern = @"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,16})?)?(Z|[+-]\d{2}:\d{2})?)?$";

    /// <summary>Digits as text, and as the names of members.</summary>
    internal const string WholePattern = "^[+-]?[0-9]+$";

    /// <summary>Values that are text of a certain form. Formats are no more than hints, so there are patterns.</summary>
    internal static IReadOnlyDictionary<Type, (string Pattern, string Example)> Texts { get; } = new Dictionary<Type, (string Pattern, string Example)>
    {
        [typeof(Guid)] = (UuidPattern, "6b86b273-ff34-4e1f-b1f8-9ed2ab0f8d4c"),
        [typeof(TimeSpan)] = (TimeSpanPattern, "00:00:30"),
        [typeof(DateTime)] = (MomentPattern, "2026-01-01T12:00:00Z"),
        [typeof(DateTimeOffset)] = (MomentPattern, "2026-01-01T12:00:00Z"),
        [typeof(DateOnly)] = (DatePattern, "2026-01-01"),
        [typeof(TimeOnly)] = (TimePattern, "12:00:00"),
        [typeof(Version)] = (@"^\d+(\.\d+){1,3}$", "1.0"),
    };

    internal static JsonObject Of(JsonTypeInfo type) =>
        type.Converter is ISchemaOwner known ? known.DescribeSchema(type.Type)
        : !ObjectFields.IsOfFramework(type.Converter.GetType()) ? Unknown(type.Type, TypeText.Of(type.Converter.GetType()))
        : Exported(type);

    /// <summary>A value that a member reads with a converter of its own.</summary>
    internal static JsonObject With(JsonConverter converter, JsonPropertyInfo member, JsonSerializerOptions options)
    {
        var value = Nullable.GetUnderlyingType(member.PropertyType);
        // What is put on a nullable member System.Text.Json hides in a converter of its own.
        var reader = value is not null && ObjectFields.IsOfFramework(converter.GetType()) ? Named(member) : converter;
        if (reader is null || !ObjectFields.IsOfFramework(reader.GetType()))
        {
            return Unknown(member.PropertyType, TypeText.Of((reader ?? converter).GetType()));
        }

        var own = new JsonSerializerOptions(options);
        own.Converters.Insert(0, reader);
        var schema = Of(own.GetTypeInfo(value ?? member.PropertyType));
        return value is null ? schema : OrNull(schema);
    }

    /// <summary>The converter that an attribute names; null if there is none.</summary>
    private static JsonConverter? Named(JsonPropertyInfo member) =>
        member.AttributeProvider?.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: true) is not [JsonConverterAttribute attribute, ..] ? null
        : attribute.ConverterType is { } type ? (JsonConverter?)Activator.CreateInstance(type)
        : attribute.CreateConverter(member.PropertyType);

    /// <summary>Any value, and why there is no more to say.</summary>
    internal static JsonObject Unknown(Type type, string reader) => new()
    {
        ["description"] = $"A {TypeText.Of(type)}, read by {reader} whose schema is not known. WithSchema on the codec of the result tells it.",
    };

    /// <summary>A whole number, and how far it goes.</summary>
    internal static JsonObject Whole(Type type, decimal least, decimal most, bool isTextToo)
    {
        var schema = new JsonObject { ["type"] = isTextToo ? new JsonArray("integer", "string") : "integer" };
        if (type == typeof(int) || type == typeof(long))
        {
            schema["format"] = type == typeof(int) ? "int32" : "int64";
        }

        schema["minimum"] = least;
        schema["maximum"] = most;
        if (isTextToo)
        {
            schema["pattern"] = WholePattern;
        }

        return schema;
    }

    /// <summary>The same, or null.</summary>
    internal static JsonObject OrNull(JsonObject schema)
    {
        switch (schema["type"])
        {
            case null when !schema.Any(word => word.Key is "$ref" or "anyOf"):
                // Whatever it is, null too.
                return schema;
            case JsonValue type when !schema.ContainsKey("enum") && !schema.ContainsKey("anyOf"):
                schema["type"] = new JsonArray(type.GetValue<string>(), "null");
                return schema;
            case JsonArray types when !schema.ContainsKey("enum") && !schema.ContainsKey("anyOf"):
                if (types.All(type => type!.GetValue<string>() != "null"))
                {
                    types.Add((JsonNode)"null");
                }

                return schema;
            case null when schema["anyOf"] is JsonArray any:
                if (!any.Any(one => JsonNode.DeepEquals(one, Null())))
                {
                    any.Add((JsonNode)Null());
                }

                return schema;
            default:
                return new() { ["anyOf"] = new JsonArray(schema, Null()) };
        }
    }

    private static JsonObject Null() => new() { ["type"] = "null" };

    private static JsonObject Exported(JsonTypeInfo type)
    {
        if (type.Type == typeof(JsonNode) || type.Type == typeof(JsonValue))
        {
            // null is none of them.
            return new()
            {
                ["type"] = type.Type == typeof(JsonValue)
                    ? new JsonArray("string", "number", "boolean")
                    : new JsonArray("object", "array", "string", "number", "boolean"),
            };
        }

        var options = new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true };
        if (type.GetJsonSchemaAsNode(options) is not JsonObject schema)
        {
            // Whatever it is: it is read.
            return [];
        }

        return schema.ContainsKey("not") ? Unknown(type.Type, "a converter") : Exact(type, schema);
    }

    /// <summary>The exporter says for several values less than is read, and for some more.</summary>
    private static JsonObject Exact(JsonTypeInfo type, JsonObject schema)
    {
        var value = type.Type;
        if (value.IsEnum)
        {
            return OfEnum(type, schema);
        }

        if (WholeNumbers.Limits(value) is { } limits)
        {
            (schema["minimum"], schema["maximum"]) = (limits.Least, limits.Most);
        }
        else if (value == typeof(decimal))
        {
            (schema["minimum"], schema["maximum"]) = (decimal.MinValue, decimal.MaxValue);
        }
        else if (Texts.TryGetValue(value, out var text))
        {
            schema.Remove("$comment");
            schema["pattern"] = text.Pattern;
            schema["examples"] = new JsonArray(text.Example);
        }
        else if (value == typeof(Uri))
        {
            schema["format"] = "uri-reference";
        }
        else if (value == typeof(byte[]) || value == typeof(Memory<byte>) || value == typeof(ReadOnlyMemory<byte>))
        {
            schema["contentEncoding"] = "base64";
        }

        return schema;
    }

    private static JsonObject OfEnum(JsonTypeInfo type, JsonObject schema)
    {
        var (least, most) = WholeNumbers.Limits(Enum.GetUnderlyingType(type.Type))!.Value;
        var number = new JsonObject { ["type"] = "integer", ["minimum"] = least, ["maximum"] = most };
        if (schema["type"]?.GetValueKind() == JsonValueKind.String && schema["type"]!.GetValue<string>() == "integer")
        {
            number["description"] = string.Join(
                ", ", Enum.GetNames(type.Type).Zip(Enum.GetValuesAsUnderlyingType(type.Type).Cast<object>(), (name, value) => FormattableString.Invariant($"{value}: {name}")));
            return number;
        }

        schema["type"] = "string";
        return IsRead(type, "0"u8) ? new() { ["anyOf"] = new JsonArray(schema, number) } : schema;
    }

    internal static bool IsRead(JsonTypeInfo type, ReadOnlySpan<byte> json)
    {
        try
        {
            JsonSerializer.Deserialize(json, type);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
