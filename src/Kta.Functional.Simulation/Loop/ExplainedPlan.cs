using System.Runtime.InteropServices;
using System.Text.Json;

namespace Kta.Functional.Simulation;

/// <summary>Reads what a server says about a plan when it is asked why.</summary>
internal static class ExplainedPlan
{
    /// <summary>The reasons for a plan.</summary>
    /// <param name="body">What the server answers.</param>
    /// <param name="topology">The nodes.</param>
    /// <param name="anyKind">Whether more than Deployments may be scaled.</param>
    /// <param name="plan">What plan has answered.</param>
    /// <param name="current">What was applied before; null if that is not known.</param>
    /// <returns>Null for an answer of another shape, or about another plan.</returns>
    internal static Explanation? Read(
        ReadOnlyMemory<byte> body, Topology topology, bool anyKind, IReadOnlyDictionary<TopologyNode, int> plan, IReadOnlyDictionary<TopologyNode, int>? current)
    {
        try
        {
            using var document = JsonDocument.Parse(body, JsonFormat.Parsing);
            var explained = document.RootElement;
            var planned = OperatorReply.ReadPlan(JsonMarshal.GetRawUtf8Value(explained.GetProperty("plan"u8)), topology, anyKind);
            return topology.All(node => planned[node] == plan[node])
                ? new(topology, Told(explained, Plan.ForEach(topology, node => Math.Max(1, plan[node]))), current)
                : null;
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static Plan Told(JsonElement explained, Plan plan)
    {
        foreach (var reasons in explained.GetProperty("reasons"u8).EnumerateObject())
        {
            var node = TopologyNode.Parse(reasons.Name);
            plan = reasons.Value.EnumerateArray().Aggregate(plan, (told, reason) => told.Because(node, reason.GetString() ?? ""));
        }

        plan = Nodes(explained, "heldBack"u8).Aggregate(plan, (told, node) => told.AsHeldBack(node));
        return Nodes(explained, "lacksData"u8).Aggregate(plan, (told, node) => told.LackingData(node, null));
    }

    private static IEnumerable<TopologyNode> Nodes(JsonElement explained, ReadOnlySpan<byte> name) =>
        explained.TryGetProperty(name, out var nodes) ? nodes.EnumerateArray().Select(node => TopologyNode.Parse(node.GetString() ?? "")) : [];
}
