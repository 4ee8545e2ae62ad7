#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State in statics.</summary>
internal static class StatefulStatics
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class AssignsAStaticField
    {
        private static int s_calls;

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(++s_calls));
    }

    internal static class AssignsAStaticProperty
    {
        private static int Total { get; set; }

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(Total++));
    }

    internal static class AssignsAStaticInAMethodItCalls
    {
        private static int s_calls;

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(CountUp()));

        private static int CountUp() => ++s_calls;
    }

    internal static class AssignsAStaticThroughManyMethods
    {
        private static int s_calls;

        internal static Algorithm Make() => Steps.WithMonitor(ctx => new Load(Down(ctx, 9)));

        private static int Down(StepContext context, int depth) => depth == 0 ? Last(context) : Down(context, depth - 1);

        private static int Last(StepContext context) => context.Topology.Select(_ => ++s_calls).Sum();
    }

    internal static class AddsToAStaticList
    {
        private static readonly List<double> Seen = [];

        internal static Algorithm Make() => Steps.WithMonitor(_ =>
        {
            Seen.Add(1);
            return new Load(Seen.Count);
        });
    }

    internal static class AddsToAStaticDictionary
    {
        private static readonly Dictionary<string, int> ById = [];

        internal static Algorithm Make() => Steps.WithMonitor(ctx => new Load(ById[ctx.Id] = ById.Count));
    }

    internal static class IsAStaticMethodThatCounts
    {
        private static int s_calls;

        internal static Algorithm Make() => Steps.WithMonitor(Monitor);

        private static Load Monitor(MonitorContext<Load, Demand> context) => new(s_calls++ + context.Topology.Count);
    }

    internal static class IsAGenericMethodThatCounts
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(Count<Load>()));

        private static int Count<T>() => ++Of<T>.Calls;

        private static class Of<T>
        {
            internal static int Calls { get; set; }
        }
    }

    internal static class CountsInAConstructor
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(new Numbered().Number));

        private sealed class Numbered
        {
            private static int s_made;

            internal int Number { get; } = ++s_made;
        }
    }

    internal static class CountsPerThread
    {
        [ThreadStatic]
        private static int t_calls;

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(++t_calls));
    }

    internal static class CountsInAnAsyncLocal
    {
        private static readonly ThreadLocal<int> Calls = new();

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(++Calls.Value));
    }

    internal static class CountsInAnIteratorItMakes
    {
        private static int s_calls;

        internal static Algorithm Make() => Steps.WithMonitor(ctx => new Load(Numbers(ctx.Topology.Count).Sum()));

        private static IEnumerable<int> Numbers(int count)
        {
            for (var i = 0; i < count; i++)
            {
                yield return ++s_calls;
            }
        }
    }

    internal static class CountsInAStaticFunction
    {
        private static readonly Func<int> Next = Counter();

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(Next()));

        private static Func<int> Counter()
        {
            var calls = 0;
            return () => ++calls;
        }
    }

    internal static class CountsBehindAStaticInterface
    {
        private interface ICounter
        {
            int Next();
        }

        private static ICounter Shared { get; } = new Counter();

        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(Shared.Next()));

        private sealed class Counter : ICounter
        {
            private int _calls;

            public int Next() => ++_calls;
        }
    }
}
