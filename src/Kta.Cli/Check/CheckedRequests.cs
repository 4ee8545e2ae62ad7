using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Requests as the operator writes them, the same in every check.</summary>
internal static class CheckedRequests
{
    internal const long Start = 1_700_000_100_000;

    private static readonly Topology s_elsewhere = [TopologyNode.Deployment("elsewhere"), TopologyNode.Deployment("and-there")];

    /// <summary>Topologies that the operator may send: one node, several, of both types.</summary>
    internal static IReadOnlyList<Topology> Topologies { get; } =
    [
        [TopologyNode.Deployment("orders"), TopologyNode.Deployment("payments")],
        [TopologyNode.Flink("6d2677a0ecc3fd8df0b72ec675edf8f4"), TopologyNode.Flink("0a448493b4782967b150582570326227")],
        [TopologyNode.Deployment("orders")],
    ];

    internal static Topology Many { get; } = [.. Enumerable.Range(0, 100).Select(i => TopologyNode.Deployment($"service-{i:000}"))];

    internal static OperatorRequest First(Topology topology, string id = "c3f7bdf5-37c4-4724-a92c-4428e47e04c1", long start = Start) =>
        new() { Id = id, UdfStartTimestampMillis = start, Topology = topology };

    internal static OperatorRequest With(OperatorRequest request, ReadOnlyMemory<byte>? monitor = null, ReadOnlyMemory<byte>? analyze = null, IReadOnlyList<FinishedIteration>? history = null, long? start = null) => new()
    {
        Id = request.Id,
        UdfStartTimestampMillis = start ?? request.UdfStartTimestampMillis,
        Topology = request.Topology,
        MonitorResult = monitor ?? request.MonitorResult,
        AnalyzeResult = analyze ?? request.AnalyzeResult,
        History = history ?? request.History,
    };

    internal static FinishedIteration Entry(OperatorRequest plan, IReadOnlyDictionary<TopologyNode, int>? planned) =>
        Entry(plan.Id, plan.UdfStartTimestampMillis, plan.MonitorResult, plan.AnalyzeResult, planned ?? TwoEach(plan.Topology));

    /// <summary>The same iteration again and again, so that the history has so many.</summary>
    internal static IReadOnlyList<FinishedIteration> Long(FinishedIteration like, int count) =>
    [
        .. Enumerable.Range(0, count).Select(age => Entry(
            string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{age:000000000000}"), like.UdfStartTimestampMillis - (30_000L * age), like.MonitorResult, like.AnalyzeResult, like.PlanResult)),
    ];

    /// <summary>An iteration of another policy that the operator mixes in, with results of the kind of this one, or of another.</summary>
    internal static FinishedIteration Foreign(FinishedIteration like, bool hasForeignResults) => Entry(
        "f0e1d2c3-0000-4000-8000-000000000001",
        like.UdfStartTimestampMillis + 15_000,
        hasForeignResults ? "{\"somebody\":\"else\",\"values\":[1.0E7,null,{\"a\":[]}]}"u8.ToArray() : like.MonitorResult,
        hasForeignResults ? "{\"verdict\":\"much\",\"n\":null}"u8.ToArray() : like.AnalyzeResult,
        TwoEach(s_elsewhere));

    /// <summary>An iteration of which monitor and analyze have said nothing.</summary>
    internal static FinishedIteration Mute(FinishedIteration like) =>
        Entry("f0e1d2c3-0000-4000-8000-000000000002", like.UdfStartTimestampMillis + 15_000, OperatorRequest.Nothing, OperatorRequest.Nothing, like.PlanResult);

    /// <summary>The nodes of the maps in another order, which is random in the operator, and other numbers than were planned.</summary>
    internal static FinishedIteration Shuffled(FinishedIteration like) => new()
    {
        Id = like.Id,
        UdfStartTimestampMillis = like.UdfStartTimestampMillis,
        UdfEndTimestampMillis = like.UdfEndTimestampMillis,
        MonitorResult = like.MonitorResult,
        AnalyzeResult = like.AnalyzeResult,
        PlanResult = like.PlanResult.Reverse().ToDictionary(),
        Parallelism = like.PlanResult.Reverse().ToDictionary(one => one.Key, one => Math.Max(one.Value, 3)),
    };

    private static Dictionary<TopologyNode, int> TwoEach(Topology topology) => topology.ToDictionary(node => node, _ => 2);

    private static FinishedIteration Entry(string id, long start, ReadOnlyMemory<byte> monitor, ReadOnlyMemory<byte> analyze, IReadOnlyDictionary<TopologyNode, int> parallelism) => new()
    {
        Id = id,
        UdfStartTimestampMillis = start,
        UdfEndTimestampMillis = start + 41,
        MonitorResult = monitor,
        AnalyzeResult = analyze,
        PlanResult = parallelism,
        Parallelism = parallelism,
    };

    /// <summary>A result whose decimals are written as Java writes large ones; null if it has none.</summary>
    internal static ReadOnlyMemory<byte>? WithExponents(ReadOnlyMemory<byte> result)
    {
        var text = Encoding.UTF8.GetString(result.Span);
        var found = false;
        var changed = Changed(JsonNode.Parse(text, documentOptions: new() { MaxDepth = 1_000 }));
        // The writer has no such numbers: a mark stands for them.
        return found ? Encoding.UTF8.GetBytes(changed!.ToJsonString().Replace("\"\\u0001\"", "1.2345678E7", StringComparison.Ordinal)) : default(ReadOnlyMemory<byte>?);

        JsonNode? Changed(JsonNode? node)
        {
            switch (node)
            {
                case JsonObject members:
                    return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, Changed(member.Value))));
                case JsonArray items:
                    return new JsonArray([.. items.Select(Changed)]);
                case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.Number && value.ToJsonString().AsSpan().IndexOfAny('.', 'E') >= 0:
                    found = true;
                    return "\u0001";
                default:
                    return node?.DeepClone();
            }
        }
    }

    /// <summary>What is no request, each with what is wrong with it.</summary>
    internal static IEnumerable<(string Name, byte[] Body)> Damaged(OperatorRequest request)
    {
        var whole = request.ToUtf8().ToArray();
        var text = Encoding.UTF8.GetString(whole);
        yield return ("an empty body", []);
        yield return ("null", "null"u8.ToArray());
        yield return ("a list", "[]"u8.ToArray());
        yield return ("an empty object", "{}"u8.ToArray());
        yield return ("a request that is cut off", whole[..(whole.Length / 2)]);
        yield return ("a request without topology", Text(text.Replace("\"topology\"", "\"topologie\"", StringComparison.Ordinal)));
        yield return ("an empty topology", With("topology", new JsonArray()));
        yield return ("a topology of numbers", With("topology", new JsonArray(1, 2)));
        yield return ("a node of an unknown type", Text(text.Replace("\"type\":\"", "\"type\":\"un", StringComparison.Ordinal)));
        yield return ("a start that is text", With("udfStartTimestampMillis", "yesterday"));
        yield return ("a history that is text", With("resultHistory", "none"));
        yield return ("bytes that are no UTF-8", [.. whole[..^1], .. ",\"x\":\""u8, 0xFF, 0xC0, .. "\"}"u8]);
        yield return ("100,000 lists within each other", Text($"{text[..^1]},\"x\":{new string('[', 100_000)}{new string(']', 100_000)}}}"));
        yield return ("a text of 1 MB in place of the id", With("id", new JsonArray(new string('x', 1_000_000))));

        byte[] With(string name, JsonNode value)
        {
            var changed = (JsonObject)JsonNode.Parse(text)!;
            changed[name] = value;
            return Text(changed.ToJsonString());
        }

        static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
    }
}
