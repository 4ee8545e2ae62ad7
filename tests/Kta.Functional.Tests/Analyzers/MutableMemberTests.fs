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
            ] do
            test $"seen: {members}" { ofClass members |> says [ $"KTA002: {what}" ] }

        for before, after in
            [
                "private int _n = 1; public int M => _n;", "private readonly int _n = 1; public int M => _n;"
                "public int N { get; set; }", "public int N { get; init; }"
                "public int N { get; private set; }", "public int N { get; }"
            ] do
            test $"fixed: {before}" { ofClass before |> fixedTo (ofClass after) }
    ]
