#pragma warning disable KTA001, KTA002, IDE0044 // What a tool weaves in is not in the source; fields that nobody assigns.
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>What ordinary steps use: loggers, locks, builders, and a coverage tool that counts them.</summary>
internal static partial class OrdinaryTools
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class CapturesALogger
    {
        internal static Algorithm Make()
        {
            ILogger logger = NullLogger.Instance;
            ILogger<Load> typed = NullLogger<Load>.Instance;
            return Steps.WithMonitor(ctx =>
            {
#pragma warning disable CA1848, CA1873 // As users write it.
                logger.LogInformation("Measured {Id}", ctx.Id);
                typed.LogWarning("Measured {Count}", ctx.Topology.Count);
#pragma warning restore CA1848, CA1873
                return new Load(1);
            });
        }
    }

    internal static partial class UsesGeneratedLogMessages
    {
        internal static Algorithm Make()
        {
            ILogger logger = NullLogger.Instance;
            return Steps.WithMonitor(ctx =>
            {
                Measured(logger, ctx.Id, ctx.Topology.Count);
                return new Load(1);
            });
        }

        [LoggerMessage(Level = LogLevel.Information, Message = "Measured {Id}: {Count}")]
        private static partial void Measured(ILogger logger, string id, int count);
    }

    internal static class IsCountedByACoverageTool
    {
        internal static Algorithm Make()
        {
            var rate = 5.0;
            return Steps.WithMonitor(ctx =>
            {
                Tracker.RecordHit(0);
                return new Load(Scaled(ctx.Topology.Count));

                double Scaled(int count)
                {
                    Tracker.RecordHit(1);
                    Tracker.HitsArray[2]++;
                    Interlocked.Increment(ref Tracker.HitsArray[2]);
                    return rate * count;
                }
            });
        }

        /// <summary>As coverlet weaves it into an assembly.</summary>
        [CompilerGenerated]
        [ExcludeFromCodeCoverage]
        private static class Tracker
        {
            internal static readonly int[] HitsArray = new int[3];
            private static int s_total;

            internal static void RecordHit(int index)
            {
                Interlocked.Increment(ref HitsArray[index]);
                s_total++;
            }
        }
    }

    internal static class CapturesALockAndASemaphore
    {
        internal static Algorithm Make()
        {
            var gate = new object();
            var slots = new SemaphoreSlim(1);
            return Steps.WithMonitor(async (ctx, token) =>
            {
                await slots.WaitAsync(token);
                try
                {
                    lock (gate)
                    {
                        return new Load(ctx.Topology.Count);
                    }
                }
                finally
                {
                    slots.Release();
                }
            });
        }
    }

    internal static class CapturesCulturesAndComparers
    {
        internal static Algorithm Make()
        {
            var culture = CultureInfo.GetCultureInfo("");
            var names = new SortedSet<string>(StringComparer.Ordinal) { "b", "a" };
            return Steps.WithMonitor(ctx => new Load(names.Min!.Length + (names.SetEquals(["a"]) ? 1 : 0) + double.Parse("1.5", culture)));
        }
    }

    internal static class IsAClassWithFieldsNobodyAssigns
    {
        internal static Algorithm Make() => Algorithm.FromClass(new Plain());

        private sealed class Plain : AutoscalingAlgorithmMonitorUdf<Load, Demand>
        {
            private double _rate = 5;
            private readonly Dictionary<string, double> _weights = new() { ["orders"] = 2 };
            private TimeSpan _every = TimeSpan.FromSeconds(3);

            public override Load Monitor(MonitorContext<Load, Demand> context) => new(_rate * _weights["orders"] * _every.TotalSeconds);
        }
    }

    internal static class BuildsWithAFluentBuilder
    {
        internal static Algorithm Make()
        {
            var start = 3;
            return Steps.WithMonitor(ctx => new Load(new Builder().With(start).With(ctx.Topology.Count).Sum));
        }

        private sealed class Builder
        {
            private readonly List<int> _items = [];

            internal int Sum => _items.Sum();

            internal Builder With(int item)
            {
                _items.Add(item);
                return this;
            }
        }
    }

    internal static class ChangesCopiesOfRecordsAndStructs
    {
        internal static Algorithm Make()
        {
            var settings = new Settings(5, "x");
            var size = new Size { Width = 2 };
            return Steps.WithMonitor(ctx =>
            {
                var own = settings with { Rate = ctx.Topology.Count };
                var wider = size;
                wider.Width++;
                wider.Grow();
                return new Load(own.Rate + wider.Width + size.Area());
            });
        }

        private sealed record Settings(double Rate, string Name);

        private struct Size
        {
            public int Width;

            public void Grow() => Width++;

            public readonly int Area() => Width * Width;
        }
    }

    internal static class BuildsImmutableCollections
    {
        internal static Algorithm Make()
        {
            var start = ImmutableList.Create(1, 2);
            return Steps.WithMonitor(ctx =>
            {
                var builder = start.ToBuilder();
                builder.Add(3);
                var rates = ImmutableArray.CreateBuilder<int>();
                rates.AddRange(builder);
                var list = start;
                list = list.Add(ctx.Topology.Count);
                return new Load(rates.ToImmutable().Length + list.Count);
            });
        }
    }

    internal static class ChoosesFromATableOfFunctions
    {
        internal static Algorithm Make()
        {
            var rules = new Dictionary<string, Func<double, double>> { ["twice"] = x => 2 * x, ["half"] = x => x / 2 };
            Func<double, double>[] chain = [rules["twice"], Math.Ceiling];
            return Steps.WithMonitor(ctx => new Load(chain.Aggregate((double)ctx.Topology.Count, (value, rule) => rule(value)) + rules["half"](4)));
        }
    }

    internal static class SumsInParallelWithLocals
    {
        internal static Algorithm Make()
        {
            double[] weights = [1, 2, 3];
            return Steps.WithMonitor(ctx =>
            {
                var total = 0;
                Parallel.For(0, weights.Length, () => 0, (i, _, local) => local + (int)weights[i], local => Interlocked.Add(ref total, local));
                return new Load(total);
            });
        }
    }
}
