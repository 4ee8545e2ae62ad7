using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Writes a plan as the operator wants it: one entry per node, each with exactly <c>parallelism</c>.</summary>
internal static class PlanWriter
{
    private const int LongestNumber = 11;

    /// <summary>Writes the whole reply: keys are written as they came, so there is nothing left to escape.</summary>
    internal static void Write(Plan plan, IBufferWriter<byte> output)
    {
        var lead = "{"u8;
        foreach (var (node, parallelism) in plan.ByNode)
        {
            output.Write(lead);
            output.Write(node.QuotedKey);
            output.Write(":{\"parallelism\":"u8);
            Utf8Formatter.TryFormat(parallelism, output.GetSpan(LongestNumber), out var digits);
            output.Advance(digits);
            lead = "},"u8;
        }

        output.Write(plan.Count == 0 ? "{}"u8 : "}}"u8);
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
