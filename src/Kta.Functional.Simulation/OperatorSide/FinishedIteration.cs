using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Simulation;

/// <summary>An iteration whose steps all succeeded, as the operator keeps it in its history.</summary>
public sealed class FinishedIteration : IHandedEntry
{
    private byte[]? _json;

    /// <summary>An iteration whose members are set one by one.</summary>
    public FinishedIteration()
    {
    }

    /// <summary>An iteration with results that are handed over.</summary>
    [SetsRequiredMembers]
    internal FinishedIteration(
        OperatorRequest request, long end, HandedResult monitor, HandedResult analyze, IReadOnlyDictionary<TopologyNode, int> plan, IReadOnlyDictionary<TopologyNode, int> parallelism)
    {
        (Id, UdfStartTimestampMillis, UdfEndTimestampMillis) = (request.Id, request.UdfStartTimestampMillis, end);
        (Monitor, Analyze, PlanResult, Parallelism) = (monitor, analyze, plan, parallelism);
    }

    /// <summary>The id of the iteration.</summary>
    public required string Id { get; init; }

    /// <summary>When monitor was called, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UdfStartTimestampMillis { get; init; }

    /// <summary>When plan had answered, in milliseconds since 1970-01-01 UTC.</summary>
    public required long UdfEndTimestampMillis { get; init; }

    /// <summary>What monitor answered, one JSON object in UTF-8.</summary>
    public required ReadOnlyMemory<byte> MonitorResult { get => Monitor.Json; init => Monitor = new(value); }

    /// <summary>What analyze answered, one JSON object in UTF-8; <c>{}</c> without analyze.</summary>
    public required ReadOnlyMemory<byte> AnalyzeResult { get => Analyze.Json; init => Analyze = new(value); }

    /// <summary>What plan asked for, before clamping.</summary>
    public required IReadOnlyDictionary<TopologyNode, int> PlanResult { get; init; }

    /// <summary>What is applied, after clamping.</summary>
    public required IReadOnlyDictionary<TopologyNode, int> Parallelism { get; init; }

    /// <summary>Why the plan is as it is, if that is known; no part of the history.</summary>
    internal Explanation? Explanation { get; init; }

    /// <summary>The entry as <see cref="ToUtf8"/> has written it before.</summary>
    internal byte[] Written { init => _json = value; }

    internal HandedResult Monitor { get; private init; } = OperatorRequest.HandedNothing;

    internal HandedResult Analyze { get; private init; } = OperatorRequest.HandedNothing;

    HandedResult IHandedEntry.Monitor => Monitor;

    HandedResult IHandedEntry.Analyze => Analyze;

    KnownEntry? IHandedEntry.Known { get; set; }

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
