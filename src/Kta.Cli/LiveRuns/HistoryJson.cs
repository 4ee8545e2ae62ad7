using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Operator;

namespace Kta.Cli;

/// <summary>What a store says about a policy, as JSON. Times are UTC.</summary>
internal static class HistoryJson
{
    internal static JsonObject Of(StoredRun run, int? last) => new()
    {
        ["policy"] = run.Policy,
        ["decisions"] = new JsonArray([.. Enumerable.Range(0, run.Iterations.Count).TakeLast(last ?? int.MaxValue).Select(i => (JsonNode)Decision(run, i))]),
        ["failures"] = new JsonArray([.. run.Failures.TakeLast(last ?? int.MaxValue).Select(one => (JsonNode)new JsonObject { ["at"] = one.At.UtcDateTime, ["problem"] = one.Problem })]),
        ["settings"] = new JsonArray([.. run.Settings.TakeLast(last ?? int.MaxValue).Select(one => (JsonNode)new JsonObject { ["at"] = one.At.UtcDateTime, ["settings"] = Parsed(one.Json) })]),
        ["rescales"] = new JsonArray([.. run.Rescales.TakeLast(last ?? int.MaxValue).Select(one => (JsonNode)new JsonObject { ["at"] = one.StartedAt.UtcDateTime, ["tookSeconds"] = one.Took.TotalSeconds })]),
    };

    private static JsonObject Decision(StoredRun run, int place)
    {
        var iteration = run.Iterations[place];
        return new JsonObject
        {
            ["id"] = iteration.Id,
            ["startedAt"] = iteration.StartedAt.UtcDateTime,
            ["at"] = iteration.EndedAt.UtcDateTime,
            ["before"] = ByNode(iteration.Parallelism.Keys, node => run.Before(place, node)),
            ["plan"] = ByNode(iteration.PlanResult.Keys, node => iteration.PlanResult[node]),
            ["parallelism"] = ByNode(iteration.Parallelism.Keys, node => iteration.Parallelism[node]),
            ["reasons"] = ByNode(Told(iteration, one => one.Reasons.Count > 0), one => new JsonArray([.. one.Reasons.Select(reason => (JsonNode)reason.ToString())]), one => one.Node),
            ["heldBack"] = new JsonArray([.. Told(iteration, one => one.IsHeldBack).Select(one => (JsonNode)one.Node.ToString()!)]),
            ["lacksData"] = new JsonArray([.. Told(iteration, one => one.LacksData).Select(one => (JsonNode)one.Node.ToString()!)]),
            ["scaling"] = iteration.Scaling is { } scaling ? Scaled(scaling) : null,
        };
    }

    private static JsonObject Scaled(ScalingResult scaling) => new()
    {
        ["nodes"] = ByNode(
            scaling.Nodes,
            one => new JsonObject
            {
                ["observed"] = one.Observed,
                ["wanted"] = one.Wanted,
                ["outcome"] = JsonNamingPolicy.CamelCase.ConvertName(one.Outcome.ToString()),
                ["problem"] = one.Problem,
            },
            one => one.Node),
        ["notes"] = new JsonArray([.. scaling.Notes.Select(note => (JsonNode)note)]),
    };

    private static IEnumerable<NodeExplanation> Told(StoredIteration iteration, Func<NodeExplanation, bool> isWanted) =>
        iteration.Explanation?.Nodes.Where(isWanted) ?? [];

    private static JsonObject ByNode(IEnumerable<TopologyNode> nodes, Func<TopologyNode, JsonNode?> value) => ByNode(nodes, value, node => node);

    private static JsonObject ByNode<T>(IEnumerable<T> all, Func<T, JsonNode?> value, Func<T, TopologyNode> node) =>
        new([.. all.Select(one => KeyValuePair.Create(node(one).ToString()!, value(one)))]);

    private static JsonNode? Parsed(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return json;
        }
    }
}
