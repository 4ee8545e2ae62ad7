#pragma warning disable KTA001, KTA002, KTA003, KTA004 // Wrong on purpose: tests look at what finds it.
using System.Diagnostics;
using System.Globalization;
using System.Linq.Expressions;
using System.Threading.Channels;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>State that no look at the step's own code can prove: behind the framework, or changed by somebody else.</summary>
internal static class StatefulAround
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class HasACapturedVariableThatIsChangedFromOutside
    {
        internal static Algorithm Make()
        {
            var factor = 1.0;
            var algorithm = Steps.WithMonitor(_ => new Load(factor));
            factor = 2;
            return algorithm;
        }
    }

    internal static class CapturesRandomness
    {
        internal static Algorithm Make()
        {
            var random = new Random(1);
            return Steps.WithMonitor(_ => new Load(random.NextDouble()));
        }
    }

    internal static class RollsSharedDice
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(Random.Shared.Next()));
    }

    internal static class MakesGuids
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(Guid.NewGuid().GetHashCode()));
    }

    internal static class ReadsTheClock
    {
        internal static Algorithm Make() => Steps.WithMonitor(_ => new Load(DateTime.UtcNow.Ticks));
    }

    internal static class ReadsAStopwatch
    {
        internal static Algorithm Make()
        {
            var watch = Stopwatch.StartNew();
            return Steps.WithMonitor(_ => new Load(watch.ElapsedTicks));
        }
    }

    internal static class ReadsAStaticThatOthersCount
    {
        private static int s_calls;

        internal static Algorithm Make()
        {
            var counter = Service.Of<Func<int>>(() => ++s_calls);
            return Steps.WithMonitor(_ =>
            {
                counter.Value();
                return new Load(s_calls);
            });
        }
    }

    internal static class WritesAndReadsAFile
    {
        internal static Algorithm Make()
        {
            var file = Path.GetTempFileName();
            return Steps.WithMonitor(_ =>
            {
                File.AppendAllText(file, "x");
                return new Load(new FileInfo(file).Length);
            });
        }
    }

    internal static class WritesAndReadsTheEnvironment
    {
        internal static Algorithm Make()
        {
            var name = $"KTA_TEST_{Guid.NewGuid():N}";
            return Steps.WithMonitor(_ =>
            {
                var calls = int.Parse(Environment.GetEnvironmentVariable(name) ?? "0", CultureInfo.InvariantCulture) + 1;
                Environment.SetEnvironmentVariable(name, calls.ToString(CultureInfo.InvariantCulture));
                return new Load(calls);
            });
        }
    }

    internal static class MovesAStream
    {
        internal static Algorithm Make()
        {
            var stream = new MemoryStream(new byte[100]);
            return Steps.WithMonitor(_ =>
            {
                stream.ReadByte();
                return new Load(stream.Position);
            });
        }
    }

    internal static class WritesToAChannel
    {
        internal static Algorithm Make()
        {
            var channel = Channel.CreateUnbounded<int>();
            return Steps.WithMonitor(_ =>
            {
                channel.Writer.TryWrite(1);
                return new Load(channel.Reader.Count);
            });
        }
    }

    internal static class CountsPermits
    {
        internal static Algorithm Make()
        {
            var permits = new SemaphoreSlim(10_000);
            return Steps.WithMonitor(_ => new Load(permits.Wait(0) ? permits.CurrentCount : 0));
        }
    }

    internal static class CancelsASource
    {
        internal static Algorithm Make()
        {
            var source = new CancellationTokenSource();
            return Steps.WithMonitor(_ =>
            {
                var before = source.IsCancellationRequested;
                source.Cancel();
                return new Load(before ? 1 : 0);
            });
        }
    }

    internal static class CountsThroughReflection
    {
        internal static Algorithm Make()
        {
            var memory = new Memory();
            var calls = typeof(Memory).GetProperty(nameof(Memory.Calls))!;
            return Steps.WithMonitor(_ =>
            {
                calls.SetValue(memory, memory.Calls + 1);
                return new Load(memory.Calls);
            });
        }
    }

    internal static class CountsInACompiledExpression
    {
        internal static Algorithm Make()
        {
            var memory = new Memory();
            var property = Expression.Property(Expression.Constant(memory), nameof(Memory.Calls));
            var next = Expression.Lambda<Func<int>>(Expression.PreIncrementAssign(property)).Compile();
            return Steps.WithMonitor(_ => new Load(next()));
        }
    }

    internal static class CountsInAService
    {
        internal static Algorithm Make()
        {
            var memory = Service.Of(new Memory());
            return Steps.WithMonitor(_ => new Load(memory.Value.Calls++));
        }
    }

    internal static class SetsItemsThroughASpan
    {
        internal static Algorithm Make()
        {
            var last = new double[2];
            return Steps.WithMonitor(_ =>
            {
                last.AsSpan()[0]++;
                return new Load(last[0]);
            });
        }
    }

    internal static class AlternatesByATimer
    {
        internal static Algorithm Make()
        {
            var isOdd = new bool[1];
            return Steps.WithMonitor(ctx =>
            {
                Parallel.For(0, 1, i => isOdd[i] = !isOdd[i]);
                return new Load(isOdd[0] ? 1 : 0);
            });
        }
    }

    private sealed class Memory
    {
        public int Calls { get; set; }
    }
}
