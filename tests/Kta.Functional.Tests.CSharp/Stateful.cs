#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;
using LoadStep = System.Func<Kta.Functional.Udf<
    Kta.Functional.MonitorContext<Kta.Functional.Tests.CSharp.Load, Kta.Functional.Tests.CSharp.Demand>,
    Kta.Functional.Tests.CSharp.Load>>;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Ways to keep state in a step, as C# users write them. Each makes its step when it is called.</summary>
public static class Stateful
{
    private static int s_calls;
    private static readonly List<double> Seen = [];
    private static readonly Dictionary<string, int> ById = [];
    private static double s_factor = 1;

    private static int Total { get; set; }

    /// <summary>Name of the way, and what makes the step.</summary>
    public static IReadOnlyDictionary<string, LoadStep> Ways { get; } = new Dictionary<string, LoadStep>
    {
        ["assigns a captured variable"] = () =>
        {
            var calls = 0;
            return new(_ => new Load(++calls));
        },
        ["assigns a captured variable in an async lambda"] = () =>
        {
            var calls = 0;
            return new(async (_, token) =>
            {
                await Task.Delay(0, token);
                calls++;
                return new Load(calls);
            });
        },
        ["assigns a captured variable in a local function"] = () =>
        {
            var calls = 0;
            return new(_ => new Load(Next()));
            int Next() => ++calls;
        },
        ["assigns a captured variable in a lambda inside"] = () =>
        {
            var calls = 0;
            return new(ctx =>
            {
                ctx.Topology.ToList().ForEach(_ => calls++);
                return new Load(calls);
            });
        },
        ["captures a list"] = () =>
        {
            var seen = new List<double>();
            return new(_ =>
            {
                seen.Add(1);
                return new Load(seen.Count);
            });
        },
        ["captures an array"] = () =>
        {
            var last = new double[1];
            return new(_ => new Load(last[0]++));
        },
        ["captures a dictionary"] = () =>
        {
            var last = new Dictionary<string, double>();
            return new(ctx => new Load(last[ctx.Id] = 1));
        },
        ["captures a concurrent dictionary"] = () =>
        {
            var last = new ConcurrentDictionary<string, double>();
            return new(ctx => new Load(last.AddOrUpdate(ctx.Id, 1, (_, n) => n + 1)));
        },
        ["captures a queue"] = () =>
        {
            var last = new Queue<double>();
            return new(_ => new Load(last.Count));
        },
        ["captures a string builder"] = () =>
        {
            var log = new StringBuilder();
            return new(ctx => new Load(log.Append(ctx.Id).Length));
        },
        ["captures an object with a settable property"] = () =>
        {
            var memory = new Memory();
            return new(_ => new Load(memory.Calls++));
        },
        ["captures an object with a field"] = () =>
        {
            var memory = new Counter();
            return new(_ => new Load(memory.Next()));
        },
        ["captures an immutable list of mutable objects"] = () =>
        {
            ImmutableArray<Memory> memories = [new Memory()];
            return new(_ => new Load(memories[0].Calls));
        },
        ["captures a record that holds a list"] = () =>
        {
            var settings = new Settings([1, 2]);
            return new(_ => new Load(settings.Weights[0]));
        },
        ["captures a function that counts"] = () =>
        {
            var calls = 0;
            Func<int> next = () => ++calls;
            return new(_ => new Load(next()));
        },
        ["captures a client without saying so"] = () =>
        {
            var client = new HttpClient();
            return new(_ => new Load(client.Timeout.TotalSeconds));
        },
        ["captures randomness"] = () =>
        {
            var random = new Random(1);
            return new(_ => new Load(random.NextDouble()));
        },
        ["assigns a static field"] = () => new(_ => new Load(++s_calls)),
        ["assigns a static property"] = () => new(_ => new Load(Total++)),
        ["assigns a static field in a method it calls"] = () => new(_ => new Load(CountUp())),
        ["reads a static field that can be assigned"] = () => new(_ => new Load(s_factor)),
        ["adds to a static list"] = () => new(_ =>
        {
            Seen.Add(1);
            return new Load(Seen.Count);
        }),
        ["adds to a static dictionary"] = () => new(ctx => new Load(ById[ctx.Id] = 1)),
        ["is a static method that counts"] = () => new(CountingMethod),
        ["is a method of an object with a field"] = () => new(new Counter().Monitor),
        ["changes a captured variable from outside"] = () =>
        {
            var factor = 1.0;
            Udf<MonitorContext<Load, Demand>, Load> step = new(_ => new Load(factor));
            factor = 2;
            return step;
        },
    };

    /// <summary>An algorithm of one step.</summary>
    public static Algorithm Serve(Udf<MonitorContext<Load, Demand>, Load> step) => Algorithm.For<Load, Demand>() with { Monitor = step };

    /// <summary>Sets what another step reads.</summary>
    public static void Forget() => s_factor = 1;

    private static int CountUp() => ++s_calls;

    private static Load CountingMethod(MonitorContext<Load, Demand> context) => new(s_calls++ + context.Topology.Count);

    private sealed class Memory
    {
        public int Calls { get; set; }
    }

    private sealed class Counter
    {
        private int _calls;

        public int Next() => ++_calls;

        public Load Monitor(MonitorContext<Load, Demand> context) => new(++_calls + context.Topology.Count);
    }

    private sealed record Settings(List<double> Weights);
}
