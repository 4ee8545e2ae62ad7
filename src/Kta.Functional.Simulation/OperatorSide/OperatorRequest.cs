using System.Buffers;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Simulation;

/// <summary>The body of a call as the operator writes it: six members, always present, always in this order.</summary>
public sealed class OperatorRequest
{
    /// <summary>The result that says "none".</summary>
    public static ReadOnlyMemory<byte> Nothing { get; } = "{}"u8.ToArray();

    /// <summary>The id of the iteration.</summary>
    public required string Id { get; init; }

    /// <summary>When the iteration started, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UdfStartTimestampMillis { get; init; }

    /// <summary>The nodes of the policy.</summary>
    public required Topology Topology { get; init; }

    /// <summary>What monitor answered, one JSON object in UTF-8; <see cref="Nothing"/> in monitor itself.</summary>
    public ReadOnlyMemory<byte> MonitorResult { get => Monitor.Json; init => Monitor = new(value); }

    /// <summary>What analyze answered, one JSON object in UTF-8; <see cref="Nothing"/> before plan and without analyze.</summary>
    public ReadOnlyMemory<byte> AnalyzeResult { get => Analyze.Json; init => Analyze = new(value); }

    /// <summary>The earlier iterations, newest first.</summary>
    public IReadOnlyList<FinishedIteration> History { get; init; } = [];

    /// <summary>What the writer asks for at a time, and what stands around history and results.</summary>
    private const int Slack = 8 * 1024;

    internal static HandedResult HandedNothing { get; } = new(Nothing);

    internal HandedResult Monitor { get; init; } = HandedNothing;

    internal HandedResult Analyze { get; init; } = HandedNothing;

    /// <summary>The body in UTF-8.</summary>
    public ReadOnlyMemory<byte> ToUtf8()
    {
        var output = new ArrayBufferWriter<byte>(Slack + MonitorResult.Length + AnalyzeResult.Length + History.Sum(entry => entry.ToUtf8().Length + 1));
        using (var writer = new Utf8JsonWriter(output, JsonFormat.Joining))
        {
            writer.WriteStartObject();
            writer.WriteString(WireNames.Id, Id);
            writer.WriteNumber(WireNames.Start, UdfStartTimestampMillis);
            writer.WriteStartArray(WireNames.Topology);
            foreach (var node in Topology)
            {
                writer.WriteRawValue(node.Key, skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WritePropertyName(WireNames.MonitorResult);
            writer.WriteRawValue(MonitorResult.Span, skipInputValidation: true);
            writer.WritePropertyName(WireNames.AnalyzeResult);
            writer.WriteRawValue(AnalyzeResult.Span, skipInputValidation: true);
            writer.WriteStartArray(WireNames.ResultHistory);
            foreach (var entry in History)
            {
                writer.WriteRawValue(entry.ToUtf8().Span, skipInputValidation: true);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
