using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional.Wire;

/// <summary>
/// What becomes of a result on its way through the operator, which reads it into Java maps and writes it again:
/// <c>1e3</c> comes back as <c>1000.0</c>, <c>10000000.0</c> as <c>1.0E7</c>, <c>1E400</c> as the text <c>"Infinity"</c>, and of a
/// name that occurs twice the last value counts. Integers of any length, <c>null</c> and the order of members survive.
/// </summary>
public static class JavaJson
{
    /// <summary>Reads and writes a JSON object as Java's Jackson does.</summary>
    /// <param name="json">One JSON object in UTF-8.</param>
    /// <returns>The object in UTF-8 as it arrives at the next step.</returns>
    /// <exception cref="FormatException">The text is not a JSON object.</exception>
    public static ReadOnlyMemory<byte> RoundTrip(ReadOnlySpan<byte> json)
    {
        var output = new ArrayBufferWriter<byte>(Math.Max(json.Length, 16));
        using (var writer = new Utf8JsonWriter(output, JsonFormat.Writing))
        {
            Write(UntypedCodec.Read(json, lastCounts: true), writer);
        }

        // The writer asks for 4 KiB at a time: what is kept for a history has to be no longer than it is.
        return output.WrittenSpan.ToArray();
    }

    private static void Write(JsonNode? node, Utf8JsonWriter writer)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members)
                {
                    writer.WritePropertyName(name);
                    Write(value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.Number:
                WriteNumber(value.ToJsonString(), writer);
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    private static void WriteNumber(string text, Utf8JsonWriter writer)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') < 0)
        {
            writer.WriteRawValue(BigInteger.Parse(text, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture));
            return;
        }

        var number = double.Parse(text, CultureInfo.InvariantCulture);
        if (double.IsFinite(number))
        {
            writer.WriteRawValue(JavaDouble.ToText(number));
        }
        else
        {
            writer.WriteStringValue(number > 0 ? "Infinity" : "-Infinity");
        }
    }
}
