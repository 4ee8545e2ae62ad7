#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State in collections that a step captures.</summary>
internal static class StatefulCollections
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class AddsToAList
    {
        internal static Algorithm Make()
        {
            var seen = new List<double>();
            return Steps.WithMonitor(_ =>
            {
                seen.Add(1);
                return new Load(seen.Count);
            });
        }
    }

    internal static class AddsToAListThroughAnInterface
    {
        internal static Algorithm Make()
        {
            ICollection<string> seen = new HashSet<string>();
            return Steps.WithMonitor(ctx =>
            {
                seen.Add(ctx.Id);
                return new Load(seen.Count);
            });
        }
    }

    internal static class AddsWithAMethodGroup
    {
        internal static Algorithm Make()
        {
            var seen = new List<TopologyNode>();
            return Steps.WithMonitor(ctx =>
            {
                ctx.Topology.ToList().ForEach(seen.Add);
                return new Load(seen.Count);
            });
        }
    }

    internal static class SetsAnElementOfAnArray
    {
        internal static Algorithm Make()
        {
            var last = new double[1];
            return Steps.WithMonitor(_ => new Load(last[0]++));
        }
    }

    internal static class SetsAnElementOfATableOfTables
    {
        internal static Algorithm Make()
        {
            var table = new[] { new double[2], new double[2] };
            return Steps.WithMonitor(ctx => new Load(table[0][1] += ctx.Topology.Count));
        }
    }

    internal static class SetsAnEntryOfADictionary
    {
        internal static Algorithm Make()
        {
            var last = new Dictionary<string, int>();
            return Steps.WithMonitor(ctx => new Load(last["calls"] = last.GetValueOrDefault("calls") + 1));
        }
    }

    internal static class UpdatesAConcurrentDictionary
    {
        internal static Algorithm Make()
        {
            var last = new ConcurrentDictionary<string, double>();
            return Steps.WithMonitor(ctx => new Load(last.AddOrUpdate(ctx.Id, 1, (_, n) => n + 1)));
        }
    }

    internal static class AddsToAListInADictionary
    {
        internal static Algorithm Make()
        {
            var byNode = new Dictionary<string, List<double>> { ["orders"] = [] };
            return Steps.WithMonitor(_ =>
            {
                if (byNode.TryGetValue("orders", out var seen))
                {
                    seen.Add(1);
                }

                return new Load(byNode["orders"].Count);
            });
        }
    }

    internal static class TurnsAQueue
    {
        internal static Algorithm Make()
        {
            var turns = new Queue<double>([1, 2, 3]);
            return Steps.WithMonitor(_ =>
            {
                var next = turns.Dequeue();
                turns.Enqueue(next);
                return new Load(next);
            });
        }
    }

    internal static class AppendsText
    {
        internal static Algorithm Make()
        {
            var log = new StringBuilder();
            return Steps.WithMonitor(ctx => new Load(log.Append(ctx.Id).Length));
        }
    }

    internal static class SetsAJsonMember
    {
        internal static Algorithm Make()
        {
            var memory = new JsonObject { ["calls"] = 0 };
            return Steps.WithMonitor(_ =>
            {
                memory["calls"] = (int)memory["calls"]! + 1;
                return new Load((int)memory["calls"]!);
            });
        }
    }

    internal static class SortsACapturedArray
    {
        internal static Algorithm Make()
        {
            double[] rates = [3, 1, 2];
            return Steps.WithMonitor(_ =>
            {
                var first = rates[0];
                Array.Sort(rates);
                return new Load(first);
            });
        }
    }

    internal static class CountsWithInterlocked
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(_ => new Load(Interlocked.Increment(ref calls)));
        }
    }

    internal static class HandsAVariableToAMethodByReference
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(_ =>
            {
                Count(ref calls);
                return new Load(calls);
            });
        }

        private static void Count(ref int calls) => calls++;
    }

    internal static class CountsInACapturedFunction
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            Func<int> next = () => ++calls;
            return Steps.WithMonitor(_ => new Load(next()));
        }
    }

    internal static class CountsInAFunctionMadeByAFactory
    {
        internal static Algorithm Make()
        {
            var next = Counter();
            return Steps.WithMonitor(_ => new Load(next()));
        }

        private static Func<int> Counter()
        {
            var calls = 0;
            return () => ++calls;
        }
    }

    internal static class WalksAnIterator
    {
        internal static Algorithm Make()
        {
            var numbers = Numbers().GetEnumerator();
            return Steps.WithMonitor(_ => numbers.MoveNext() ? new Load(numbers.Current) : new Load(0));
        }

        private static IEnumerable<int> Numbers()
        {
            for (var n = 1; ; n++)
            {
                yield return n;
            }
        }
    }

    internal static class WalksAnAsyncIterator
    {
        internal static Algorithm Make()
        {
            var numbers = NumbersAsync().GetAsyncEnumerator();
            return Steps.WithMonitor(async (_, _) => await numbers.MoveNextAsync() ? new Load(numbers.Current) : new Load(0));
        }

        private static async IAsyncEnumerable<int> NumbersAsync()
        {
            for (var n = 1; ; n++)
            {
                await Task.Yield();
                yield return n;
            }
        }
    }

    internal static class WalksAnEnumeratorOfAnArray
    {
        internal static Algorithm Make()
        {
            var turns = ((IEnumerable<double>)[1.0, 2.0]).GetEnumerator();
            return Steps.WithMonitor(_ => new Load(turns.MoveNext() ? turns.Current : 0));
        }
    }
}
