using System.Globalization;
using System.Text.Json.Nodes;
using Kta.Functional.Algorithms;
using Untyped = Kta.Functional.Algorithm<System.Text.Json.Nodes.JsonObject, System.Text.Json.Nodes.JsonObject>;

namespace Kta.Functional.Tests.CSharp;

/// <summary>The algorithms that were served when the behaviour of the Python SDK was recorded, as far as C# can express them.</summary>
public static class Probes
{
    private static readonly Untyped Plain = Algorithm.Create<JsonObject, JsonObject>(
        monitor: _ => Ok(),
        analyze: _ => Ok(),
        plan: ctx => Plan.ForEach(ctx.Topology, _ => 1));

    private static readonly Dictionary<string, Func<Algorithm>> ByName = new()
    {
        ["dummy(2,(4,2))"] = () => DummyAutoscaler.Create(),
        ["dummy-monitor"] = () => DummyAutoscaler.CreateMonitor(),
        ["dummy-analyze-plan(3,[1,7])"] = () => DummyAutoscaler.CreateAnalyzeAndPlan(DummyOptions.From(3, [1, 7])),
        ["echo"] = () => Echo.Algorithm,
        ["analyze-none"] = () => Plain.WithAnalyze(_ => null),
        ["monitor-none"] = () => Plain.WithMonitor(_ => null!),
        ["analyze-dict"] = () => Plain
            .WithMonitor(_ => Parse("""{"rate":12.5,"ops":[1,2,3],"deep":{"a":{"b":[null,true,"x"]}}}"""))
            .WithAnalyze(_ => Parse("""{"target":3,"why":"load","none":null}""")),
        ["empty-dict"] = () => Plain.WithMonitor(_ => []).WithAnalyze(_ => []),
        ["empty-result"] = () => Algorithm.Create<Nothing, Nothing>(_ => new(), _ => new(), ctx => Plan.ForEach(ctx.Topology, _ => 1)),
        ["null-fields"] = () => Algorithm.Create<NullMember, NullMembers>(
            _ => new(null, 1), _ => new(null, []), ctx => Plan.ForEach(ctx.Topology, _ => 1)),
        ["numbers"] = () => Algorithm.Create<Numbers, OneNumber>(
            _ => Numbers.Unusual, _ => new(double.NaN), ctx => Plan.ForEach(ctx.Topology, _ => 1)).WithMonitorCodec(Numbers.Codec),
        ["infinite"] = () => Algorithm.Create<OneNumber, OneNumber>(
            _ => new(double.PositiveInfinity), _ => new(double.NaN), ctx => Plan.ForEach(ctx.Topology, _ => 1)),
        ["unicode"] = () => Plain.WithMonitor(_ => new() { ["grüße"] = "日本 🚀 \u0000\u001f\u2028\"\\/<>&'", [""] = "empty key" }),
        ["rich-types"] = () => Algorithm.Create<RichTypes, Holder>(
            _ => new(), _ => new(new()), ctx => Plan.ForEach(ctx.Topology, _ => 1)),
        ["plan-single"] = () => Plain.WithPlan(_ => Plan.Single(3)),
        ["plan-single-extra"] = () => Plain.WithPlan(_ => Plan.Single(3)),
        ["plan-extra"] = () => Plain.WithPlan(ctx => Plan.Of(ctx.Topology.Select((node, i) => KeyValuePair.Create(node, i + 1)))),
        ["plan-first-only"] = () => Plain.WithPlan(ctx => Plan.Of((ctx.Topology[0], 2))),
        ["plan-additional"] = () => Plain.WithPlan(
            ctx => Plan.Of([.. ctx.Topology.Select(node => (node, 1)), (TopologyNode.Deployment("additional"), 1)])),
#pragma warning disable KTA008 // These are wrong on purpose.
        ["plan-empty-dict"] = () => Plain.WithPlan(_ => Plan.Of()),
        ["plan-zero"] = () => Plain.WithPlan(ctx => Plan.ForEach(ctx.Topology, _ => 0)),
        ["plan-zero-unchecked"] = () => Plain.WithPlan(_ => Plan.Single(0)),
        ["plan-negative"] = () => Plain.WithPlan(ctx => Plan.ForEach(ctx.Topology, _ => -1)),
#pragma warning restore KTA008
        ["plan-none"] = () => Plain.WithPlan(_ => null!),
        ["plan-reversed"] = () => Plain.WithPlan(
            ctx => Plan.Of(ctx.Topology.Select((node, i) => KeyValuePair.Create(node, i + 1)).Reverse())),
        ["plan-foreign-twin"] = () => Plain.WithPlan(
            ctx => Plan.Of(ctx.Topology.Select(node => KeyValuePair.Create(TopologyNode.Parse(node.Key), 6)))),
        ["raises"] = () => Failing(() => new InvalidOperationException("the source of numbers is away")),
        ["raises-sdk"] = () => Failing(() => new IllegalStateException("not now")),
        ["asserts"] = () => Failing(() => new ArgumentException("assertion failed")),
        ["mutate-context-inner"] = () => Plain.WithMonitor(ctx =>
        {
            ctx.History[0].MonitorResult.Clear();
            return new() { ["n"] = ctx.History[0].MonitorResult.Count };
        }),
        ["sleeps"] = () => Plain.WithMonitor(async (_, token) =>
        {
            await Task.Delay(200, token);
            return new() { ["slept"] = 200 };
        }),
        ["monitor-only"] = () => Algorithm.CreateMonitor<JsonObject>(_ => new() { ["m"] = 1 }),
        ["plan-only"] = () => Algorithm.CreatePlan<JsonObject>(ctx => Plan.ForEach(ctx.Topology, _ => 5)),
    };

    /// <summary>The names of all probes.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>Makes a probe.</summary>
    public static Algorithm Create(string name) => ByName[name]() with { Name = name };

    private static JsonObject Ok() => new() { ["ok"] = true };

    private static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    private static Untyped Failing(Func<Exception> error) =>
        Plain.WithMonitor(_ => throw error()).WithAnalyze(_ => throw error()).WithPlan(_ => throw error());

    private sealed record Nothing;

    private sealed record NullMember(string? A, int B);

    private sealed record NullMembers(string? A, int[] B);

    private sealed record OneNumber(double X);

    private sealed record Holder(Nothing Obj);

    private sealed record RichTypes
    {
        [System.Text.Json.Serialization.JsonPropertyName("1")]
        public string One { get; init; } = "int key";

        public int[] T => [1, 2];

        public HashSet<int> S => [5];

        public DateTimeOffset D => DateTimeOffset.Parse("2024-01-02T03:04:05+00:00", CultureInfo.InvariantCulture);

        public decimal Dec => 1.5m;

        public double Td => TimeSpan.FromSeconds(90).TotalSeconds;

        public string B => "bytes";
    }
}
