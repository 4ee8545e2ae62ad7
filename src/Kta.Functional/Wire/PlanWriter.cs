using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Writes a plan as the operator wants it: one entry per node, each with exactly <c>parallelism</c>.</summary>
internal static class PlanWriter
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    internal static void Write(Plan plan, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        Write(plan, writer);
    }

    internal static void Write(IReadOnlyDictionary<TopologyNode, int> plan, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var (node, parallelism) in plan)
        {
            writer.WriteStartObject(node.Key);
            writer.WriteNumber(WireNames.Parallelism, parallelism);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
