using System.Collections.Frozen;
using System.Collections.Immutable;
using LoadStep = System.Func<Kta.Functional.Udf<
    Kta.Functional.MonitorContext<Kta.Functional.Tests.CSharp.Load, Kta.Functional.Tests.CSharp.Demand>,
    Kta.Functional.Tests.CSharp.Load>>;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Programs that keep no state and have to pass, as C# users write them.</summary>
public static class Stateless
{
    private const double Reserve = 1.2;
    private static readonly double Factor = 2;
    private static readonly FrozenDictionary<string, double> Weights = new Dictionary<string, double> { ["orders"] = 2 }.ToFrozenDictionary();

    /// <summary>Name of the program, and what makes its step.</summary>
    public static IReadOnlyDictionary<string, LoadStep> Programs { get; } = new Dictionary<string, LoadStep>
    {
        ["captures nothing"] = () => new(_ => new Load(1)),
        ["captures a number"] = () =>
        {
            var rate = 5.0;
            return new(_ => new Load(rate));
        },
        ["captures a text and a time"] = () =>
        {
            var name = "orders";
            var since = TimeSpan.FromMinutes(1);
            return new(_ => new Load(name.Length + since.TotalSeconds));
        },
        ["captures a record"] = () =>
        {
            var settings = new Settings(5, "x");
            return new(_ => new Load(settings.Rate));
        },
        ["captures immutable collections"] = () =>
        {
            ImmutableArray<double> weights = [1, 2];
            var byName = ImmutableDictionary<string, Settings>.Empty.Add("a", new(1, "a"));
            var names = new[] { "a" }.ToFrozenSet();
            return new(_ => new Load(weights[0] + byName.Count + names.Count));
        },
        ["captures a service"] = () =>
        {
            var client = Service.Of(new HttpClient());
            return new(async (_, token) =>
            {
                await Task.Delay(0, token);
                return new Load(client.Value.Timeout.TotalSeconds);
            });
        },
        ["captures a pure function"] = () =>
        {
            Func<double, double> twice = x => 2 * x;
            return new(_ => new Load(twice(2)));
        },
        ["captures another algorithm"] = () =>
        {
            var inner = Algorithm.CreateMonitor<Load, Demand>(_ => new Load(1));
            return new(async (ctx, token) => await inner.Monitor!.InvokeAsync(ctx, token));
        },
        ["shares a closure with somebody who counts"] = () =>
        {
            var counted = 0;
            var rate = 5.0;
            Action count = () => counted++;
            count();
            return new(_ => new Load(rate));
        },
        ["uses variables and collections of its own"] = () => new(ctx =>
        {
            var sum = 0.0;
            var items = new List<double>();
            foreach (var node in ctx.Topology)
            {
                items.Add(node.Key.Length);
            }

            items.ForEach(item => sum += item);
            return new Load(sum);
        }),
        ["makes and fills objects of its own"] = () => new(_ =>
        {
            var scratch = new Scratch { Total = 1 };
            scratch.Total++;
            return new Load(scratch.Total);
        }),
        ["reads constants and readonly statics"] = () => new(_ => new Load(Reserve * Factor * Weights["orders"])),
        ["uses LINQ over the history"] = () => new(ctx => new Load(ctx.History.Take(3).Sum(entry => entry.MonitorResult.RecordsPerSecond))),
        ["is a static method"] = () => new(Measure),
        ["is a method of an object with readonly fields"] = () => new(new Measurement(5).Monitor),
        ["awaits in a loop"] = () =>
        {
            var attempts = 3;
            return new(async (_, token) =>
            {
                var total = 0;
                for (var i = 0; i < attempts; i++)
                {
                    await Task.Yield();
                    total += i;
                }

                token.ThrowIfCancellationRequested();
                return new Load(total);
            });
        },
        ["captures a tuple and a lazy value"] = () =>
        {
            var limits = (Low: 1.0, High: 2.0);
            return new(_ => new Load(limits.High));
        },
    };

    private static Load Measure(MonitorContext<Load, Demand> context) => new(context.Topology.Count);

    private sealed record Settings(double Rate, string Name);

    private sealed class Measurement(double rate)
    {
        private readonly double _rate = rate;

        public Load Monitor(MonitorContext<Load, Demand> context) => new(_rate * context.Topology.Count);
    }

    private sealed class Scratch
    {
        public int Total { get; set; }
    }
}
