#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State in objects that a step holds, or is a method of.</summary>
internal static class StatefulObjects
{
    private interface IStore
    {
        int Next();
    }

    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class SetsAPropertyOfACapturedObject
    {
        internal static Algorithm Make()
        {
            var memory = new Memory();
            return Steps.WithMonitor(_ => new Load(memory.Calls++));
        }
    }

    internal static class CallsAMethodThatCounts
    {
        internal static Algorithm Make()
        {
            var memory = new Counter();
            return Steps.WithMonitor(_ => new Load(memory.Next()));
        }
    }

    internal static class CountsBehindAnInterface
    {
        internal static Algorithm Make()
        {
            IStore store = new FieldStore();
            return Steps.WithMonitor(_ => new Load(store.Next()));
        }

        private sealed class FieldStore : IStore
        {
            private int _calls;

            public int Next() => ++_calls;
        }
    }

    internal static class CountsBehindAnInterfaceInAStaticDictionary
    {
        internal static Algorithm Make()
        {
            IStore store = new DictionaryStore();
            return Steps.WithMonitor(_ => new Load(store.Next()));
        }

        private sealed class DictionaryStore : IStore
        {
            private static readonly Dictionary<string, int> Calls = [];

            public int Next() => Calls["calls"] = Calls.GetValueOrDefault("calls") + 1;
        }
    }

    internal static class CountsBehindAnAbstractClass
    {
        internal static Algorithm Make()
        {
            Smoother smoother = new LastValue();
            return Steps.WithAnalyze(ctx => new Demand((int)smoother.Smooth(ctx.MonitorResult.RecordsPerSecond)));
        }

        private abstract class Smoother
        {
            internal abstract double Smooth(double value);
        }

        private sealed class LastValue : Smoother
        {
            private double _last;

            internal override double Smooth(double value) => _last = (value + _last) / 2;
        }
    }

    internal static class SetsAPropertyOfAnItem
    {
        internal static Algorithm Make()
        {
            ImmutableArray<Memory> memories = [new Memory()];
            return Steps.WithMonitor(_ => new Load(memories[0].Calls++));
        }
    }

    internal static class SetsPropertiesInALoop
    {
        internal static Algorithm Make()
        {
            var memories = new List<Memory> { new(), new() };
            return Steps.WithMonitor(_ =>
            {
                foreach (var memory in memories)
                {
                    memory.Calls++;
                }

                return new Load(memories.Sum(memory => memory.Calls));
            });
        }
    }

    internal static class SetsAnElementInARecord
    {
        internal static Algorithm Make()
        {
            var settings = new Settings([1, 2]);
            return Steps.WithMonitor(_ => new Load(settings.Weights[0]++));
        }
    }

    internal static class SetsABox
    {
        internal static Algorithm Make()
        {
            var box = new StrongBox<int>();
            return Steps.WithMonitor(_ => new Load(box.Value++));
        }
    }

    internal static class SetsAMemberOfACapturedStruct
    {
        internal static Algorithm Make()
        {
            var tally = new Tally();
            return Steps.WithMonitor(_ => new Load(tally.Next()));
        }

        private struct Tally
        {
            private int _calls;

            internal int Next() => ++_calls;
        }
    }

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
