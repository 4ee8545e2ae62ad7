using System.Text.Json.Serialization;
using Kta.Functional.Algorithms;

namespace Kta.Functional.Benchmarks;

/// <summary>A request as somebody would write it down who wants nothing but its values.</summary>
internal sealed record PlainRequest(
    string Id,
    long UdfStartTimestampMillis,
    IReadOnlyList<PlainNode> Topology,
    DummyMonitorResult MonitorResult,
    DummyAnalyzeResult AnalyzeResult,
    IReadOnlyList<PlainEntry> ResultHistory);

internal sealed record PlainNode(string Type, string Fields);

internal sealed record PlainParallelism(int Parallelism);

internal sealed record PlainEntry(
    string Id,
    long UdfStartTimestampMillis,
    long UdfEndTimestampMillis,
    DummyMonitorResult MonitorResult,
    DummyAnalyzeResult AnalyzeResult,
    IReadOnlyDictionary<string, PlainParallelism> PlanResult,
    IReadOnlyDictionary<string, int> Parallelism);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PlainRequest))]
internal sealed partial class PlainJson : JsonSerializerContext;
