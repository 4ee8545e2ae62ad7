/// KTA004: what differs between processes and machines, what hides in initialisers and operators, and live things.
module Kta.Functional.Tests.Analyzers.ReadingTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private time = "take the time from ctx.StartedAt"
let private identity = "take ctx.Id, which is new in every iteration"
let private hash = "hash the bytes of the value, as with SHA256.HashData"

let private chance =
    "derive it from ctx.UdfStartTimestampMillis, as in new Random((int)ctx.UdfStartTimestampMillis)"

let private surroundings = "read it before the algorithm is created, and use the value"

let private zone = "name the time zone, as in TimeZoneInfo.ConvertTime(ctx.StartedAt, zone)"

let private culture = "name the culture, as in CultureInfo.InvariantCulture"

let private file =
    "read it in monitor and answer it in the result, or read it before the algorithm is created"

let private world = "measure it in monitor, and answer it in the result"
let private options = "take IOptions<T>, or the value before the algorithm is created"

let private differs (others: string) (path: string) (instead: string) source =
    says [ $"KTA004: {path} differs from {others}, so the decision cannot be replayed; {instead}" ] source

let private plan expression =
    "using System.Diagnostics; using System.Globalization; using System.IO; using System.Net.Http; using System.Net.Http.Json;\n"
    + "var http = new HttpClient(); var service = Service.Of(http); Stopwatch watch = new(); var key = \"a\"; object any = key; var stamp = new DateTime(2026, 1, 1);\n"
    + $"Algorithm.CreatePlan<Load>(ctx => {{ object? x = {expression}; return ctx.ForEachNode(_ => 1); }});\n"
    + "Console.Write((http, service, watch, key, any, stamp));\n"
    + "record Key(string Of); record struct Pair(int A, long B); record struct Named(string Of); class Plain; enum Kind { One }\n"
    + "class Own(int n) { readonly int n = n; public override int GetHashCode() => n * 31; }"

let private ordinary = [
    "ctx.StartedAt.UtcDateTime.ToString(\"O\")"
    "TimeZoneInfo.ConvertTime(ctx.StartedAt, TimeZoneInfo.FindSystemTimeZoneById(\"Europe/Berlin\"))"
    "double.Parse(key, CultureInfo.InvariantCulture)"
    "int.Parse(key)"
    "DateTime.ParseExact(key, \"O\", CultureInfo.InvariantCulture)"
    "string.Equals(key, \"b\", StringComparison.OrdinalIgnoreCase)"
    "StringComparer.Ordinal.Equals(key, \"b\")"
    "3.GetHashCode()"
    "Kind.One.GetHashCode() + ctx.StartedAt.GetHashCode() + 2.5m.GetHashCode() + Guid.Empty.GetHashCode()"
    "new Pair(1, 2).GetHashCode()"
    "new Own(3).GetHashCode()"
    "((int?)3).GetHashCode()"
    "EqualityComparer<int>.Default.GetHashCode(3)"
    "new HashSet<string> { key }.Contains(\"b\")"
    "Path.Combine(key, \"b\")"
    "new StringReader(key).ReadToEnd()"
    "new MemoryStream().Length"
    "http.BaseAddress"
    "Environment.NewLine"
    "Math.Clamp(3, 1, 2)"
]

let private readings = [
    "machine to machine",
    "[|Environment.GetEnvironmentVariable(\"X\")|]",
    "Environment.GetEnvironmentVariable",
    surroundings
    "machine to machine", "[|Environment.MachineName|]", "Environment.MachineName", surroundings
    "machine to machine", "[|Environment.ProcessId|]", "Environment.ProcessId", surroundings
    "machine to machine", "[|Environment.ProcessorCount|]", "Environment.ProcessorCount", surroundings
    "call to call", "[|Environment.TickCount|]", "Environment.TickCount", time
    "call to call", "[|watch.Elapsed|]", "Stopwatch.Elapsed", time
    "call to call", "[|watch.ElapsedMilliseconds|]", "Stopwatch.ElapsedMilliseconds", time
    "machine to machine", "[|ctx.StartedAt.LocalDateTime|].Hour", "DateTimeOffset.LocalDateTime", zone
    "machine to machine", "[|ctx.StartedAt.ToLocalTime()|]", "DateTimeOffset.ToLocalTime", zone
    "machine to machine", "[|stamp.ToLocalTime()|]", "DateTime.ToLocalTime", zone
    "machine to machine", "[|TimeZoneInfo.Local|]", "TimeZoneInfo.Local", zone
    "machine to machine", "[|CultureInfo.CurrentCulture|]", "CultureInfo.CurrentCulture", culture
    "machine to machine", "[|CultureInfo.CurrentUICulture|].Name", "CultureInfo.CurrentUICulture", culture
    "machine to machine", "[|NumberFormatInfo.CurrentInfo|]", "NumberFormatInfo.CurrentInfo", culture
    "machine to machine",
    "key.StartsWith(\"b\", [|StringComparison.CurrentCulture|])",
    "StringComparison.CurrentCulture",
    culture
    "machine to machine", "[|double.Parse(key)|]", "Double.Parse", culture
    "machine to machine", "[|decimal.TryParse(key, out var n)|]", "Decimal.TryParse", culture
    "machine to machine", "[|DateTime.Parse(key)|]", "DateTime.Parse", culture
    "machine to machine", "[|Convert.ToDouble(key)|]", "Convert.ToDouble", culture
    "process to process", "[|key.GetHashCode()|]", "String.GetHashCode", hash
    "process to process", "ctx.Topology.Sum(node => [|node.Key.GetHashCode()|])", "String.GetHashCode", hash
    "process to process", "[|HashCode.Combine(1, 2)|]", "HashCode.Combine", hash
    "process to process", "[|new HashCode().ToHashCode()|]", "HashCode.ToHashCode", hash
    "process to process", "[|any.GetHashCode()|]", "Object.GetHashCode", hash
    "process to process", "[|new Plain().GetHashCode()|]", "Object.GetHashCode", hash
    "process to process", "[|new Key(key).GetHashCode()|]", "Key.GetHashCode", hash
    "process to process", "[|new Named(key).GetHashCode()|]", "Named.GetHashCode", hash
    "process to process", "[|(1, 2).GetHashCode()|]", "ValueTuple.GetHashCode", hash
    "process to process", "[|ctx.Topology[0].GetHashCode()|]", "TopologyNode.GetHashCode", hash
    "process to process", "[|StringComparer.Ordinal.GetHashCode(key)|]", "StringComparer.GetHashCode", hash
    "process to process", "[|EqualityComparer<string>.Default.GetHashCode(key)|]", "EqualityComparer.GetHashCode", hash
    "call to call", "[|File.ReadAllText(key)|]", "File.ReadAllText", file
    "call to call", "[|File.Exists(key)|]", "File.Exists", file
    "call to call", "[|Directory.GetFiles(key)|]", "Directory.GetFiles", file
    "call to call", "[|new StreamReader(key)|].ReadLine()", "new StreamReader", file
    "call to call", "[|http.GetStringAsync(key)|]", "HttpClient.GetStringAsync", world
    "call to call", "[|http.GetFromJsonAsync<int>(key)|]", "HttpClient.GetFromJsonAsync", world
    "call to call", "[|service.Value|].BaseAddress", "Service.Value", world
    "call to call", "[|Process.GetCurrentProcess()|].Id", "Process.GetCurrentProcess", world
    "call to call", "[|GC.GetTotalMemory(false)|]", "GC.GetTotalMemory", world
    "call to call", "[|Console.ReadLine()|]", "Console.ReadLine", world
]

let private hidden = [
    "a static field that is given the time",
    "call to call",
    "Started → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|Clock.Started|].Hour)); static class Clock { public static readonly DateTime Started = DateTime.UtcNow; }"

    "a static property that is given a new id",
    "call to call",
    "Of → Guid.NewGuid",
    identity,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|Me.Of|].Length)); static class Me { public static string Of { get; } = Guid.NewGuid().ToString(); }"

    "a static constructor",
    "call to call",
    "Seed → Random.Shared",
    chance,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|Me.Seed|])); static class Me { public static readonly int Seed; static Me() { Seed = Random.Shared.Next(); } }"

    "a field of the class with steps",
    "call to call",
    "_started → DateTime.UtcNow",
    time,
    "Algorithm.FromClass(new P());
class P : IPlanUdf<Load, Demand> { private readonly DateTime _started = DateTime.UtcNow;
    public Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => [|_started|].Hour); }"

    "a field that the constructor of the class with steps assigns",
    "process to process",
    "_salt → String.GetHashCode",
    hash,
    "Algorithm.FromClass(new P(\"a\"));
class P : IPlanUdf<Load, Demand> { private readonly int _salt; public P(string name) { _salt = name.GetHashCode(); }
    public Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => [|_salt|]); }"

    "a captured variable that was given the time",
    "call to call",
    "started → DateTimeOffset.UtcNow",
    time,
    "var started = DateTimeOffset.UtcNow; Algorithm.CreatePlan<Load>(ctx => Plan.Single(ctx.StartedAt - [|started|] < TimeSpan.FromMinutes(5) ? 4 : 1));"

    "a captured function",
    "machine to machine",
    "least → Environment.ProcessorCount",
    surroundings,
    "Func<int> least = () => Environment.ProcessorCount; Algorithm.CreatePlan<Load>(ctx => Plan.Single([|least|]()));"

    "a captured method group",
    "call to call",
    "now → Now → DateTime.UtcNow",
    time,
    "Func<DateTime> now = P.Now; Algorithm.CreatePlan<Load>(ctx => Plan.Single([|now|]().Hour)); static class P { public static DateTime Now() => DateTime.UtcNow; }"

    "a value that is computed late",
    "call to call",
    "Started → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.Started|].Value.Hour)); static class P { public static readonly Lazy<DateTime> Started = new(() => DateTime.UtcNow); }"

    "the initialiser of an object made in the step",
    "call to call",
    "new Sample → At → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|new Sample()|].At.Hour)); class Sample { public DateTime At { get; } = DateTime.UtcNow; }"

    "the initialiser of what it is derived from",
    "call to call",
    "new More → _at → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|new More()|].Hour)); class Sample { private readonly DateTime _at = DateTime.UtcNow; public int Hour => _at.Hour; } class More : Sample;"

    "a property with a body",
    "call to call",
    "Now → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.Now|].Hour)); static class P { public static DateTime Now { get { return DateTime.UtcNow; } } }"

    "a setter",
    "call to call",
    "Rate → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => { var box = new Box(); [|box.Rate|] = 3; return Plan.Single(1); }); class Box { DateTime at; public int Rate { set => at = DateTime.UtcNow; } public int Hour => at.Hour; }"

    "an operator",
    "call to call",
    "operator + → DateTime.UtcNow",
    time,
    "Algorithm.CreatePlan<Load>(ctx => { var sum = [|new Rate(1) + new Rate(2)|]; return Plan.Single(sum.N); });
readonly record struct Rate(int N) { public static Rate operator +(Rate a, Rate b) => new(a.N + b.N + DateTime.UtcNow.Hour); }"

    "a conversion",
    "process to process",
    "implicit operator int → String.GetHashCode",
    hash,
    "Algorithm.CreatePlan<Load>(ctx => { int n = [|new Name(\"a\")|]; return Plan.Single(n); });
readonly record struct Name(string Of) { public static implicit operator int(Name name) => name.Of.GetHashCode(); }"

    "a hash code of one's own",
    "process to process",
    "GetHashCode → HashCode.Combine",
    hash,
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|new Own(1).GetHashCode()|])); class Own(int n) { readonly int n = n; public override int GetHashCode() => HashCode.Combine(n); }"

    "options that are watched",
    "call to call",
    "IOptionsMonitor.CurrentValue",
    options,
    "using Microsoft.Extensions.Options; IOptionsMonitor<Load> limits = null!; Algorithm.CreatePlan<Load>(ctx => Plan.Single((int)[|limits.CurrentValue|].RecordsPerSecond));"

    "a database",
    "call to call",
    "DbCommand.ExecuteScalar",
    world,
    "System.Data.Common.DbCommand command = null!; Algorithm.CreatePlan<Load>(ctx => Plan.Single((int)[|command.ExecuteScalar()|]!));"
]

let private settings = [
    "a static field from the environment",
    "Algorithm.CreatePlan<Load>(ctx => Plan.Single(P.Least)); static class P { public static readonly int Least = int.Parse(Environment.GetEnvironmentVariable(\"LEAST\") ?? \"1\"); }"

    "a captured variable from the environment, a file and the machine",
    "var least = int.Parse(Environment.GetEnvironmentVariable(\"LEAST\") ?? \"1\"); var lines = System.IO.File.ReadAllLines(\"weights\"); var cores = Environment.ProcessorCount; var zone = TimeZoneInfo.Local;
Algorithm.CreatePlan<Load>(ctx => Plan.Single(least + lines.Length + cores + zone.BaseUtcOffset.Hours));"

    "what took a clock to be made",
    "var model = Model.Load(); Algorithm.CreatePlan<Load>(ctx => Plan.Single(model.Best));
class Model { public int Best { get; init; } public static Model Load() { var watch = System.Diagnostics.Stopwatch.StartNew(); var best = Random.Shared.Next(); Console.Write(watch.Elapsed); return new() { Best = 3 }; } }"

    "a logger that is declared as a service",
    "using Microsoft.Extensions.Logging; using Microsoft.Extensions.Logging.Abstractions; var log = Service.Of<ILogger>(NullLogger.Instance);
Algorithm.CreatePlan<Load>(ctx => { log.Value.LogInformation(\"planned\"); return Plan.Single(1); });"

    "a service and a client in monitor",
    "var http = Service.Of(new System.Net.Http.HttpClient());
Algorithm.Monitor(async (ctx, ct) => new Load((await http.Value.GetStringAsync(\"http://localhost\", ct)).GetHashCode() + Environment.ProcessId + DateTime.UtcNow.Hour)).Plan(ctx => Plan.Single(1));"
]

let tests =
    testList "KTA004, what differs elsewhere, is" [
        for expression in ordinary do
            test $"silent: {expression}" { silent (plan expression) }

        for name, source in settings do
            test $"silent about {name}" { silent source }

        for others, expression, name, instead in readings do
            test $"seen: {expression}" { plan expression |> differs others $"plan → {name}" instead }

        for name, others, path, instead, source in hidden do
            test $"seen in {name}" { differs others $"plan → {path}" instead source }
    ]
