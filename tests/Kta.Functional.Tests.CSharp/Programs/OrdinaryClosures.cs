using System.Globalization;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>Lambdas in lambdas, local functions, variables of the call: the everyday shapes of a step.</summary>
internal static class OrdinaryClosures
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class CapturesNothing
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(1));
    }

    internal static class CapturesANumberFromTheCommandLineInANestedLambda
    {
        internal static Algorithm Make()
        {
            string[] args = ["4"];
            var n = int.Parse(args[0], CultureInfo.InvariantCulture);
            return Algorithm.Create<Load>(_ => new Load(1), ctx => Plan.ForEach(ctx.Topology, _ => n));
        }
    }

    internal static class CapturesASettingInALambdaOverTheHistory
    {
        internal static Algorithm Make()
        {
            var factor = 1.5;
            return Steps.WithMonitor(ctx => new Load(ctx.History.Select(entry => entry.MonitorResult.RecordsPerSecond * factor).DefaultIfEmpty(1).Max()));
        }
    }

    internal static class CapturesASettingTwoLambdasDeep
    {
        internal static Algorithm Make()
        {
            var limit = 9;
            return Steps.WithPlan(ctx => Plan.ForEach(ctx.Topology, node =>
                Math.Min(limit, ctx.Topology.Count(other => other.Key.Length <= limit * node.Key.Length))));
        }
    }

    internal static class CapturesASettingInANestedLambdaStepwise
    {
        internal static Algorithm Make()
        {
            var n = 3;
            return Algorithm.Monitor(_ => new Load(1)).Plan(ctx => Plan.ForEach(ctx.Topology, _ => n));
        }
    }

    internal static class CapturesASettingInANestedLambdaOfAnAsyncStep
    {
        internal static Algorithm Make()
        {
            var n = 3;
            return Steps.WithPlan(async (ctx, token) =>
            {
                await Task.Delay(0, token);
                return Plan.ForEach(ctx.Topology, _ => n);
            });
        }
    }

    internal static class IsMadeByAFactoryWithASetting
    {
        internal static Algorithm Make() => With(5);

        private static Algorithm With(int perInstance) =>
            Steps.WithMonitor(ctx => new Load(ctx.Topology.Sum(node => node.Key.Length * perInstance)));
    }

    internal static class CountsInAVariableOfTheCall
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var sum = 0;
            ctx.Topology.ToList().ForEach(node => sum += node.Key.Length);
            return new Load(sum);
        });
    }

    internal static class CountsInAVariableOfTheCallBesideACapturedOne
    {
        internal static Algorithm Make()
        {
            var weight = 2;
            return Steps.WithMonitor(ctx =>
            {
                var sum = 0;
                ctx.Topology.ToList().ForEach(node => sum += node.Key.Length * weight);
                return new Load(sum);
            });
        }
    }

    internal static class CountsInALocalFunctionOfTheCall
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var calls = 0;
            foreach (var node in ctx.Topology)
            {
                Add(node.Key.Length);
            }

            return new Load(calls);
            void Add(int more) => calls += more;
        });
    }

    internal static class CountsInAVariableOfAnAsyncCall
    {
        internal static Algorithm Make() => Steps.WithMonitor(async (ctx, token) =>
        {
            var sum = 0;
            foreach (var node in ctx.Topology)
            {
                await Task.Yield();
                sum += node.Key.Length;
            }

            token.ThrowIfCancellationRequested();
            return new Load(sum);
        });
    }

    internal static class CallsARecursiveLocalFunction
    {
        internal static Algorithm Make()
        {
            var depth = 5;
            return Steps.WithMonitor(_ => new Load(Factorial(depth)));
            static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);
        }
    }

    internal static class CallsARecursiveLambda
    {
        internal static Algorithm Make()
        {
            Func<int, int> fibonacci = null!;
            fibonacci = n => n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
            return Steps.WithMonitor(_ => new Load(fibonacci(7)));
        }
    }

    internal static class ComposesFunctions
    {
        internal static Algorithm Make()
        {
            var steps = new List<Func<double, double>> { x => x + 1, x => x * 2 };
            return Steps.WithMonitor(_ => new Load(steps.Aggregate(1.0, (value, step) => step(value))));
        }
    }

    internal static class CapturesACurriedFunction
    {
        internal static Algorithm Make()
        {
            Func<double, Func<double, double>> scale = factor => x => x * factor;
            var twice = scale(2);
            return Steps.WithMonitor(_ => new Load(twice(4)));
        }
    }

    internal static class SharesItsClosureWithSomebodyWhoCountedBefore
    {
        internal static Algorithm Make()
        {
            var (counted, rate) = (0, 5.0);
            Action count = () => counted++;
            count();
            return Steps.WithMonitor(_ => new Load(rate));
        }
    }

    internal static class UsesAVariableThatWasAssignedTwiceBefore
    {
        internal static Algorithm Make()
        {
            var rate = 1.0;
            if (Environment.ProcessorCount > 0)
            {
                rate = 5;
            }

            return Steps.WithMonitor(_ => new Load(rate));
        }
    }

    internal static class UsesALoopVariable
    {
        internal static Algorithm Make()
        {
            Algorithm<Load, Demand> made = Steps;
            foreach (var n in (int[])[1, 2, 3])
            {
                made = made.WithMonitor(ctx => new Load(ctx.Topology.Sum(_ => n)));
            }

            return made;
        }
    }

    internal static class TakesApartATuple
    {
        internal static Algorithm Make()
        {
            var (low, high) = (1.0, 2.0);
            return Steps.WithMonitor(_ => new Load(Math.Clamp(1.5, low, high)));
        }
    }

    internal static class TriesToParseIntoAVariableOfTheCall
    {
        internal static Algorithm Make()
        {
            var text = "7";
            return Steps.WithMonitor(_ => new Load(int.TryParse(text, CultureInfo.InvariantCulture, out var n) ? n : 0));
        }
    }

    internal static class CallsAStepOfAnotherAlgorithm
    {
        internal static Algorithm Make()
        {
            var inner = Steps.WithMonitor(_ => new Load(1));
            return Steps.WithMonitor(async (ctx, token) => await inner.Monitor!.InvokeAsync(ctx, token));
        }
    }

    internal static class YieldsFromAnIteratorOfTheCall
    {
        internal static Algorithm Make()
        {
            var most = 3;
            return Steps.WithMonitor(_ => new Load(Numbers().Sum()));
            IEnumerable<int> Numbers()
            {
                for (var i = 0; i < most; i++)
                {
                    yield return i;
                }
            }
        }
    }

    internal static class IsAStaticLambda
    {
        internal static Algorithm Make() => Steps.WithMonitor(static ctx => new Load(ctx.Topology.Count));
    }
}
