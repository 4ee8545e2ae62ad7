#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Collections;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State that is reached on a detour: through references, operators, queries, interfaces and other threads.</summary>
internal static class StatefulDetours
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    private static void Note(this List<double> seen, double value) => seen.Add(value);

    internal static class CountsInAPriorityQueue
    {
        internal static Algorithm Make()
        {
            var queue = new PriorityQueue<string, int>();
            return Steps.WithMonitor(ctx =>
            {
                queue.Enqueue(ctx.Id, 1);
                return new Load(queue.Count);
            });
        }
    }

    internal static class SetsABit
    {
        internal static Algorithm Make()
        {
            var bits = new BitArray(8);
            return Steps.WithMonitor(_ =>
            {
                bits.Set(0, !bits[0]);
                return new Load(bits[0] ? 1 : 2);
            });
        }
    }

    internal static class SetsThroughAnIndexerOfItsOwn
    {
        internal static Algorithm Make()
        {
            var table = new Table();
            return Steps.WithMonitor(_ => new Load(table["calls"]++));
        }

        private sealed class Table
        {
            private readonly int[] _cells = new int[4];

            internal int this[string name]
            {
                get => _cells[name.Length % 4];
                set => _cells[name.Length % 4] = value;
            }
        }
    }

    internal static class CountsInAnOperator
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx => new Load((new Amount(1) + new Amount(ctx.Topology.Count)).Value));

        private readonly record struct Amount(int Value)
        {
            private static int s_added;

            public static Amount operator +(Amount a, Amount b) => new(a.Value + b.Value + ++s_added);
        }
    }

    internal static class AddsInAnExtensionMethod
    {
        internal static Algorithm Make()
        {
            var seen = new List<double>();
            return Steps.WithMonitor(_ =>
            {
                seen.Note(1);
                return new Load(seen.Count);
            });
        }
    }

    internal static class AssignsThroughAReference
    {
        internal static Algorithm Make()
        {
            var cells = new int[2];
            return Steps.WithMonitor(_ =>
            {
                ref var first = ref cells[0];
                first++;
                return new Load(first);
            });
        }
    }

    internal static class AssignsThroughAReturnedReference
    {
        internal static Algorithm Make()
        {
            var holder = new Holder();
            return Steps.WithMonitor(_ => new Load(++holder.Cell()));
        }

        private sealed class Holder
        {
            private int _cell;

            internal ref int Cell() => ref _cell;
        }
    }

    internal static class KeepsTheFirstTable
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Caching());

        private sealed class Caching : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private Load? _first;

            public override Load Monitor(MonitorContext<Load, Demand> context) => _first ??= new(context.Topology.Count);
        }
    }

    internal static class CountsInADefaultMethodOfAnInterface
    {
        internal static Algorithm Make()
        {
            ICounting counting = new Counting();
            return Steps.WithMonitor(_ => new Load(counting.Next()));
        }

        private interface ICounting
        {
            int Calls { get; set; }

            int Next() => ++Calls;
        }

        private sealed class Counting : ICounting
        {
            public int Calls { get; set; }
        }
    }

    internal static class StoresBehindAGenericInterface
    {
        internal static Algorithm Make()
        {
            IStore<double> store = new Last<double>();
            return Steps.WithMonitor(ctx => new Load(store.Swap(ctx.Topology.Count)));
        }

        private interface IStore<T>
        {
            T Swap(T value);
        }

        private sealed class Last<T> : IStore<T>
        {
            private readonly Queue<T> _values = [];

            public T Swap(T value)
            {
                _values.Enqueue(value);
                return _values.Count > 1 ? _values.Dequeue() : default!;
            }
        }
    }

    internal static class CountsInAnAsyncMethodOfAnObject
    {
        internal static Algorithm Make()
        {
            var client = new Client();
            return Steps.WithMonitor(async (_, token) => new Load(await client.MeasureAsync(token)));
        }

        private sealed class Client
        {
            private int _calls;

            internal async Task<int> MeasureAsync(CancellationToken token)
            {
                await Task.Delay(0, token);
                return ++_calls;
            }
        }
    }

    internal static class CountsInAQuery
    {
        internal static Algorithm Make()
        {
            var n = 0;
            return Steps.WithMonitor(ctx => new Load((from node in ctx.Topology let number = ++n select number + node.Key.Length).Sum()));
        }
    }

    internal static class CountsOnAnotherThread
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(async (_, token) =>
            {
                await Task.Run(() => calls++, token);
                return new Load(calls);
            });
        }
    }

    internal static class CountsWhenAnEventIsRaised
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            Action called = () => { };
            called += () => calls++;
            return Steps.WithMonitor(_ =>
            {
                called();
                return new Load(calls);
            });
        }
    }

    internal static class CountsInADisposableOfTheCall
    {
        internal static Algorithm Make()
        {
            var counts = new int[1];
            return Steps.WithMonitor(_ =>
            {
                using (new Scope(counts))
                {
                    return new Load(counts[0]);
                }
            });
        }

        private sealed class Scope(int[] counts) : IDisposable
        {
            public void Dispose() => counts[0]++;
        }
    }

    internal static class RemembersByItsKey
    {
        private static readonly ConditionalWeakTable<string, StrongBox<int>> Calls = [];

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(++Calls.GetOrCreateValue("calls").Value));
    }
}
