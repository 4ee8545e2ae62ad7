/// Programs as people write them, about which nothing is to be said.
module Kta.Functional.Tests.Analyzers.LegitimatePrograms

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private programs = [
    "a client captured by monitor",
    "var http = new System.Net.Http.HttpClient();
Algorithm.Create<Load>(
    monitor: async (ctx, ct) => new Load(double.Parse(await http.GetStringAsync(\"http://localhost/rate\", ct))),
    plan: ctx => ctx.ForEachNode(_ => (int)(ctx.MonitorResult.RecordsPerSecond / 5_000) + 1));"

    "settings captured by value",
    "var settings = new Settings(3); Algorithm.CreatePlan<Load>(ctx => Plan.ForEach(ctx.Topology, node => settings.Least));
sealed record Settings(int Least);"

    "a table that is only read",
    "var table = new Dictionary<string, int> { [\"orders\"] = 3 };
Algorithm.CreatePlan<Load>(ctx => Plan.ForEach(ctx.Topology, node => table.TryGetValue(node.Key, out var n) ? n : 1));"

    "a plan built in a local dictionary",
    "Algorithm.CreatePlan<Load>(ctx => {
    var plan = new Dictionary<TopologyNode, int>();
    var left = 10;
    foreach (var node in ctx.Topology) { plan[node] = Math.Max(1, left / 2); left -= plan[node]; }
    return Plan.Of(plan); });"

    "an average over the history",
    "Algorithm.CreateAnalyze<Load, Demand>(ctx => ctx.History.IsEmpty ? null
    : new Demand((int)ctx.History.Take(10).Select(entry => entry.MonitorResult.RecordsPerSecond).Append(1).Average()));"

    "helpers with loops, queues and string builders of their own",
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single(Search.Steps(3) + Search.Name(ctx.Id).Length));
static class Search {
    public static int Steps(int n) { var queue = new Queue<int>(); queue.Enqueue(n); var seen = 0; while (queue.TryDequeue(out var next)) { seen++; if (next > 0) queue.Enqueue(next - 1); } return seen; }
    public static string Name(string id) { var text = new System.Text.StringBuilder(); text.Append(id); return text.ToString(); } }"

    "a simulation with an object of its own",
    "Algorithm.CreatePlan<Load>(ctx => { var model = new Model(); model.Run(3); return Plan.Single(model.Best); });
class Model { public int Best { get; private set; } = 1; private readonly List<int> _tried = []; public void Run(int n) { for (var i = 0; i < n; i++) { _tried.Add(i); Best = Math.Max(Best, i); } } }"

    "a class with settings from its constructor",
    "Algorithm.FromClass(new Careful(3) { Most = 8 });
sealed class Careful(int least) : AutoscalingAlgorithmUdfs<Load, Demand> {
    private readonly int _reserve = least / 2;
    public int Most { get; init; } = 10;
    public override Load Monitor(MonitorContext<Load, Demand> context) => new(context.StartedAt.Hour);
    public override Demand? Analyze(AnalyzeContext<Load, Demand> context) => new((int)context.MonitorResult.RecordsPerSecond + _reserve);
    public override Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => Math.Clamp(context.AnalyzeResult.Instances, least, Most)); }"

    "a monitor that measures how long it took",
    "using System.Diagnostics;
Algorithm.Monitor(async (ctx, ct) => { var watch = Stopwatch.StartNew(); await Task.Delay(1, ct); return new Load(watch.Elapsed.TotalSeconds); }).Plan(ctx => Plan.Single(1));"

    "untyped results",
    "using System.Text.Json.Nodes;
Algorithm.Create<JsonObject, JsonObject>(ctx => new() { [\"rate\"] = 1 }, ctx => { var more = new JsonObject(); more[\"n\"] = 2; more.Add(\"m\", 3); return more; }, ctx => Plan.Single(1));"

    "random numbers from a seed of the context",
    "Algorithm.CreatePlan<Load>(ctx => { var random = new Random((int)ctx.UdfStartTimestampMillis); return ctx.ForEachNode(_ => random.Next(1, 4)); });"

    "a step that throws", "Algorithm.CreatePlan<Load>(ctx => throw new InvalidOperationException(\"no data\"));"

    "an algorithm made in a loop",
    "var all = new List<Algorithm>(); for (var i = 1; i < 4; i++) { var n = i; all.Add(Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => n))); }"

    "counting metrics of the framework",
    "var meter = new System.Diagnostics.Metrics.Meter(\"mine\"); var calls = meter.CreateCounter<int>(\"calls\");
Algorithm.CreatePlan<Load>(ctx => { calls.Add(1); return ctx.ForEachNode(_ => 1); });"

    "a local function and a switch",
    "Algorithm.CreatePlan<Load>(ctx => { int Of(TopologyNode node) => node switch { FlinkStreamingGraphNode => 2, _ => 1 }; return Plan.ForEach(ctx.Topology, Of); });"

    "a record with a cached computation in a static readonly table",
    "Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => Primes.Table[2]));
static class Primes { public static readonly int[] Table = [2, 3, 5]; }"
]

let tests =
    testList "Nothing is said about" [
        for name, source in programs do
            test name { silent source }
    ]
