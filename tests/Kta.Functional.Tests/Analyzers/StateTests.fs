/// KTA001
module Kta.Functional.Tests.Analyzers.StateTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private says1 (what: string) source =
    says
        [
            $"KTA001: {what}, which outlives the call; put what the next call needs into a result and read it from ctx.History"
        ]
        source

let private plan body =
    "var count = 0; var list = new List<int>(); var array = new int[3]; var text = new System.Text.StringBuilder();\n"
    + $"Algorithm.CreatePlan<Load>(ctx => {{ {body} return ctx.ForEachNode(_ => 1); }});\n"
    + "Console.Write((count, list, array, text));\n"
    + "static class Shared { public static int Count; public static int Settable { get; set; } public static List<int> List { get; } = []; }"

let private silence =
    testList "silent" [
        test "without the library" {
            silentWithoutTheLibrary
                "var count = 0; Func<PlanContext, int> f = ctx => count++; f(new()); class PlanContext;"
        }

        for name, source in
            [
                "outside of a step", "var count = 0; Action add = () => count++; add(); Console.Write(count);"
                "a local variable of the step", plan "var n = 0; n++; n += 2; (n, var m) = (1, 2);"
                "a local collection", plan "var own = new List<int>(); own.Add(1); own[0] = 2;"
                "a lambda that changes a local of the step",
                plan "var n = 0; var all = ctx.Topology.Select(_ => n++).ToList();"
                "a local function that changes a local of the step", plan "var n = 0; void Up() => n++; Up();"
                "reading what is captured", plan "var n = count + list.Count + array[0] + text.Length;"
                "a query over what is captured", plan "var more = list.Append(1).Reverse().ToList();"
                "a sorted set from its end",
                plan "var n = Sorted.Of.Reverse().First();"
                + " static class Sorted { public static SortedSet<int> Of { get; } = [1, 2]; }"
                "an immutable collection",
                plan "var set = System.Collections.Immutable.ImmutableList<int>.Empty; set = set.Add(1);"
                "a variable that was given something of its own", plan "var own = list; own = [.. list]; own.Add(1);"
                "a copy", plan "var own = list.ToList(); own.Add(1); List<int> other = [.. list]; other.Clear();"
                "an object initializer",
                plan "var box = new Box { N = 1, Of = { 1 } };"
                + " class Box { public int N; public List<int> Of = []; }"
                "a copy of a captured struct",
                plan "var pair = Pairs.One; pair.Item1 = 5;"
                + " static class Pairs { public static readonly (int, int) One = (1, 2); }"
                "out to a local", plan "new Dictionary<int, int>().TryGetValue(1, out var found);"
                "an object made in the step",
                plan "var counter = new Counter(); counter.Up();"
                + " class Counter { int n; public int Up() => ++n; }"
                "an atomic read", plan "var n = Volatile.Read(ref Shared.Count);"
                "a client of monitor that remembers something",
                "var client = new Client(); Algorithm.CreateMonitor<Load>(ctx => new Load(client.Rate()));\n"
                + "class Client { double last; public double Rate() => last = 3; }"
            ] do
            test name { silent source }
    ]

let private changes =
    testList "seen" [
        for what, body in
            [
                "plan assigns captured variable 'count'", "[|count = 3|];"
                "plan changes captured variable 'count'", "[|count++|];"
                "plan changes captured variable 'count'", "[|count += 2|];"
                "plan assigns captured variable 'list'", "[|(list, _) = (new List<int>(), 1)|];"
                "plan assigns captured variable 'array'", "[|array[0] = 1|];"
                "plan assigns captured variable 'list'", "[|list[0] = 1|];"
                "plan calls List.Add on captured variable 'list'", "[|list.Add(1)|];"
                "plan calls List.Clear on captured variable 'list'", "list?[|.Clear()|];"
                "plan calls StringBuilder.Append on captured variable 'text'", "[|text.Append(1)|];"
                "plan calls Array.Sort on captured variable 'array'", "[|Array.Sort(array)|];"
                "plan calls List.Add on captured variable 'list'", "var alias = list; [|alias.Add(1)|];"
                "plan calls List.Add on captured variable 'list'", "foreach (var node in ctx.Topology) [|list.Add(1)|];"
                "plan calls List.Add on captured variable 'list'",
                "ctx.Topology.ToList().ForEach(_ => [|list.Add(1)|]);"
                "plan passes by reference captured variable 'count'", "Interlocked.Increment([|ref count|]);"
                "plan passes by reference static field 'Shared.Count'", "Volatile.Write([|ref Shared.Count|], 3);"
                "plan passes by reference captured variable 'count'", "int.TryParse(\"1\", [|out count|]);"
                "plan changes static field 'Shared.Count'", "[|Shared.Count++|];"
                "plan assigns static property 'Shared.Settable'", "[|Shared.Settable = 1|];"
                "plan calls List.Add on static property 'Shared.List'", "[|Shared.List.Add(1)|];"
                "plan assigns static property 'Environment.ExitCode'", "[|Environment.ExitCode = 1|];"
                "plan assigns captured variable 'list'", "[|list ??= []|];"
            ] do
            test $"{what}: {body}" { plan body |> says1 what }
    ]

let private roots =
    testList "in every kind of step" [
        test "a method group" {
            says1
                "plan → Decide changes static field 'P.n'"
                "Algorithm.CreatePlan<Load>(P.Decide);
static class P { static int n; public static Plan Decide(PlanContext<Load, System.Text.Json.Nodes.JsonObject> ctx) { [|n++|]; return Plan.Single(1); } }"
        }

        test "a local function" {
            says1
                "monitor → Measure changes captured variable 'n'"
                "var n = 0;
Load Measure(MonitorContext ctx) { [|n++|]; return new(n); }
Algorithm.Monitor(Measure).Plan(ctx => Plan.Single(1));"
        }

        test "an asynchronous lambda" {
            says1
                "monitor changes captured variable 'n'"
                "var n = 0; Algorithm.Monitor(async (ctx, ct) => { await Task.Yield(); [|n++|]; return new Load(n); });"
        }

        test "a class" {
            says1
                "plan calls Dictionary.TryAdd on field '_seen'"
                "Algorithm.FromClass(new P());
class P : AutoscalingAlgorithmPlanUdf<Load, Demand> {
    private readonly Dictionary<string, int> _seen = [];
    public override Plan Plan(PlanContext<Load, Demand> context) { [|_seen.TryAdd(context.Id, 1)|]; return context.ForEachNode(_ => 1); } }"
        }

        test "a class that changes the parameter of its primary constructor" {
            says1
                "monitor changes captured variable 'rate'"
                "Algorithm.FromClass(new M(1));
class M(int rate) : IAsyncMonitorUdf<Load, Demand> {
    public Task<Load> MonitorAsync(MonitorContext<Load, Demand> context, CancellationToken ct) => Task.FromResult(new Load([|rate++|])); }"
        }

        test "a step that changes the arguments of the program" {
            says1
                "plan assigns captured variable 'args'"
                "Algorithm.CreatePlan<Load>(ctx => { [|args[0] = \"a\"|]; return Plan.Single(1); });"
        }

        test "an operator" {
            says1
                "plan → operator ++ changes static field 'Rate.Count'"
                "Algorithm.CreatePlan<Load>(ctx => { var rate = new Rate(); [|rate++|]; return Plan.Single(1); });
class Rate { static int Count; public static Rate operator ++(Rate rate) { Count++; return rate; } }"
        }

        test "a function that was made before" {
            says1
                "plan → next changes captured variable 'n'"
                "var n = 0; Func<int> next = () => ++n; Algorithm.CreatePlan<Load>(ctx => Plan.Single([|next|]()));"
        }

        test "a step in a with expression" {
            says1
                "analyze changes captured variable 'n'"
                "var n = 0; var a = Algorithm.For<Load, Demand>() with { Analyze = new(ctx => new Demand([|++n|])) };"
        }
    ]

let private calls =
    testList "through calls" [
        test "a method of the same compilation: reported where the step calls it" {
            says1
                "plan → Remember → Store calls List.Add on static field 'P.All'"
                "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.Remember(1)|]));
static class P { static readonly List<int> All = [];
    public static int Remember(int n) => Store(n);
    static int Store(int n) { All.Add(n); return n; } }"
        }

        test "recursion ends" {
            says1
                "plan → Even → Odd changes static field 'P.N'"
                "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.Even(4)|]));
static class P { static int N;
    public static int Even(int n) => n == 0 ? 1 : Odd(n - 1);
    static int Odd(int n) { N++; return Even(n - 1); } }"
        }

        test "a method of a captured object" {
            says1
                "plan → Up changes field 'n'"
                "var counter = new Counter(); Algorithm.CreatePlan<Load>(ctx => Plan.Single([|counter.Up()|]));
class Counter { int n; public int Up() => ++n; }"
        }

        test "a private method of the class" {
            says1
                "monitor → Next changes field '_n'"
                "#pragma warning disable KTA002
Algorithm.FromClass(new M());
class M : AutoscalingAlgorithmMonitorUdf<Load, Demand> { private int _n;
    public override Load Monitor(MonitorContext<Load, Demand> context) => new([|Next()|]);
    private int Next() => _n++; }"
        }

        test "a local function outside of the step" {
            says1
                "plan → Up changes captured variable 'n'"
                "var n = 0; int Up() => ++n; Algorithm.CreatePlan<Load>(ctx => Plan.Single([|Up()|]));"
        }

        test "a property" {
            says1
                "plan → Next changes static field 'P.n'"
                "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.Next|]));
static class P { static int n; public static int Next => ++n; }"
        }
    ]

let tests = testList "KTA001, state that outlives the call, is" [ silence; changes; roots; calls ]
