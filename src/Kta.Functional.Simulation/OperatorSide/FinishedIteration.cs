using System.Buffers;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Simulation;

/// <summary>An iteration whose steps all succeeded, as the operator keeps it in its history.</summary>
public sealed class FinishedIteration
{
    private byte[]? _json;

    /// <summary>The id of the iteration.</summary>
    public required string Id { get; init; }

    /// <summary>When monitor was called, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UdfStartTimestampMillis { get; init; }

    /// <summary>When plan had answered, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UdfEndTimestampMillis { get; init; }

    /// <summary>What monitor answered, one JSON object in UTF-8.</summary>
    public required ReadOnlyMemory<byte> MonitorResult { get; init; }

    /// <summary>What analyze answered, one JSON object in UTF-8; <c>{}</c> without analyze.</summary>
    public required ReadOnlyMemory<byte> AnalyzeResult { get; init; }

    /// <summary>What plan asked for, before clamping.</summary>
    public required IReadOnlyDictionary<TopologyNode, int> PlanResult { get; init; }

    /// <summary>What is applied, after clamping.</summary>
    public required IReadOnlyDictionary<TopologyNode, int> Parallelism { get; init; }

    /// <summary>Why the plan is as it is, if that is known; no part of the history.</summary>
    internal Explanation? Explanation { get; init; }

    /// <summary>The history entry in UTF-8, members in the operator's order.</summary>
    public ReadOnlyMemory<byte> ToUtf8() => _json ??= Write();

    private byte[] Write()
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(output, JsonFormat.Joining))
        {
            writer.WriteStartObject();
            writer.WriteString(WireNames.Id, Id);
            writer.WriteNumber(WireNames.Start, UdfStartTimestampMillis);
            writer.WriteNumber(WireNames.End, UdfEndTimestampMillis);
            writer.WritePropertyName(WireNames.MonitorResult);
            writer.WriteRawValue(MonitorResult.Span, skipInputValidation: true);
            writer.WritePropertyName(WireNames.AnalyzeResult);
            writer.WriteRawValue(AnalyzeResult.Span, skipInputValidation: true);
            writer.WritePropertyName(WireNames.PlanResult);
            PlanWriter.Write(PlanResult, writer);
            writer.WriteStartObject(WireNames.Parallelism);
            foreach (var (node, parallelism) in Parallelism)
            {
                writer.WriteNumber(node.Key, parallelism);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
