using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>Things that could change, captured and only read.</summary>
internal static class OrdinaryCaptures
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class LooksUpInAnArray
    {
        internal static Algorithm Make()
        {
            double[] weights = [1, 2, 4];
            return Steps.WithMonitor(_ => new Load(weights[1] + weights.Sum()));
        }
    }

    internal static class LooksUpInATwoDimensionalArray
    {
        internal static Algorithm Make()
        {
            var table = new double[2, 2] { { 1, 2 }, { 3, 4 } };
            return Steps.WithMonitor(_ => new Load(table[1, 0]));
        }
    }

    internal static class MultipliesByTheWeightsOfAModel
    {
        internal static Algorithm Make()
        {
            float[][] weights = [[1, 2], [3, 4]];
            return Steps.WithMonitor(ctx => new Load(weights.Sum(row => row.Zip(row, (a, b) => a * b).Sum()) * ctx.Topology.Count));
        }
    }

    internal static class SplitsAText
    {
        internal static Algorithm Make()
        {
            var names = "orders,payments".Split(',');
            return Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, node => names.Any(name => node.Key.Contains(name)) ? 2 : 1));
        }
    }

    internal static class LooksUpInADictionaryFilledOnce
    {
        internal static Algorithm Make()
        {
            var limits = new Dictionary<string, int>();
            limits.Add("orders", 4);
            return Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, node => limits.TryGetValue(node.Key, out var limit) ? limit : limits["orders"]));
        }
    }

    internal static class LooksUpInAConcurrentDictionary
    {
        internal static Algorithm Make()
        {
            var limits = new ConcurrentDictionary<string, int> { ["orders"] = 4 };
            return Steps.WithMonitor(_ => new Load(limits["orders"] + limits.GetValueOrDefault("x")));
        }
    }

    internal static class EnumeratesAList
    {
        internal static Algorithm Make()
        {
            List<double> rates = [1, 2, 3];
            return Steps.WithMonitor(_ =>
            {
                var sum = 0.0;
                foreach (var rate in rates)
                {
                    sum += rate;
                }

                return new Load(sum + rates[0] + rates.IndexOf(2) + rates.BinarySearch(3));
            });
        }
    }

    internal static class EnumeratesASetAndALinkedList
    {
        internal static Algorithm Make()
        {
            var (set, linked) = (new HashSet<int> { 1 }, new LinkedList<int>([1, 2]));
            return Steps.WithMonitor(_ => new Load(set.Contains(1) ? linked.Sum() : 0));
        }
    }

    internal static class CapturesALongLinkedListOfRecords
    {
        private sealed record Link(int Value, Link? Next);

        internal static Algorithm Make()
        {
            Link? first = null;
            for (var i = 0; i < 50_000; i++)
            {
                first = new(i, first);
            }

            return Steps.WithMonitor(_ => new Load(first!.Value));
        }
    }

    internal static class ReadsAStringBuilder
    {
        internal static Algorithm Make()
        {
            var builder = new StringBuilder().Append("orders");
            return Steps.WithMonitor(_ => new Load(builder.Length + builder.ToString().Length));
        }
    }

    internal static class CapturesASpanOfTime
    {
        internal static Algorithm Make()
        {
            var since = TimeSpan.FromMinutes(1);
            return Steps.WithMonitor(_ => new Load(since.TotalSeconds + since.Add(since).Ticks));
        }
    }

    internal static class CapturesAStructWithMethods
    {
        private readonly record struct Band(double Low, double High)
        {
            internal bool Has(double value) => value >= Low && value <= High;
        }

        internal static Algorithm Make()
        {
            var band = new Band(1, 2);
            return Steps.WithMonitor(_ => new Load(band.Has(1.5) ? band.High : band.Low));
        }
    }

    internal static class CopiesACapturedStructAndChangesTheCopy
    {
        private struct Counter
        {
            internal int Value;

            internal void Add() => Value++;
        }

        internal static Algorithm Make()
        {
            var start = new Counter { Value = 4 };
            return Steps.WithMonitor(_ =>
            {
                var mine = start;
                mine.Add();
                mine.Value += 2;
                return new Load(mine.Value);
            });
        }
    }

    internal static class CapturesALazyValue
    {
        internal static Algorithm Make()
        {
            var limit = new Lazy<int>(() => 4);
            return Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, _ => limit.Value));
        }
    }

    internal static class CapturesALookup
    {
        internal static Algorithm Make()
        {
            var byLength = ((string[])["a", "bb"]).ToLookup(name => name.Length);
            return Steps.WithMonitor(_ => new Load(byLength[2].Count()));
        }
    }

    internal static class CapturesSearchValuesAndMemory
    {
        internal static Algorithm Make()
        {
            var (digits, memory) = (SearchValues.Create("0123456789"), new ReadOnlyMemory<double>([1, 2]));
            return Steps.WithMonitor(ctx => new Load(ctx.Id.AsSpan().IndexOfAny(digits) + memory.Span[1]));
        }
    }

    internal static class CapturesARegex
    {
        internal static Algorithm Make()
        {
            var pattern = new Regex("orders-(\\d+)");
            return Steps.WithMonitor(_ => new Load(pattern.Match("orders-12").Groups[1].Length));
        }
    }

    internal static class CapturesImmutableAndFrozenCollections
    {
        internal static Algorithm Make()
        {
            ImmutableArray<double> weights = [1, 2];
            var (names, byName) = (new[] { "a" }.ToFrozenSet(), ImmutableDictionary<string, int>.Empty.Add("a", 1));
            return Steps.WithMonitor(_ => new Load(weights[0] + byName.Add("b", 2).Count + names.Count + weights.Add(3).Length));
        }
    }

    internal static class AddsToAnImmutableListOfTheCall
    {
        internal static Algorithm Make()
        {
            var start = ImmutableList.Create(1.0);
            return Steps.WithMonitor(ctx =>
            {
                var all = start;
                foreach (var entry in ctx.History)
                {
                    all = all.Add(entry.MonitorResult.RecordsPerSecond);
                }

                return new Load(all.Sum());
            });
        }
    }

    internal static class CapturesSerializerOptionsAndADocument
    {
        internal static Algorithm Make()
        {
            var (options, document) = (new JsonSerializerOptions(JsonSerializerDefaults.Web), JsonDocument.Parse("""{"rate":5}"""));
            return Steps.WithMonitor(_ => new Load(document.RootElement.GetProperty("rate").GetDouble() + options.MaxDepth));
        }
    }
}
