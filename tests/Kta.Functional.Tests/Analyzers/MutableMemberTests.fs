/// KTA002
module Kta.Functional.Tests.Analyzers.MutableMemberTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private ofClass members =
    "Algorithm.FromClass(new P());\n"
    + $"class P : IPlanUdf<Load, Demand> {{ {members} public Plan Plan(PlanContext<Load, Demand> ctx) => ctx.ForEachNode(_ => 1); }}"

let tests =
    testList "KTA002, a class with steps that can change, is" [
        test "silent without the library" {
            silentWithoutTheLibrary "new P().Run(); class P { public int N; public void Run() => N++; }"
        }

        for members in
            [
                "private readonly int _n = 1;"
                "private const int N = 1;"
                "private static readonly int N = 1;"
                "public int N { get; } = 1;"
                "public int N { get; init; } = 1;"
                "public int N { get => 1; set { } }"
                "private readonly List<int> _peaks = [1, 2]; public int M => _peaks[0];"
                "public Dictionary<string, int> Peaks { get; init; } = [];"
            ] do
            test $"silent: {members}" { silent (ofClass members) }

        test "silent in a class without steps" { silent "Console.Write(new P().N); class P { public int N; }" }

        for members, what in
            [
                "private int [|_n|] = 1; public int M => _n;",
                "Field '_n' of 'P' can change, and all calls share one 'P'; make it readonly"
                "public int [|N|] { get; set; }",
                "Property 'N' of 'P' can change, and all calls share one 'P'; make it init-only"
                "public int [|N|] { get; private set; }",
                "Property 'N' of 'P' can change, and all calls share one 'P'; make it get-only"
                "public List<int> [|Peaks|] { get; set; } = [];",
                "Property 'Peaks' of 'P' can change, and all calls share one 'P'; make it init-only, of an immutable type such as ImmutableList<int>"
                "private Dictionary<string, double> [|_of|] = []; public int M => _of.Count;",
                "Field '_of' of 'P' can change, and all calls share one 'P'; make it readonly, of an immutable type such as ImmutableDictionary<string, double>"
            ] do
            test $"seen: {members}" { ofClass members |> says [ $"KTA002: {what}" ] }

        for before, after in
            [
                "private int _n = 1; public int M => _n;", "private readonly int _n = 1; public int M => _n;"
                "public int N { get; set; }", "public int N { get; init; }"
                "public int N { get; private set; }", "public int N { get; }"
            ] do
            test $"fixed: {before}" { ofClass before |> fixedTo (ofClass after) }

        for before, after in
            [
                "public List<int> N { get; set; } = [1, 2];", "public ImmutableList<int> N { get; init; } = [1, 2];"
                "public List<int> N { get; set; } = new();", "public ImmutableList<int> N { get; init; } = [];"
                "public List<int> N { get; set; } = new List<int> { 1, 2 };",
                "public ImmutableList<int> N { get; init; } = [1, 2];"
                "public List<int>? N { get; set; }", "public ImmutableList<int>? N { get; init; }"
                "public IList<int> N { get; private set; } = new[] { 1 };",
                "public ImmutableList<int> N { get; } = [1];"
                "public int[] N { get; set; } = { 1, 2 };", "public ImmutableArray<int> N { get; init; } = [1, 2];"
                "public int[] N { get; set; } = new int[] { 1, 2 };",
                "public ImmutableArray<int> N { get; init; } = [1, 2];"
                "public int[] N { get; set; }", "public ImmutableArray<int> N { get; init; } = [];"
                "public List<string?[]> N { get; set; } = [];", "public ImmutableList<string?[]> N { get; init; } = [];"
                "public HashSet<string> N { get; set; } = [];", "public ImmutableHashSet<string> N { get; init; } = [];"
                "public HashSet<string> N { get; set; } = new(StringComparer.Ordinal);",
                "public ImmutableHashSet<string> N { get; init; } = new HashSet<string>(StringComparer.Ordinal).ToImmutableHashSet();"
                "public Dictionary<string, int> N { get; set; } = [];",
                "public ImmutableDictionary<string, int> N { get; init; } = ImmutableDictionary<string, int>.Empty;"
                "public Dictionary<string, int> N { get; set; } = new() { [\"a\"] = 1 };",
                "public ImmutableDictionary<string, int> N { get; init; } = new Dictionary<string, int> { [\"a\"] = 1 }.ToImmutableDictionary();"
                "private List<int> _n = Enumerable.Range(1, 3).ToList(); public int M => _n[0];",
                "private readonly ImmutableList<int> _n = Enumerable.Range(1, 3).ToList().ToImmutableList(); public int M => _n[0];"
            ] do
            test $"fixed to what holds the same, and stays: {before}" {
                ofClass before
                |> fixedTo ("using System.Collections.Immutable;\n\n" + ofClass after)
            }
    ]
