using System.Buffers;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Recording;

/// <summary>The minimum and maximum of the policy, which no request tells: given, or learned where the recording shows them.</summary>
/// <remarks>They show where another parallelism was applied than was planned. Learned for each topology, as a server may have several policies.</remarks>
internal sealed class AppliedBounds(int? min, int? max)
{
    private readonly Dictionary<string, (int Min, int Max)> _learned = [];
    private string _topology = "";

    /// <summary>Looks at the newest entry of a recorded history; the older ones were new once.</summary>
    internal void Learn(JsonElement request)
    {
        _topology = request.TryGetProperty(WireNames.Topology.EncodedUtf8Bytes, out var topology) ? topology.GetRawText() : "";
        var isFirst = !_learned.TryGetValue(_topology, out var bounds);
        bounds = isFirst ? (1, int.MaxValue) : bounds;
        if (request.TryGetProperty(WireNames.ResultHistory.EncodedUtf8Bytes, out var history) && history.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in isFirst ? history.EnumerateArray() : history.EnumerateArray().Take(1))
            {
                bounds = With(bounds, entry);
            }
        }

        _learned[_topology] = bounds;
    }

    /// <summary>What the operator would have applied of a plan for the latest request: an object of nodes and numbers.</summary>
    internal ReadOnlyMemory<byte> Apply(ReadOnlyMemory<byte> plan)
    {
        var (least, most) = _learned.GetValueOrDefault(_topology, (1, int.MaxValue));
        var output = new ArrayBufferWriter<byte>(plan.Length);
        using var document = JsonDocument.Parse(plan);
        using (var writer = new Utf8JsonWriter(output, JsonFormat.Writing))
        {
            writer.WriteStartObject();
            foreach (var node in document.RootElement.EnumerateObject())
            {
                var planned = node.Value.GetProperty(WireNames.Parallelism.EncodedUtf8Bytes).GetInt32();
                writer.WriteNumber(node.Name, Math.Min(Math.Max(planned, min ?? least), max ?? most));
            }

            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    private static (int Min, int Max) With((int Min, int Max) bounds, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty(WireNames.PlanResult.EncodedUtf8Bytes, out var plan)
            || !entry.TryGetProperty(WireNames.Parallelism.EncodedUtf8Bytes, out var applied)
            || plan.ValueKind != JsonValueKind.Object
            || applied.ValueKind != JsonValueKind.Object)
        {
            return bounds;
        }

        foreach (var node in applied.EnumerateObject())
        {
            if (node.Value.ValueKind == JsonValueKind.Number
                && node.Value.TryGetInt32(out var count)
                && plan.TryGetProperty(node.Name, out var result)
                && result.ValueKind == JsonValueKind.Object
                && result.TryGetProperty(WireNames.Parallelism.EncodedUtf8Bytes, out var number)
                && number.ValueKind == JsonValueKind.Number
                && number.TryGetInt32(out var planned))
            {
                bounds = planned > count ? (bounds.Min, count) : planned < count ? (count, bounds.Max) : bounds;
            }
        }

        return bounds;
    }
}
