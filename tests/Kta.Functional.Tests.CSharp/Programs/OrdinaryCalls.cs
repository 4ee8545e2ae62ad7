using System.Collections.Frozen;
using System.Numerics;
using System.Text;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>Statics that are only read, helpers that fill what belongs to the call, and the language's corners.</summary>
internal static class OrdinaryCalls
{
    private const double Reserve = 1.2;
    private static readonly double s_factor = 2;
    private static readonly int[] s_sizes = [1, 2, 4, 8];
    private static readonly FrozenDictionary<string, double> s_weights = new Dictionary<string, double> { ["orders"] = 2 }.ToFrozenDictionary();
    private static readonly Func<double, double> s_twice = x => 2 * x;

    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    private static double Setting { get; set; } = 3;

    internal static class ReadsReadonlyStatics
    {
        internal static Algorithm Make() =>
            Steps.WithMonitor(_ => new Load((Reserve * s_factor * s_weights["orders"]) + s_sizes[2] + s_twice(1)));
    }

    internal static class ReadsAStaticPropertyThatIsSetOnce
    {
        internal static Algorithm Make()
        {
            Setting = 4;
            return Steps.WithMonitor(_ => new Load(Setting));
        }
    }

    internal static class SearchesASortedTable
    {
        internal static Algorithm Make() => Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, node =>
        {
            var at = Array.BinarySearch(s_sizes, node.Key.Length % 9);
            return s_sizes[Math.Min(s_sizes.Length - 1, at < 0 ? ~at : at)];
        }));
    }

    internal static class IsAStaticMethod
    {
        private static Load Measure(MonitorContext<Load, Demand> context) => new(context.Topology.Count);

        internal static Algorithm Make() => Steps.WithMonitor(Measure);
    }

    internal static class FillsAListInAHelper
    {
        private static void Fill(List<double> into, IEnumerable<double> from)
        {
            into.Clear();
            into.AddRange(from);
        }

        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var rates = new List<double>();
            Fill(rates, ctx.Topology.Select(node => (double)node.Key.Length));
            rates.Sort();
            return new Load(rates[0]);
        });
    }

    internal static class GroupsIntoADictionaryOfTheCall
    {
        internal static Algorithm Make() => Steps.WithPlan(ctx =>
        {
            var demand = new Dictionary<TopologyNode, int>();
            foreach (var node in ctx.Topology)
            {
                demand[node] = demand.GetValueOrDefault(node) + 1;
            }

            return Plan.Of(demand);
        });
    }

    internal static class SortsACopyOfACapturedArray
    {
        internal static Algorithm Make()
        {
            int[] given = [3, 1, 2];
            return Steps.WithMonitor(_ =>
            {
                var sorted = given.ToArray();
                Array.Sort(sorted);
                var clone = (int[])given.Clone();
                clone[0] = 9;
                return new Load(sorted[0] + given.Order().Last() + clone[0]);
            });
        }
    }

    internal static class BuildsATextOfTheCall
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var text = new StringBuilder();
            foreach (var node in ctx.Topology)
            {
                text.Append(node.Key).Append(',');
            }

            return new Load(text.Length);
        });
    }

    internal static class UsesStackMemory
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            Span<double> window = stackalloc double[4];
            window[0] = ctx.Topology.Count;
            window.Fill(2);
            return new Load(window[0] + window[3]);
        });
    }

    internal static class PassesItsVariablesByReference
    {
        private static void Smooth(ref double value, in double weight, out double rest)
        {
            rest = value * (1 - weight);
            value *= weight;
        }

        internal static Algorithm Make()
        {
            var weight = 0.5;
            return Steps.WithMonitor(_ =>
            {
                var value = 8.0;
                Smooth(ref value, in weight, out var rest);
                return new Load(value + rest);
            });
        }
    }

    internal static class CountsInParallelWithinTheCall
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var sum = 0;
            Parallel.ForEach(ctx.Topology, node => Interlocked.Add(ref sum, node.Key.Length));
            return new Load(sum);
        });
    }

    internal static class SwitchesOnPatterns
    {
        internal static Algorithm Make()
        {
            (string Name, int Least)[] rules = [("orders", 2), ("payments", 3)];
            return Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, node => node switch
            {
                ScaleTargetRef { Name: var name } when rules.FirstOrDefault(rule => rule.Name == name) is { Least: > 0 } rule => rule.Least,
                _ => 1,
            }));
        }
    }

    internal static class UsesAGenericHelper
    {
        private static T Middle<T>(IReadOnlyList<T> values)
            where T : INumber<T> =>
            values.Count == 0 ? T.One : values[values.Count / 2];

        internal static Algorithm Make()
        {
            double[] fallback = [1, 2, 3];
            return Steps.WithMonitor(_ => new Load(Middle(fallback) + Middle([1.5f])));
        }
    }

    internal static class QueriesItsHistory
    {
        internal static Algorithm Make()
        {
            var window = 3;
            return Steps.WithAnalyze(ctx =>
            {
                var rates =
                    from entry in ctx.History.Take(window)
                    let rate = entry.MonitorResult.RecordsPerSecond
                    where rate > 0
                    orderby rate
                    select rate;
                return new Demand((int)rates.DefaultIfEmpty(1).Last());
            });
        }
    }

    internal static class RemembersInItsResultAlone
    {
        internal static Algorithm Make() => Steps
            .WithMonitor(ctx => new Load((ctx.History.Latest?.MonitorResult.RecordsPerSecond ?? 0) + 1))
            .WithPlan(ctx => Plan.ForEach(ctx.Topology, node => Math.Min(9, (ctx.History.Latest?.Plan.GetValueOrDefault(node, 1) ?? 1) + 1)));
    }

    internal static class MemoisesWithinTheCall
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ =>
        {
            var known = new Dictionary<int, long>();
            return new Load(Fibonacci(30));
            long Fibonacci(int n) => n < 2 ? n : known.TryGetValue(n, out var value) ? value : known[n] = Fibonacci(n - 1) + Fibonacci(n - 2);
        });
    }

    internal static class RollsDiceSeededByItsContext
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx => new Load(new Random((int)(ctx.UdfStartTimestampMillis % 1_000)).Next()));
    }

    internal static class ThrowsAndCatches
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            try
            {
                throw new InvalidOperationException("no number");
            }
            catch (InvalidOperationException error) when (error.Message.Length > ctx.Topology.Count)
            {
                return new Load(1);
            }
        });
    }
}
