/// KTA005 and KTA007
module Kta.Functional.Tests.Analyzers.ResultTypeTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private noObject (name: string) source =
    says
        [
            $"KTA005: '{name}' cannot be the result of a step, because it is not written as a JSON object; wrap it into a record, as in record Load(double RecordsPerSecond)"
        ]
        source

let private task (step: string) (name: string) source =
    says
        [
            $"KTA007: {step} answers '{name}', but a result is a value; add the token as second parameter, as in async (ctx, ct) => …"
        ]
        source

let private objects =
    testList "KTA005, a result that is no JSON object, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "Algorithm.Create<string>(); static class Algorithm { public static void Create<TMonitor>() { } }"
        }

        for name in
            [
                "Load"
                "object"
                "Dictionary<string, int>"
                "IReadOnlyDictionary<string, double>"
                "System.Text.Json.Nodes.JsonObject"
            ] do
            test $"silent for {name}" {
                silent $"Algorithm.Create<{name}>(ctx => throw new Exception(), ctx => Plan.Single(1));"
            }

        test "silent with a codec" {
            silent
                "Algorithm.Create<string>(_ => \"text\", _ => Plan.Single(1)).WithMonitorCodec(Codec.FromText<string>(text => text, text => text));
var a = Algorithm.For<Load, Uri>() with { AnalyzeCodec = Codec.FromText<Uri>(uri => \"{}\", _ => new Uri(\"http://localhost\")) };"
        }

        test "silent for a type with a converter" {
            silent
                "using System.Text.Json; using System.Text.Json.Serialization;
Algorithm.Create<Rates>(_ => [], _ => Plan.Single(1));
[JsonConverter(typeof(Written))] class Rates : List<int>;
class Written : JsonConverter<Rates> {
    public override Rates Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) => [];
    public override void Write(Utf8JsonWriter writer, Rates value, JsonSerializerOptions options) { } }"
        }

        test "silent for a type parameter" {
            silent "static Algorithm Of<T>() where T : class => Algorithm.For<T, Demand>(); Of<Load>();"
        }

        for name in [ "string"; "int[]"; "List<double>"; "IEnumerable<Load>"; "HashSet<int>"; "Uri"; "Func<int>" ] do
            test $"seen for {name}" {
                noObject name $"Algorithm.Create<[|{name}|]>(ctx => throw new Exception(), ctx => Plan.Single(1));"
            }

        test "seen for the second of two" { noObject "string" "Algorithm.For<Load, [|string|]>();" }

        test "seen where the type is inferred" {
            noObject "string" "Algorithm.[|Monitor|](ctx => \"text\").Plan(ctx => Plan.Single(1));"
        }

        test "seen in a class" {
            noObject
                "string"
                "Algorithm.FromClass(new M());
class [|M|] : IMonitorUdf<string, Demand> { public string Monitor(MonitorContext<string, Demand> context) => \"text\"; }"
        }
    ]

let private tasks =
    testList "KTA007, a step that answers a task, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "Func<MonitorContext, Task<int>> f = async ctx => await Task.FromResult(1); f(new()); class MonitorContext;"
        }

        test "silent with a token" {
            silent
                "Algorithm.Monitor(async (ctx, ct) => { await Task.Yield(); return new Load(1); }).Plan((ctx, ct) => Task.FromResult(Plan.Single(1)));"
        }

        test "seen in an asynchronous lambda" {
            task
                "monitor"
                "Task<Load>"
                "Algorithm.Monitor([|async ctx => { await Task.Yield(); return new Load(1); }|]).Plan(ctx => Plan.Single(1));"
        }

        test "seen in a lambda that answers a task" {
            task
                "analyze"
                "Task<Demand>?"
                "Algorithm.Monitor(ctx => new Load(1)).Analyze([|ctx => Task.FromResult(new Demand(1))|]);"
        }

        test "seen in a method group" {
            task
                "monitor"
                "Task<Load>"
                "Algorithm.Monitor([|P.Measure|]); static class P { public static Task<Load> Measure(MonitorContext ctx) => Task.FromResult(new Load(1)); }"
        }

        test "seen in a step as a value" {
            task
                "monitor"
                "Task<Load>"
                "var step = new Udf<MonitorContext, Task<Load>>([|ctx => Task.FromResult(new Load(1))|]);"
        }

        test "fixed: the lambda gets the token" {
            "Algorithm.Monitor(async ctx => { await Task.Yield(); return new Load(1); }).Plan(ctx => Plan.Single(1));"
            |> fixedTo
                "Algorithm.Monitor(async (ctx, ct) => { await Task.Yield(); return new Load(1); }).Plan(ctx => Plan.Single(1));"
        }

        test "fixed: a lambda with types" {
            "Algorithm.Monitor((MonitorContext ctx) => Task.FromResult(new Load(1))).Plan(ctx => Plan.Single(1));"
            |> fixedTo
                "Algorithm.Monitor((MonitorContext ctx, CancellationToken ct) => Task.FromResult(new Load(1))).Plan(ctx => Plan.Single(1));"
        }
    ]

let tests = testList "Results" [ objects; tasks ]
