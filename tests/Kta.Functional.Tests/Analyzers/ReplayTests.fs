/// KTA004
module Kta.Functional.Tests.Analyzers.ReplayTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private time = "take the time from ctx.StartedAt"

let private chance =
    "derive it from ctx.UdfStartTimestampMillis, as in new Random((int)ctx.UdfStartTimestampMillis)"

let private identity = "take ctx.Id, which is new in every iteration"

let private differsFrom (others: string) (path: string) (instead: string) source =
    says [ $"KTA004: {path} differs from {others}, so the decision cannot be replayed; {instead}" ] source

let private differs = differsFrom "call to call"

let private plan expression =
    $"using System.Diagnostics; using System.Security.Cryptography; var random = new Random(1); TimeProvider clock = TimeProvider.System;\n"
    + $"Algorithm.CreatePlan<Load>(ctx => {{ object x = {expression}; return ctx.ForEachNode(_ => 1); }});\n"
    + "Console.Write((random, clock));"

let tests =
    testList "KTA004, what a replay cannot know, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "Func<PlanContext, long> f = ctx => DateTime.Now.Ticks; f(new()); class PlanContext;"
        }

        test "silent outside of a step" {
            silent "Console.Write(DateTime.UtcNow); Algorithm.CreatePlan<Load>(ctx => Plan.Single(1));"
        }

        test "silent in monitor, which measures" {
            silent
                "Algorithm.Monitor(ctx => new Load(DateTime.UtcNow.Second + Random.Shared.Next())).Plan(ctx => Plan.Single(1));"
        }

        for expression in
            [
                "nameof(DateTime.Now)"
                "ctx.StartedAt.UtcDateTime"
                "new Random((int)ctx.UdfStartTimestampMillis).Next()"
                "Guid.Parse(ctx.Id)"
                "new DateTime(2026, 1, 1)"
                "Environment.NewLine"
                "TimeSpan.FromSeconds(1)"
            ] do
            test $"silent: {expression}" { silent (plan expression) }

        for expression, name, instead in
            [
                "[|DateTime.Now|]", "DateTime.Now", time
                "[|DateTime.UtcNow|]", "DateTime.UtcNow", time
                "[|DateTime.Today|]", "DateTime.Today", time
                "[|DateTimeOffset.UtcNow|].Hour", "DateTimeOffset.UtcNow", time
                "[|Environment.TickCount64|]", "Environment.TickCount64", time
                "[|Stopwatch.GetTimestamp()|]", "Stopwatch.GetTimestamp", time
                "[|Stopwatch.StartNew()|]", "Stopwatch.StartNew", time
                "[|TimeProvider.System|].GetUtcNow()", "TimeProvider.System", time
                "[|clock.GetUtcNow()|]", "TimeProvider.GetUtcNow", time
                "[|new Random()|]", "new Random", chance
                "[|Random.Shared|].Next()", "Random.Shared", chance
                "[|random.Next()|]", "Random.Next", chance
                "[|RandomNumberGenerator.GetInt32(3)|]", "RandomNumberGenerator.GetInt32", chance
                "[|Guid.NewGuid()|]", "Guid.NewGuid", identity
                "new List<int>().Select(_ => [|DateTime.Now|])", "DateTime.Now", time
            ] do
            test $"seen: {expression}" { plan expression |> differs $"plan → {name}" instead }

        test "seen in a method group" {
            differs
                "analyze → Decide → DateTime.Now"
                time
                "Algorithm.CreateAnalyze<Load, Demand>(P.Decide);
static class P { public static Demand? Decide(AnalyzeContext<Load, Demand> ctx) => new([|DateTime.Now|].Hour); }"
        }

        test "seen in a local function" {
            differs
                "plan → Decide → Guid.NewGuid"
                identity
                "Plan Decide(PlanContext<Load, Demand> ctx) { var id = [|Guid.NewGuid()|]; return Plan.Single(1); }
Algorithm.CreatePlan<Load, Demand>(Decide);"
        }

        test "seen in an asynchronous step" {
            differs
                "plan → DateTime.Now"
                time
                "Algorithm.CreatePlan<Load>(async (ctx, ct) => { await Task.Delay([|DateTime.Now|].Second, ct); return Plan.Single(1); });"
        }

        test "seen in a class" {
            differs
                "plan → DateTime.UtcNow"
                time
                "Algorithm.FromClass(new P());
class P : IPlanUdf<Load, Demand> { public Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => [|DateTime.UtcNow|].Hour); }"
        }

        test "seen through calls, with the way there" {
            differs
                "plan → Peak → IsDay → Now → DateTime.Now"
                time
                "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.Peak()|]));
static class P { public static int Peak() => IsDay() ? 2 : 1; static bool IsDay() => Now.Hour > 8; static DateTime Now => DateTime.Now; }"
        }

        test "seen in a constructor" {
            differs
                "plan → new Clock → DateTime.Now"
                time
                "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|new Clock()|].Hour)); class Clock { public Clock() => Hour = DateTime.Now.Hour; public int Hour { get; } }"
        }

        test "seen once where methods call each other in circles" {
            differs
                "plan → A → B → DateTime.Now"
                time
                "Algorithm.CreatePlan<Load>(ctx => Plan.Single([|P.A(3)|]));
static class P { public static int A(int n) => n == 0 ? 1 : B(n - 1); static int B(int n) => A(n) + DateTime.Now.Hour + B(n - 1); }"
        }
    ]
