// One program for several algorithms, because compiling one natively takes a minute: the first argument says which.
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Kta.Functional;
using Kta.Functional.Http;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Kafka;

var perInstance = 5_000;

Algorithm readme = Algorithm.Create<Load>(
    monitor: ctx => new Load(1_000 * ctx.StartedAt.Minute),
    plan: ctx => Plan.ForEach(ctx.Topology, node => 1 + (int)(ctx.MonitorResult.RecordsPerSecond / perInstance)));

Algorithm generated = Algorithm.Create<Forecast>(
        monitor: ctx => new Forecast(12.5, Trend.Rising),
        plan: ctx => Plan.ForEach(ctx.Topology, node => ctx.MonitorResult.Trend == Trend.Rising ? 2 : 1))
    .WithMonitorCodec(Codec.Json<Forecast>(MyContext.Default));

Algorithm untyped = Algorithm.Create<JsonObject, JsonObject>(
    monitor: ctx => new JsonObject { ["lag"] = 2_500 },
    analyze: ctx => null,
    plan: ctx => Plan.ForEach(ctx.Topology, node => ctx.AnalyzeResultOrNull is null ? 3 : 1));

Algorithm unreadable = Algorithm.Create<Forecast>(
    monitor: ctx => new Forecast(12.5, Trend.Rising),
    plan: ctx => Plan.ForEach(ctx.Topology, node => 1));

var orders = TopologyNode.Deployment("orders");

var algorithm = args[0] switch
{
    "kafka" => Algorithm.Create<Measurements>(
        monitor: async (ctx, cancellationToken) =>
        {
            // Nobody listens at this port: what the client of Kafka has to say is the answer.
            using var kafka = new KafkaMonitor("127.0.0.1:1", "orders", ["orders"], orders);
            return await kafka.ReadAsync(new MonitoringContext(ctx.Topology, ctx.StartedAt), cancellationToken);
        },
        plan: ctx => Plan.ForEach(ctx.Topology, node => 1)),
    "readme" => readme,
    "class" => Algorithm.FromClass(new Backlog()),
    "generated" => generated,
    "untyped" => untyped,
    _ => unreadable,
};

Bootstrap.Run(algorithm, new HttpBackend(new HttpBackendOptions
{
    Args = args[1..],
    ShutdownDelay = TimeSpan.Zero,
    MaxRequestBodySize = 10_000,
}));

record Load(double RecordsPerSecond);

enum Trend { Falling, Rising }

record Forecast(double RecordsPerSecond, Trend Trend);

[JsonSerializable(typeof(Forecast))]
partial class MyContext : JsonSerializerContext;

record Partition(int Number, long? Lag, string? Host);

record Lags(
    IReadOnlyList<Partition> Partitions,
    Dictionary<string, double> Rates,
    IReadOnlyDictionary<TopologyNode, int> PerNode,
    ImmutableArray<int> Counts,
    DateTimeOffset SeenAt,
    [property: JsonPropertyName("topic_name")] string Topic)
{
    public bool IsStale { get; init; }
}

class Demand
{
    public int Instances { get; set; }
    public List<Partition> Busiest { get; set; } = [];
    public HashSet<string> Hosts { get; } = [];
}

class Backlog : AutoscalingAlgorithmUdfs<Lags, Demand>
{
    public override Lags Monitor(MonitorContext<Lags, Demand> ctx) => new(
        [new(0, 100, "a"), new(1, null, null)],
        new() { ["in"] = 1.5 },
        ctx.Topology.ToDictionary(node => node, node => 7),
        [1, 2],
        DateTimeOffset.UnixEpoch,
        "orders") { IsStale = true };

    public override Demand? Analyze(AnalyzeContext<Lags, Demand> ctx) => new()
    {
        Hosts = { "a", "b" },
        Instances = ctx.MonitorResult.Partitions.Count + ctx.MonitorResult.PerNode.Values.Sum() + ctx.History.Count(),
        Busiest = [.. ctx.MonitorResult.Partitions.Take(1)],
    };

    public override Plan Plan(PlanContext<Lags, Demand> ctx) =>
        Kta.Functional.Plan.ForEach(ctx.Topology, node => ctx.AnalyzeResult.Instances + ctx.AnalyzeResult.Hosts.Count + (int)ctx.MonitorResult.Rates["in"]);
}
