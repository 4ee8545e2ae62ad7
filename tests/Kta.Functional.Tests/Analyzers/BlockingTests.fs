/// KTA011
module Kta.Functional.Tests.Analyzers.BlockingTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private blocks (path: string) (what: string) (instead: string) source =
    says
        [
            $"KTA011: {path} blocks in '{what}' after an await, on a thread of the pool that health probes wait for; {instead}"
        ]
        source

let private monitor body =
    "using System.IO; using System.Net.Http; var http = new HttpClient(); var gate = new SemaphoreSlim(1); using var request = new HttpRequestMessage();\n"
    + $"Algorithm.Monitor(async (ctx, ct) => {{ {body} return new Load(1); }});\n"
    + "Task<int> Rate(int n) => Task.FromResult(n); Console.Write((http, gate, request));\n"
    + "static class Wait { public static int Long() { Thread.Sleep(9); return 1; }\n"
    + "    public static async Task<int> LongAsync() { await Task.Yield(); return Deep(); } static int Deep() { Thread.Sleep(9); return 1; } }"

let tests =
    testList "KTA011, blocking after an await, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "Func<MonitorContext, Task<int>> f = async ctx => { await Task.Yield(); Thread.Sleep(1); return 1; }; await f(new()); class MonitorContext;"
        }

        test "silent in a synchronous step, which may block" {
            silent
                "Algorithm.CreateMonitor<Load>(ctx => { Thread.Sleep(1); return new Load(Task.Run(() => 1).Result); });"
        }

        for body in
            [
                "Thread.Sleep(1); await Task.Yield();"
                "await Task.Yield(); await Task.Delay(1, ct);"
                "var a = Rate(1); var b = Rate(2); await Task.WhenAll(a, b); var n = a.Result + b.Result;"
                "var all = new[] { Rate(1) }; await Task.WhenAll(all); var n = all[0].Result + all.Sum(one => one.Result); foreach (var one in all) n += one.Result;"
                "var first = Rate(1); await first; var n = first.GetAwaiter().GetResult();"
                "await Task.Yield(); var a = Rate(1); var n = a.IsCompletedSuccessfully ? a.Result : await a;"
                "await Task.Yield(); await Task.Run(() => Thread.Sleep(1), ct);"
                "await gate.WaitAsync(ct); gate.Release();"
                "await Task.Yield(); var free = gate.Wait(0);"
                "await Task.Yield(); var text = new StringReader(\"a\").ReadToEnd(); Console.WriteLine(text);"
                "var memory = new MemoryStream(); await Task.Yield(); memory.Write([1, 2]); memory.Flush();"
                "if (ctx.Topology.Count > 1) await Task.Yield(); else Thread.Sleep(1);"
                "await Task.Yield(); var n = Task.FromResult(1).Result;"
            ] do
            test $"silent: {body}" { silent (monitor body) }

        for body, what, instead in
            [
                "await Task.Yield(); [|Thread.Sleep(1)|];", "Thread.Sleep", "await Task.Delay"
                "await Task.Yield(); var n = [|Rate(1).Result|];", "Task.Result", "await it"
                "await Task.Yield(); var a = Rate(1); var n = [|a.Result|];", "Task.Result", "await it"
                "await Task.Yield(); [|Rate(1).Wait()|];", "Task.Wait", "await instead, or make the step synchronous"
                "await Task.Yield(); var n = [|Rate(1).GetAwaiter().GetResult()|];", "TaskAwaiter.GetResult", "await it"
                "await Task.Yield(); var n = [|Rate(1).ConfigureAwait(false).GetAwaiter().GetResult()|];",
                "ConfiguredTaskAwaiter.GetResult",
                "await it"
                "await Task.Yield(); [|Task.WaitAll(Rate(1))|];",
                "Task.WaitAll",
                "await instead, or make the step synchronous"
                "await Task.Yield(); [|gate.Wait()|];",
                "SemaphoreSlim.Wait",
                "await instead, or make the step synchronous"
                "await Task.Yield(); var text = [|File.ReadAllText(\"a\")|];",
                "File.ReadAllText",
                "await File.ReadAllTextAsync"
                "await Task.Yield(); using var answer = [|http.Send(request)|];",
                "HttpClient.Send",
                "await HttpClient.SendAsync"
                "using var reader = new StreamReader(await http.GetStreamAsync(\"a\", ct)); var text = [|reader.ReadToEnd()|];",
                "StreamReader.ReadToEnd",
                "await StreamReader.ReadToEndAsync"
                "for (var i = 0; i < 3; i++) { [|Thread.Sleep(1)|]; await Task.Yield(); }",
                "Thread.Sleep",
                "await Task.Delay"
                "await Task.Yield(); var n = ctx.Topology.Sum(node => [|Rate(1).Result|]);", "Task.Result", "await it"
            ] do
            test $"seen: {body}" { monitor body |> blocks "monitor" what instead }

        test "seen through a call after the await" {
            monitor "await Task.Yield(); var n = [|Wait.Long()|];"
            |> blocks "monitor → Long" "Thread.Sleep" "await Task.Delay"
        }

        test "silent about a call before it" { silent (monitor "var n = Wait.Long(); await Task.Yield();") }

        test "seen in what an asynchronous method calls after its own await" {
            monitor "var n = await [|Wait.LongAsync()|];"
            |> blocks "monitor → LongAsync → Deep" "Thread.Sleep" "await Task.Delay"
        }

        test "seen in a class" {
            "Algorithm.FromClass(new M());
class M : IAsyncMonitorUdf<Load, Demand> { public async Task<Load> MonitorAsync(MonitorContext<Load, Demand> context, CancellationToken token)
    { await Task.Delay(1, token); [|Thread.Sleep(1)|]; return new(1); } }"
            |> blocks "monitor" "Thread.Sleep" "await Task.Delay"
        }
    ]
