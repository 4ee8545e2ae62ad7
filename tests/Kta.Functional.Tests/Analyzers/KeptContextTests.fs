/// KTA003
module Kta.Functional.Tests.Analyzers.KeptContextTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private keeps (step: string) (value: string) (place: string) source =
    says
        [
            $"KTA003: {step} keeps {value} in {place}; a context ends with its call: answer the values that are needed in a result, and read them from the next ctx.History"
        ]
        source

let private plan body =
    "object? last = null; IEnumerable<double> rates = []; Func<string> later = () => \"\"; var all = new List<object>();\n"
    + $"Algorithm.CreatePlan<Load, Demand>(ctx => {{ {body} return ctx.ForEachNode(_ => 1); }});\n"
    + "Console.Write((last, rates, later, all));"

let tests =
    testList "KTA003, a kept context, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "PlanContext? last; Func<PlanContext, int> f = ctx => { last = ctx; return 1; }; f(new()); class PlanContext;"
        }

        test "silent outside of a step" {
            silent "PlanContext<Load, Demand>? last; Action<PlanContext<Load, Demand>> keep = ctx => last = ctx;"
        }

        for body in
            [
                "var own = ctx; var history = ctx.History; var newest = ctx.History.Latest;"
                "var own = new List<object>(); own.Add(ctx);"
                "Func<string> now = () => ctx.Id; now();"
            ] do
            test $"silent: {body}" { silent (plan body) }

        for value, place, body in
            [
                "'ctx'", "captured variable 'last'", "[|last = ctx|];"
                "'ctx.History'", "captured variable 'last'", "[|last = ctx.History|];"
                "'ctx.History[0]'", "captured variable 'last'", "[|last = ctx.History[0]|];"
                "'ctx.History.Take(3)'", "captured variable 'last'", "[|last = ctx.History.Take(3)|];"
                "'ctx.History.ToList()'", "captured variable 'last'", "[|last = ctx.History.ToList()|];"
                "a query over 'ctx.History'",
                "captured variable 'rates'",
                "[|rates = ctx.History.Select(entry => entry.MonitorResult.RecordsPerSecond)|];"
                "a function that reads 'ctx'", "captured variable 'later'", "[|later = () => ctx.Id|];"
                "'ctx'", "captured variable 'all'", "[|all.Add(ctx)|];"
            ] do
            test $"seen: {body}" { plan body |> keeps "plan" value place }

        test "seen in a class" {
            keeps
                "monitor"
                "'context.History'"
                "field '_history'"
                "#pragma warning disable KTA002
Algorithm.FromClass(new M());
class M : AutoscalingAlgorithmMonitorUdf<Load, Demand> { private History<Load, Demand>? _history;
    public override Load Monitor(MonitorContext<Load, Demand> context) { [|_history = context.History|]; return new(_history.Count); } }"
        }

        test "seen through a call" {
            keeps
                "analyze → Keep"
                "'history'"
                "static field 'P.Last'"
                "Algorithm.CreateAnalyze<Load, Demand>(ctx => [|P.Keep(ctx.History)|]);
static class P { static object? Last; public static Demand Keep(History<Load, Demand> history) { Last = history; return new(1); } }"
        }
    ]
