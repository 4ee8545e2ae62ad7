using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional.Wire;

namespace Kta.Functional.Simulation;

/// <summary>A request with other numbers in what monitor and analyze have answered in it.</summary>
internal static class VariedRequest
{
    private const int Largest = 1 << 20;

    /// <summary>Multiplies the numbers; whole ones stay whole.</summary>
    /// <returns>The request, or null for one that is large or cannot be varied.</returns>
    internal static ReadOnlyMemory<byte>? Of(ReadOnlyMemory<byte> request, double factor)
    {
        if (request.Length > Largest)
        {
            return null;
        }

        try
        {
            var body = JsonNode.Parse(request.Span, documentOptions: JsonFormat.Parsing)!.AsObject();
            foreach (var result in (string[])[WireNames.MonitorResult.Value, WireNames.AnalyzeResult.Value])
            {
                body[result] = Scale(body[result], factor);
            }

            return Encoding.UTF8.GetBytes(body.ToJsonString());
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException or OverflowException)
        {
            // Members that stand twice, half a surrogate pair, numbers beyond every type.
            return null;
        }
    }

    private static JsonNode? Scale(JsonNode? node, double factor) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Scale(member.Value, factor)))),
        JsonArray items => new JsonArray([.. items.Select(item => Scale(item, factor))]),
        JsonValue value when value.TryGetValue(out long whole) => JsonValue.Create((long)Math.Round(whole * factor, MidpointRounding.AwayFromZero)),
        JsonValue value when value.TryGetValue(out double number) => JsonValue.Create(number * factor),
        _ => node?.DeepClone(),
    };
}
