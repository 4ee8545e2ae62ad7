/// Programs with settings, tables, services and telemetry as people write them: only writes matter, types do not.
module Kta.Functional.Tests.Analyzers.OrdinaryPrograms

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private settings = [
    "a setting in a nested lambda",
    "var n = int.Parse(args[0]); Algorithm.Create<Load>(ctx => new Load(1), ctx => Plan.ForEach(ctx.Topology, node => n));"

    "a factor in a query over the history",
    "var factor = 1.2; Algorithm.CreateAnalyze<Load, Demand>(ctx => new Demand((int)ctx.History.Select(e => e.MonitorResult.RecordsPerSecond * factor).DefaultIfEmpty(1).Max()));"

    "the arguments themselves", "Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => args.Length + 1));"

    "a text that was split",
    "var limits = (args.FirstOrDefault() ?? \"1,2\").Split(',').Select(int.Parse).ToArray(); Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => limits[^1]));"

    "an array to look up in",
    "int[] steps = [1, 2, 4, 8]; Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => steps.First(n => n * 5_000 >= ctx.MonitorResult.RecordsPerSecond)));"

    "an array that is searched and spanned",
    "int[] steps = [1, 2, 4]; Algorithm.CreatePlan<Load>(ctx => { ReadOnlySpan<int> all = steps; return Plan.Single(Math.Max(1, Array.BinarySearch(steps, 3)) + all.IndexOf(1)); });"

    "rows of weights",
    "double[][] weights = [[0.5, 0.2], [0.1, 0.9]]; Algorithm.CreateAnalyze<Load, Demand>(ctx => { var sum = 0.0; foreach (var row in weights) for (var i = 0; i < row.Length; i++) sum += row[i]; return new Demand((int)sum + 1); });"

    "a dictionary that was filled once",
    "var least = new Dictionary<string, int>(); foreach (var one in args) least[one] = 2; Algorithm.CreatePlan<Load>(ctx => Plan.ForEach(ctx.Topology, node => least.GetValueOrDefault(node.Key, 1)));"

    "a list that was filled before",
    "var names = new List<string>(); names.Add(\"orders\"); names.Sort(); Algorithm.CreatePlan<Load>(ctx => Plan.ForEach(ctx.Topology, node => names.Contains(node.Key) ? 2 : 1));"

    "a lookup, a frozen set and values to search for",
    "using System.Buffers; using System.Collections.Frozen;
var lookup = args.ToLookup(one => one.Length); var set = args.ToFrozenSet(); var vowels = SearchValues.Create(\"aeiou\");
Algorithm.CreatePlan<Load>(ctx => Plan.ForEach(ctx.Topology, node => lookup[3].Count() + (set.Contains(node.Key) ? 1 : 2) + node.Key.AsSpan().IndexOfAny(vowels)));"

    "memory that is only read",
    "ReadOnlyMemory<double> weights = new double[] { 1, 2 }; Algorithm.CreatePlan<Load>(ctx => Plan.Single((int)weights.Span[1]));"

    "a lazy setting",
    "var least = new Lazy<int>(() => int.Parse(\"3\")); Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => least.Value));"

    "options of the host",
    "using Microsoft.Extensions.Options; var options = Options.Create(new Limits { Most = 4 }); Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => options.Value.Most));
class Limits { public int Most { get; set; } = 8; public List<string> Ignored { get; set; } = []; }"

    "a class of options",
    "var limits = new Limits { Most = 4 }; limits.Least = 2; Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => Math.Clamp(3, limits.Least, limits.Most)));
class Limits { public int Least { get; set; } = 1; public int Most { get; set; } = 8; }"

    "a configuration",
    "using Microsoft.Extensions.Configuration; IConfiguration settings = new ConfigurationBuilder().Build(); Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => int.Parse(settings[\"least\"] ?? \"1\")));"

    "settings in a tuple and in a record struct",
    "var (low, high) = (1, 8); var range = new Bounds(low, high); Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => Math.Clamp(range.Low, low, high)));
readonly record struct Bounds(int Low, int High);"

    "a time span and a date",
    "var window = TimeSpan.FromMinutes(5); var since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero); Algorithm.CreatePlan<Load>(ctx => Plan.Single(ctx.StartedAt - since > window ? 2 : 1));"

    "a named time zone",
    "var zone = TimeZoneInfo.FindSystemTimeZoneById(\"UTC\"); Algorithm.CreatePlan<Load>(ctx => Plan.Single(TimeZoneInfo.ConvertTime(ctx.StartedAt, zone).Hour + 1));"

    "static settings of every kind",
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single(S.Most + S.Rates[0] + S.Names.Count + S.Of(3)));
static class S { public const int Most = 3; public static readonly int[] Rates = [1, 2]; public static IReadOnlyList<string> Names { get; } = [\"a\"]; static S() { Factor = 2; } static readonly int Factor; public static int Of(int n) => n * Factor; }"
]

let private functions = [
    "a captured function and a method group",
    "Func<double, int> round = x => (int)Math.Ceiling(x); Func<int, int> least = S.AtLeast; Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => least(round(ctx.MonitorResult.RecordsPerSecond / 5_000))));
static class S { public static int AtLeast(int n) => Math.Max(1, n); }"

    "a factory of algorithms",
    "Console.Write(Make(3)); static Algorithm Make(int least) => Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(node => Math.Max(least, node.Key.Length)));"

    "step by step, asynchronous, with a loop of tasks",
    "var per = 5_000; Algorithm.Monitor(async (ctx, ct) => { var all = await Task.WhenAll(ctx.Topology.Select(async node => { await Task.Delay(1, ct); return node.Key.Length * per; })); return new Load(all.Sum()); })
    .Analyze(ctx => new Demand((int)ctx.MonitorResult.RecordsPerSecond / per)).Plan(ctx => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances));"

    "a delegate behind an interface",
    "IRule rule = new Threshold(5_000); Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => rule.Decide(ctx.MonitorResult.RecordsPerSecond)));
interface IRule { int Decide(double rate); } sealed class Threshold(double per) : IRule { public int Decide(double rate) => (int)(rate / per) + 1; }"

    "a smoothing loop of one's own",
    "var alpha = 0.3; Algorithm.CreateAnalyze<Load, Demand>(ctx => { var level = ctx.MonitorResult.RecordsPerSecond; foreach (var entry in ctx.History.Take(5)) level = alpha * level + (1 - alpha) * entry.MonitorResult.RecordsPerSecond; return new Demand((int)level); });"

    "operators of one's own",
    "var spare = new Rate(1); Algorithm.CreatePlan<Load>(ctx => Plan.Single((new Rate(2) + spare).N)); readonly record struct Rate(int N) { public static Rate operator +(Rate a, Rate b) => new(a.N + b.N); }"

    "an iterator and a local array",
    "Algorithm.CreatePlan<Load>(ctx => { var steps = Steps(8).ToArray(); Array.Reverse(steps); steps[0]++; return Plan.Single(steps[0]); });
static IEnumerable<int> Steps(int most) { for (var n = 1; n <= most; n *= 2) yield return n; }"

    "an equality of one's own in a set",
    "Algorithm.CreatePlan<Load>(ctx => { var seen = new HashSet<Name>(); seen.Add(new Name(\"a\")); return Plan.Single(seen.Count); });
sealed class Name(string of) : IEquatable<Name> { readonly string of = of; public bool Equals(Name? other) => other?.of == of; public override bool Equals(object? other) => Equals(other as Name); public override int GetHashCode() => HashCode.Combine(of); }"

    "a builder of texts of its own",
    "Algorithm.CreateAnalyze<Load, Demand>(ctx => { var text = new System.Text.StringBuilder(); text.Append(ctx.Id).AppendLine(); return new Demand(text.Length); });"

    "hashes that stay",
    "using System.Security.Cryptography; using System.Text; Algorithm.CreatePlan<Load>(ctx => { var random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(ctx.Id)))); return Plan.Single(random.Next(1, 4)); });"

    "a class with tables, a static table and a helper",
    "Algorithm.FromClass(new P(new Dictionary<string, int> { [\"a\"] = 2 }));
sealed class P(IReadOnlyDictionary<string, int> least) : AutoscalingAlgorithmPlanUdf<Load, Demand> {
    private static readonly string[] Ignored = [\"x\"]; private readonly List<int> _steps = [1, 2, 4]; private readonly double[] _weights = new double[4];
    public override Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(node => Ignored.Contains(node.Key) ? 1 : Math.Max(Least(node), _steps[^1] + (int)_weights[0]));
    private int Least(TopologyNode node) => least.TryGetValue(node.Key, out var n) ? n : 1; }"
]

let private services = [
    "a client captured as it is, in a class",
    "using System.Net.Http.Json; using var http = new System.Net.Http.HttpClient(); Algorithm.FromClass(new M(http));
sealed class M(System.Net.Http.HttpClient http) : IAsyncMonitorUdf<Load, Demand> { public async Task<Load> MonitorAsync(MonitorContext<Load, Demand> context, CancellationToken ct) => (await http.GetFromJsonAsync<Load>(\"rate\", ct))!; }"

    "a logger in every step",
    "using Microsoft.Extensions.Logging; using Microsoft.Extensions.Logging.Abstractions; ILogger log = NullLogger.Instance; ILogger<Load> other = NullLogger<Load>.Instance;
Algorithm.Create<Load, Demand>(ctx => { log.LogInformation(\"monitor {Id}\", ctx.Id); return new Load(1); }, ctx => { other.LogDebug(\"analyze\"); return new Demand(1); }, ctx => { log.LogWarning(\"plan\"); return Plan.Single(1); });"

    "counters, histograms and activities",
    "using System.Diagnostics; using System.Diagnostics.Metrics; var meter = new Meter(\"mine\"); var planned = meter.CreateCounter<long>(\"planned\"); var rates = meter.CreateHistogram<double>(\"rates\"); var source = new ActivitySource(\"mine\");
Algorithm.CreatePlan<Load>(ctx => { using var activity = source.StartActivity(\"plan\"); activity?.SetTag(\"id\", ctx.Id); planned.Add(1); rates.Record(ctx.MonitorResult.RecordsPerSecond); return Plan.Single(1); });"

    "what the console is told",
    "Algorithm.CreatePlan<Load>(ctx => { Console.WriteLine(ctx.Id); Console.Error.WriteLine($\"{ctx.StartedAt:O}\"); return Plan.Single(1); });"

    "a client of monitor that remembers a token",
    "var client = new Client(); Algorithm.Monitor(async (ctx, ct) => new Load(await client.RateAsync(ct))).Plan(ctx => Plan.Single(1));
sealed class Client { string? _token; int _calls; public async Task<double> RateAsync(CancellationToken ct) { _token ??= DateTime.UtcNow.ToString(); _calls++; await Task.Delay(1, ct); return _calls; } }"

    "a monitor that looks at the world",
    "using System.IO; using System.Diagnostics; Algorithm.Monitor(ctx => new Load(Environment.ProcessorCount + File.ReadAllLines(\"/proc/stat\").Length + Process.GetCurrentProcess().WorkingSet64)).Plan(ctx => Plan.Single(1));"
]

let private generated = [
    "a generated expression",
    "using System.Text.RegularExpressions; Algorithm.CreatePlan<Load>(ctx => Plan.ForEach(ctx.Topology, node => Names.Batch().IsMatch(node.Key) || Names.Stream.IsMatch(node.Key) ? 2 : 1));
static partial class Names { [GeneratedRegex(\"^batch-(a|b)+\")] public static partial Regex Batch(); [GeneratedRegex(\"x$\")] public static partial Regex Stream { get; } }"

    "generated messages of a log",
    "using Microsoft.Extensions.Logging; using Microsoft.Extensions.Logging.Abstractions; ILogger log = NullLogger.Instance;
Algorithm.CreatePlan<Load>(ctx => { Log.Planned(log, ctx.Id, 3); return Plan.Single(3); });
static partial class Log { [LoggerMessage(1, LogLevel.Information, \"{Id}: {Instances}\")] public static partial void Planned(ILogger log, string id, int instances); }"

    "generated metadata of JSON",
    "using System.Text.Json; using System.Text.Json.Serialization; Algorithm.CreatePlan<Load>(ctx => Plan.Single(JsonSerializer.Serialize(new Demand(ctx.Topology.Count), Json.Default.Demand).Length));
[JsonSerializable(typeof(Demand))] partial class Json : JsonSerializerContext;"
]

let tests =
    testList "Nothing is said about ordinary" [
        for name, source in settings do
            test $"settings: {name}" { silent source }

        for name, source in functions do
            test $"functions: {name}" { silent source }

        for name, source in services do
            test $"services: {name}" { silent source }

        for name, source in generated do
            test $"generated code: {name}" { silentWithGenerators source }
    ]
