#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State in variables and collections that a step captures.</summary>
internal static class StatefulClosures
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class AssignsACapturedVariable
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(_ => new Load(++calls));
        }
    }

    internal static class AssignsInAnAsyncLambda
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(async (_, token) =>
            {
                await Task.Delay(0, token);
                calls++;
                return new Load(calls);
            });
        }
    }

    internal static class AssignsInALocalFunction
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(_ => new Load(Next()));
            int Next() => ++calls;
        }
    }

    internal static class AssignsInALambdaInside
    {
        internal static Algorithm Make()
        {
            var calls = 0;
            return Steps.WithMonitor(ctx =>
            {
                ctx.Topology.ToList().ForEach(_ => calls++);
                return new Load(calls);
            });
        }
    }

    internal static class AssignsAnOuterVariableFromAPlanOfNodes
    {
        internal static Algorithm Make()
        {
            var last = 1;
            return Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, node => last = Math.Min(9, last + node.Key.Length)));
        }
    }

    internal static class AssignsWithCompoundOperatorsAndTuples
    {
        internal static Algorithm Make()
        {
            var (sum, count) = (0.0, 0);
            return Steps.WithAnalyze(ctx =>
            {
                (sum, count) = (sum + ctx.MonitorResult.RecordsPerSecond, count + 1);
                return new Demand((int)Math.Min(1_000, sum / count));
            });
        }
    }

    internal static class KeepsTheFirstValueItSees
    {
        internal static Algorithm Make()
        {
            Load? first = null;
            return Steps.WithMonitor(ctx => first ??= new Load(ctx.Topology.Count));
        }
    }
}
