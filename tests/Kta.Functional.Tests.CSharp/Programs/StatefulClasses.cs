#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State in objects that a step is a method of.</summary>
internal static class StatefulClasses
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class IsAMethodOfAnObjectWithAField
    {
        internal static Algorithm Make() => Steps.WithMonitor(new Counter().Monitor);
    }

    internal static class IsAClassWithAField
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Steps2());

        private sealed class Steps2 : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private int _calls;

            public override Load Monitor(MonitorContext<Load, Demand> context) => new(++_calls);
        }
    }

    internal static class IsAClassThatCountsInItsParameter
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Parameter(0));

        private sealed class Parameter(int calls) : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            public override Load Monitor(MonitorContext<Load, Demand> context) => new(++calls);
        }
    }

    internal static class IsAClassWithAGrowingProperty
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Growing());

        private sealed class Growing : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private List<double> Seen { get; } = [];

            public override Load Monitor(MonitorContext<Load, Demand> context)
            {
                Remember(Seen, context.Topology.Count);
                return new(Seen.Sum());
            }

            private static void Remember(List<double> seen, double value) => seen.Add(value);
        }
    }

    internal static class IsAClassWhoseBaseCounts
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Derived());

        private abstract class Counting : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private int _calls;

            protected int Count() => ++_calls;
        }

        private sealed class Derived : Counting
        {
            public override Load Monitor(MonitorContext<Load, Demand> context) => new(Count());
        }
    }

    internal static class IsAnAsyncClassWithAField
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Later());

        private sealed class Later : IAsyncMonitorUdf<Load, Demand>
        {
            private double _total;

            public async Task<Load> MonitorAsync(MonitorContext<Load, Demand> context, CancellationToken cancellationToken)
            {
                await Task.Yield();
                _total += context.Topology.Count;
                return new(_total);
            }
        }
    }

    internal static class IsAClassWithAnEvent
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Eventful());

        private sealed class Eventful : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private int _calls;
            private readonly List<Action> _whenCalled = [];

            internal Eventful() => _whenCalled.Add(() => _calls++);

            public override Load Monitor(MonitorContext<Load, Demand> context)
            {
                _whenCalled.ForEach(called => called());
                return new(_calls);
            }
        }
    }

    internal static class SwapsAnImmutableList
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Swapping());

        private sealed class Swapping : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private ImmutableList<double> _seen = [];

            public override Load Monitor(MonitorContext<Load, Demand> context)
            {
                ImmutableInterlocked.Update(ref _seen, seen => seen.Add(1));
                return new(_seen.Count);
            }
        }
    }

    private sealed class Counter
    {
        private int _calls;

        public int Next() => ++_calls;

        public Load Monitor(MonitorContext<Load, Demand> context) => new(++_calls + context.Topology.Count);
    }
}
