using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>Classes, options, services and generated code, as applications have them.</summary>
internal static partial class OrdinaryObjects
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class ReadsAnOptionsClass
    {
        private sealed class Settings
        {
            public double Rate { get; set; } = 5;

            public List<string> Names { get; set; } = ["orders"];
        }

        internal static Algorithm Make()
        {
            var settings = new Settings { Rate = 7 };
            return Steps.WithMonitor(_ => new Load(settings.Rate + settings.Names.Count));
        }
    }

    internal static class ReadsOptionsBehindAnInterface
    {
        private interface IOptions<out T>
        {
            T Value { get; }
        }

        private sealed class Options<T>(Func<T> make) : IOptions<T>
        {
            private readonly Lazy<T> _made = new(make);

            public T Value => _made.Value;
        }

        private sealed class Settings
        {
            public double Rate { get; set; } = 5;
        }

        internal static Algorithm Make()
        {
            IOptions<Settings> options = new Options<Settings>(() => new());
            return Steps.WithMonitor(_ => new Load(options.Value.Rate));
        }
    }

    internal sealed class Measurement(double rate)
    {
        private readonly double _rate = rate;

        public Load Monitor(MonitorContext<Load, Demand> context) => new(_rate * context.Topology.Count);
    }

    internal static class IsAMethodOfAnObject
    {
        internal static Algorithm Make() => Steps.WithMonitor(new Measurement(5).Monitor);
    }

    internal static class IsAClassWithAPrimaryConstructor
    {
        private sealed class Threshold(int perInstance, string[] names) : AutoscalingAlgorithmUdfs<Load, Demand>
        {
            public override Load Monitor(MonitorContext<Load, Demand> context) => new(names.Length);

            public override Demand? Analyze(AnalyzeContext<Load, Demand> context) => new((int)context.MonitorResult.RecordsPerSecond * perInstance);

            public override Plan Plan(PlanContext<Load, Demand> context) => context.ForEachNode(_ => perInstance);
        }

        internal static Algorithm Make() => Algorithm.FromClass(new Threshold(3, ["a"]));
    }

    internal static class IsAClassWithTablesAndSettableProperties
    {
        private sealed class Table : AutoscalingAlgorithmPlanUdf<Load, Demand>
        {
            private readonly Dictionary<int, int> _sizes = new() { [1] = 2 };
            private readonly int[] _steps = [1, 2, 4];

            public int Default { get; init; } = 1;

            public override Plan Plan(PlanContext<Load, Demand> context) =>
                context.ForEachNode(_ => _sizes.TryGetValue(context.Topology.Count, out var size) ? size + _steps[0] : Default);
        }

        internal static Algorithm Make() => Algorithm.FromClass(new Table { Default = 5 });
    }

    internal static class InheritsFromAUsersBase
    {
        private abstract class Base : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            protected double Rate { get; init; }

            protected virtual double Scale(double rate) => rate;

            public override Load Monitor(MonitorContext<Load, Demand> context) => new(Scale(Rate));
        }

        private sealed class Doubled : Base
        {
            internal Doubled() => Rate = 4;

            protected override double Scale(double rate) => 2 * rate;
        }

        internal static Algorithm Make() => Algorithm.FromClass(new Doubled());
    }

    internal static class CallsAPureObjectBehindAnInterface
    {
        private interface ISmoother
        {
            double Smooth(IEnumerable<double> rates);
        }

        private sealed class Mean : ISmoother
        {
            public double Smooth(IEnumerable<double> rates) => rates.DefaultIfEmpty(1).Average();
        }

        internal static Algorithm Make()
        {
            ISmoother smoother = new Mean();
            return Steps.WithMonitor(ctx => new Load(smoother.Smooth(ctx.History.Select(entry => entry.MonitorResult.RecordsPerSecond))));
        }
    }

    internal static class MakesObjectsThatChangeDuringTheCall
    {
        private sealed class Accumulator
        {
            private readonly List<double> _seen = [];

            internal double Sum { get; private set; }

            internal void Add(double value)
            {
                _seen.Add(value);
                Sum += value;
            }
        }

        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var accumulator = new Accumulator();
            foreach (var node in ctx.Topology)
            {
                accumulator.Add(node.Key.Length);
            }

            return new Load(accumulator.Sum);
        });
    }

    internal static class CountsInAMeter
    {
        internal static Algorithm Make()
        {
            var calls = new Meter("test").CreateCounter<long>("calls");
            return Steps.WithMonitor(_ =>
            {
                calls.Add(1);
                return new Load(1);
            });
        }
    }

    internal static class StartsActivities
    {
        internal static Algorithm Make()
        {
            var source = new ActivitySource("test");
            return Steps.WithMonitor(_ =>
            {
                using var activity = source.StartActivity("monitor");
                activity?.SetTag("rate", 1);
                return new Load(1);
            });
        }
    }

    internal static class LogsByADelegate
    {
        internal static Algorithm Make()
        {
            Action<string> log = text => Trace.WriteLine(text);
            return Steps.WithMonitor(_ =>
            {
                log("called");
                return new Load(1);
            });
        }
    }

    internal static class CapturesAClientWithoutSayingSo
    {
        internal static Algorithm Make()
        {
            var client = new HttpClient();
            return Steps.WithMonitor(_ => new Load(client.Timeout.TotalSeconds));
        }
    }

    internal static class CapturesADeclaredService
    {
        internal static Algorithm Make()
        {
            var client = Service.Of(new HttpClient());
            return Steps.WithMonitor(async (_, token) =>
            {
                await Task.Delay(0, token);
                return new Load(client.Value.Timeout.TotalSeconds);
            });
        }
    }

    internal static partial class MatchesAGeneratedRegex
    {
        [GeneratedRegex("orders-(\\d+)")]
        private static partial Regex Pattern();

        internal static Algorithm Make() => Steps.WithMonitor(ctx => new Load(Pattern().Count("orders-12") + ctx.Topology.Count(node => Pattern().IsMatch(node.Key))));
    }

    internal static class TakesALockAroundAPureCall
    {
        internal static Algorithm Make()
        {
            var gate = new Lock();
            return Steps.WithMonitor(_ =>
            {
                lock (gate)
                {
                    return new Load(1);
                }
            });
        }
    }

    internal static partial class SerializesWithGeneratedMetadata
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ =>
            new Load(System.Text.Json.JsonSerializer.Serialize(new Seen(1), SeenContext.Default.Seen).Length));

        internal sealed record Seen(int Count);
    }

    [JsonSerializable(typeof(SerializesWithGeneratedMetadata.Seen))]
    internal sealed partial class SeenContext : JsonSerializerContext;
}
