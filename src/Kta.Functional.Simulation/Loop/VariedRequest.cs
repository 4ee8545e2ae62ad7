using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional.Simulation;

/// <summary>A request with other numbers in what monitor and analyze have answered in it.</summary>
internal static class VariedRequest
{
    /// <summary>Multiplies the numbers; whole ones stay whole.</summary>
    /// <returns>The request, or null for one that cannot be varied.</returns>
    internal static OperatorRequest? Of(OperatorRequest request, double factor)
    {
        try
        {
            return new OperatorRequest
            {
                Id = request.Id,
                UdfStartTimestampMillis = request.UdfStartTimestampMillis,
                Topology = request.Topology,
                History = request.History,
                MonitorResult = Scale(request.MonitorResult, factor),
                AnalyzeResult = Scale(request.AnalyzeResult, factor),
            };
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException or OverflowException)
        {
            // Half a surrogate pair, numbers beyond every type.
            return null;
        }
    }

    private static byte[] Scale(ReadOnlyMemory<byte> result, double factor) =>
        Encoding.UTF8.GetBytes(Scale(Codec.Untyped.Read(result.Span), factor)!.ToJsonString());

    private static JsonNode? Scale(JsonNode? node, double factor) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Scale(member.Value, factor)))),
        JsonArray items => new JsonArray([.. items.Select(item => Scale(item, factor))]),
        JsonValue value when value.TryGetValue(out long whole) => JsonValue.Create((long)Math.Round(whole * factor, MidpointRounding.AwayFromZero)),
        JsonValue value when value.TryGetValue(out double number) => JsonValue.Create(number * factor),
        _ => node?.DeepClone(),
    };
}
