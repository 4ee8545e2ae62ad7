/// KTA012
module Kta.Functional.Tests.Analyzers.StaticLambdaTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private offered step = $"KTA012: {step} captures nothing; as a static lambda the compiler keeps it so"

let tests =
    testList "KTA012, a step that could be static, is" [
        test "shown nowhere, and only offered" {
            silent "Algorithm.CreatePlan<Load>(ctx => Plan.Single(1));"

            "Algorithm.CreatePlan<Load>([|ctx =>|] Plan.Single(1));"
            |> offersTo [ offered "plan" ]
        }

        test "not offered without the library" {
            silentWithoutTheLibrary "Func<PlanContext, int> f = ctx => 1; f(new()); class PlanContext;"
        }

        for name, source in
            [
                "what captures a variable", "var n = 3; Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(_ => n));"
                "what captures an argument", "Algorithm.CreatePlan<Load>(ctx => Plan.Single(args.Length));"
                "what captures its object",
                "new P().Make(); class P { int n = 3; public Algorithm Make() => Algorithm.CreatePlan<Load>(ctx => Plan.Single(n)); }"
                "what calls a local function that may capture",
                "int Least() => 1; Algorithm.CreatePlan<Load>(ctx => Plan.Single(Least()));"
                "what is static", "Algorithm.CreatePlan<Load>(static ctx => Plan.Single(1));"
                "a lambda that is no step", "Func<int, int> twice = n => n * 2; Console.Write(twice(1));"
                "a method group",
                "Algorithm.CreatePlan<Load, Demand>(P.Decide); static class P { public static Plan Decide(PlanContext<Load, Demand> ctx) => Plan.Single(1); }"
            ] do
            test $"not offered: {name}" { offersTo [] source }

        for name, before, after in
            [
                "with one parameter",
                "Algorithm.CreatePlan<Load>(ctx => ctx.ForEachNode(node => 1));",
                "Algorithm.CreatePlan<Load>(static ctx => ctx.ForEachNode(node => 1));"

                "with a token",
                "Algorithm.Monitor(async (ctx, ct) => { await Task.Delay(1, ct); return new Load(1); });",
                "Algorithm.Monitor(static async (ctx, ct) => { await Task.Delay(1, ct); return new Load(1); });"

                "with constants, static members and variables of its own",
                "const int least = 1; Algorithm.CreatePlan<Load>(ctx => { var n = Math.Max(least, P.N); return Plan.Single(n); }); static class P { public static readonly int N = 2; }",
                "const int least = 1; Algorithm.CreatePlan<Load>(static ctx => { var n = Math.Max(least, P.N); return Plan.Single(n); }); static class P { public static readonly int N = 2; }"

                "as a named argument on a line of its own",
                "Algorithm.CreatePlan<Load>(\n    plan: ctx => Plan.Single(1));",
                "Algorithm.CreatePlan<Load>(\n    plan: static ctx => Plan.Single(1));"

                "after a comment",
                "Algorithm.CreatePlan<Load>(\n    // All alike.\n    ctx => Plan.Single(1));",
                "Algorithm.CreatePlan<Load>(\n    // All alike.\n    static ctx => Plan.Single(1));"
            ] do
            test $"fixed {name}" { before |> fixedTo after }
    ]
