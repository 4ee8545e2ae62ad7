using System.Text.Json.Nodes;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Answers a description of the context it was given.</summary>
internal static class Echo
{
    internal static Algorithm Algorithm { get; } = Functional.Algorithm.Create<JsonObject, JsonObject>(
        monitor: ctx => Describe(ctx, [], [], ctx.History),
        analyze: ctx => Describe(ctx, ctx.MonitorResult, [], ctx.History),
        plan: ctx => Plan.ForEach(ctx.Topology, _ => ctx.History.Count + 1));

    private static JsonObject Describe(
        StepContext ctx, JsonObject monitorResult, JsonObject analyzeResult, History<JsonObject, JsonObject> history) => new()
        {
            ["id"] = ctx.Id,
            ["udfStartTimestampMillis"] = ctx.UdfStartTimestampMillis,
            ["topologyIsSingle"] = ctx.Topology.Count == 1,
            ["nodes"] = new JsonArray([.. ctx.Topology.Select(Describe)]),
            ["monitorResult"] = monitorResult.DeepClone(),
            ["analyzeResult"] = analyzeResult.DeepClone(),
            ["resultHistory"] = new JsonArray([.. history.Select(Describe)]),
        };

    private static JsonObject Describe(HistoryEntry<JsonObject, JsonObject> entry) => new()
    {
        ["id"] = entry.Id,
        ["udfStartTimestampMillis"] = entry.UdfStartTimestampMillis,
        ["udfEndTimestampMillis"] = entry.UdfEndTimestampMillis,
        ["monitorResult"] = entry.MonitorResult.DeepClone(),
        ["analyzeResult"] = entry.AnalyzeResult?.DeepClone() ?? new JsonObject(),
        ["planResult"] = entry.Plan.SingleParallelism is { } single
            ? new JsonObject { ["single"] = new JsonObject { ["parallelism"] = single } }
            : new JsonObject
            {
                ["perNode"] = new JsonArray(
                    [.. entry.Plan.Select(pair => new JsonObject
                    {
                        ["node"] = Describe(pair.Key),
                        ["result"] = new JsonObject { ["parallelism"] = pair.Value },
                    })]),
            },
        ["parallelism"] = new JsonArray(
            [.. entry.Parallelism.Select(pair => new JsonObject { ["node"] = Describe(pair.Key), ["value"] = pair.Value })]),
    };

    private static JsonNode Describe(TopologyNode node) => new JsonObject
    {
        ["type"] = node.Type,
        ["id"] = (node as FlinkStreamingGraphNode)?.Id,
        ["kind"] = (node as ScaleTargetRef)?.Kind,
        ["name"] = (node as ScaleTargetRef)?.Name,
    };
}
