/// KTA006
module Kta.Functional.Tests.Analyzers.TokenTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private ignores (path: string) (called: string) (token: string) source =
    says
        [
            $"KTA006: {path} calls '{called}' without its token, and goes on when nobody waits any more; pass '{token}'"
        ]
        source

let private client =
    "\nclass Client { public Task<int> Rate(string of, CancellationToken token = default) => Task.FromResult(1); public Task<int> Plain() => Task.FromResult(1);\n"
    + "  public Task<int> Two(int a = 1, int b = 2, CancellationToken token = default) => Task.FromResult(1); }"

let private monitor body =
    $"var client = new Client(); Algorithm.Monitor(async (ctx, ct) => {{ {body} return new Load(1); }});{client}"

let tests =
    testList "KTA006, a token that is not passed on, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "Func<MonitorContext, CancellationToken, Task<int>> f = async (ctx, ct) => { await Task.Delay(1); return 1; }; f(new(), default); class MonitorContext;"
        }

        test "silent outside of a step" { silent "await Task.Delay(1);" }

        for body in
            [
                "await Task.Delay(1, ct);"
                "await client.Rate(\"x\", ct);"
                "await client.Rate(\"x\", token: ct);"
                "await client.Rate(\"x\", CancellationToken.None);"
                "await client.Rate(\"x\").WaitAsync(ct);"
                "using var both = CancellationTokenSource.CreateLinkedTokenSource(ct); await client.Rate(\"x\", both.Token);"
                "await client.Plain(); await Task.Yield();"
                "await Task.FromResult(1); await Task.WhenAll(client.Plain());"
                "try { await client.Plain(); } finally { await client.Rate(\"gone\"); }"
            ] do
            test $"silent: {body}" { silent (monitor body) }

        for body, called in
            [
                "await Task.[|Delay|](1);", "Task.Delay"
                "await client.[|Rate|](\"x\");", "Client.Rate"
                "var rate = await client.[|Two|](b: 3);", "Client.Two"
                "await Task.WhenAll(client.[|Rate|](\"x\"));", "Client.Rate"
                "await System.IO.File.[|ReadAllTextAsync|](\"x\");", "File.ReadAllTextAsync"
                "await new System.Net.Http.HttpClient().[|GetStringAsync|](\"http://localhost\");",
                "HttpClient.GetStringAsync"
            ] do
            test $"seen: {body}" { monitor body |> ignores "monitor" called "ct" }

        test "seen in a class" {
            ignores
                "plan"
                "Task.Delay"
                "cancellationToken"
                "Algorithm.FromClass(new P());
class P : IAsyncPlanUdf<Load, Demand> { public async Task<Plan> PlanAsync(PlanContext<Load, Demand> context, CancellationToken cancellationToken)
    { await Task.[|Delay|](1); return context.ForEachNode(_ => 1); } }"
        }

        test "seen in a method group" {
            ignores
                "monitor → Measure"
                "Task.Delay"
                "token"
                "Algorithm.Monitor(P.Measure);
static class P { public static async Task<Load> Measure(MonitorContext ctx, CancellationToken token) { await Task.[|Delay|](1); return new(1); } }"
        }

        for before, after in
            [
                monitor "await Task.Delay(1);", monitor "await Task.Delay(1, ct);"
                monitor "await client.Rate(\"x\");", monitor "await client.Rate(\"x\", ct);"
                monitor "await Task.WhenAll(ctx.Topology.Select(async (node, i) => await client.Rate(node.Key)));",
                monitor "await Task.WhenAll(ctx.Topology.Select(async (node, i) => await client.Rate(node.Key, ct)));"
                monitor "await client.Two();", monitor "await client.Two(token: ct);"
                "Algorithm.Monitor(async (ctx, _) => { await Task.Delay(1); return new Load(1); });",
                "Algorithm.Monitor(async (ctx, ct) => { await Task.Delay(1, ct); return new Load(1); });"
            ] do
            test $"fixed: {before}" { before |> fixedTo after }
    ]
