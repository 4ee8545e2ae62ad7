using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional;

internal sealed class UntypedCodec : ResultCodec<JsonObject>
{
    public override JsonNode? DescribeSchema() => new JsonObject { ["type"] = "object" };

    public override void Write(JsonObject value, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(
            output,
            JsonFormat.Writing);
        try
        {
            value.WriteTo(writer, DefaultJson.Options);
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or NotSupportedException or JsonException)
        {
            throw new UdfResultException($"the result cannot be written as JSON: {ThrownText.MessageOf(error)}", error);
        }
    }

    public override JsonObject Read(ReadOnlySpan<byte> json) => Read(json, lastCounts: false);

    /// <param name="json">The text of an object.</param>
    /// <param name="lastCounts">Whether the last of two members with one name counts, as for Java, or none.</param>
    internal static JsonObject Read(ReadOnlySpan<byte> json, bool lastCounts)
    {
        var reader = new Utf8JsonReader(json, JsonFormat.Reading);
        try
        {
            // Not JsonNode.Parse: its lazily built members fail on names that occur twice when they are looked at.
            return (JsonObject)Build(ref reader, lastCounts)!;
        }
        catch (JsonException error)
        {
            throw new UnreadableResultException(error.Path ?? "$", JsonErrorText.Describe(error));
        }
    }

    private static JsonNode? Build(ref Utf8JsonReader reader, bool lastCounts)
    {
        if (reader.TokenType == JsonTokenType.None)
        {
            reader.Read();
        }

        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new JsonObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = Text(ref reader);
                    if (!lastCounts && members.ContainsKey(name))
                    {
                        throw new JsonException($"the member '{SafeExcerpt.Of(name)}' stands there twice");
                    }

                    reader.Read();
                    members[name] = Build(ref reader, lastCounts);
                }

                return members;
            case JsonTokenType.StartArray:
                var items = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Build(ref reader, lastCounts));
                }

                return items;
            case JsonTokenType.String:
                return JsonValue.Create(Text(ref reader));
            case JsonTokenType.True or JsonTokenType.False:
                return JsonValue.Create(reader.GetBoolean());
            case JsonTokenType.Number:
                using (var number = JsonDocument.ParseValue(ref reader))
                {
                    return JsonValue.Create(number.RootElement.Clone());
                }

            default:
                return null;
        }
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw new JsonException("a text holds half a surrogate pair");
        }
    }
}
