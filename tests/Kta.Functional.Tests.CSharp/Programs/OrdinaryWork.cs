using System.Numerics;

namespace Kta.Functional.Tests.CSharp.Programs;

/// <summary>What ordinary steps do with objects of their own.</summary>
internal static class OrdinaryWork
{
    private static Algorithm<Load, Demand> Steps => Algorithm.For<Load, Demand>();

    internal static class HandsCollectionsOfTheCallToMethods
    {
        internal static Algorithm Make() => Steps.WithMonitor(ctx =>
        {
            var seen = new Dictionary<string, int>();
            Collect(ctx.Topology, seen);
            Bump(seen);
            return new Load(seen.Values.Sum() + Collected(ctx.Topology).Count);
        });

        private static void Collect(Topology topology, Dictionary<string, int> into)
        {
            foreach (var node in topology)
            {
                into[node.Key] = node.Key.Length;
            }
        }

        private static void Bump(IDictionary<string, int> counts)
        {
            foreach (var key in counts.Keys.ToList())
            {
                counts[key]++;
            }
        }

        private static List<string> Collected(Topology topology)
        {
            var list = new List<string>();
            list.AddRange(topology.Select(node => node.Key));
            return list;
        }
    }

    internal static class ReturnsADefaultBeforeItFillsItsOwn
    {
        internal static Algorithm Make()
        {
            var defaults = new List<double> { 1 };
            return Steps.WithMonitor(ctx =>
            {
                var list = new List<double>();
                if (ctx.Topology.Count > 100)
                {
                    list = defaults;
                    return new Load(list.Count);
                }

                list.Add(ctx.Topology.Count);
                return new Load(list.Sum());
            });
        }
    }

    internal static class EnumeratesACapturedSequence
    {
        internal static Algorithm Make()
        {
            var numbers = Numbers(3);
            IEnumerable<double> list = [1, 2];
            return Steps.WithMonitor(ctx =>
            {
                var sum = list.Sum();
                foreach (var number in numbers)
                {
                    sum += number;
                }

                foreach (var number in list)
                {
                    sum += number;
                }

                return new Load(sum);
            });
        }

        private static IEnumerable<int> Numbers(int count)
        {
            for (var i = 0; i < count; i++)
            {
                yield return i;
            }
        }
    }

    internal static class UsesAThreadSafeBufferOfTheCall
    {
        internal static Algorithm Make()
        {
            var most = 4;
            return Steps.WithMonitor(async (ctx, token) =>
            {
                var results = new System.Collections.Concurrent.ConcurrentBag<int>();
                await Parallel.ForEachAsync(ctx.Topology, token, async (node, _) =>
                {
                    await Task.Yield();
                    results.Add(Math.Min(most, node.Key.Length));
                });
                return new Load(results.Sum());
            });
        }
    }

    internal static class PassesAListThroughALocalFunction
    {
        internal static Algorithm Make()
        {
            IReadOnlyList<string> names = ["orders", "payments"];
            return Steps.WithMonitor(ctx =>
            {
                var result = new List<string>(names);
                Append(result, names);
                Append(result, [.. names, ctx.Id]);
                return new Load(result.Count);
            });

            static void Append(List<string> into, IReadOnlyList<string> from)
            {
                foreach (var name in from)
                {
                    into.Add(name);
                }
            }
        }
    }

    internal static class AwaitsInALoop
    {
        internal static Algorithm Make()
        {
            var attempts = 3;
            return Steps.WithMonitor(async (ctx, token) =>
            {
                var total = 0;
                for (var i = 0; i < attempts; i++)
                {
                    await Task.Yield();
                    total += i;
                    await Task.WhenAll(ctx.Topology.Select(async node =>
                    {
                        await Task.Yield();
                        Interlocked.Add(ref total, node.Key.Length);
                    }));
                }

                token.ThrowIfCancellationRequested();
                return new Load(total);
            });
        }
    }

    internal static class CatchesAndRetries
    {
        internal static Algorithm Make()
        {
            var attempts = 2;
            return Steps.WithMonitor(ctx =>
            {
                for (var attempt = 1; ; attempt++)
                {
                    try
                    {
                        return new Load(attempt < attempts ? throw new TimeoutException() : attempt);
                    }
                    catch (TimeoutException error) when (error.Message.Length > 0 && attempt < attempts)
                    {
                        attempt += 0;
                    }
                    finally
                    {
                        GC.KeepAlive(ctx);
                    }
                }
            });
        }
    }

    internal static class CallsGenericHelpers
    {
        internal static Algorithm Make()
        {
            double[] rates = [3, 1, 2];
            return Steps.WithMonitor(ctx => new Load(Sum(rates) + Best(ctx.Topology, node => node.Key.Length).Key.Length));
        }

        private static T Sum<T>(ReadOnlySpan<T> items)
            where T : INumber<T>
        {
            var sum = T.Zero;
            foreach (var item in items)
            {
                sum += item;
            }

            return sum;
        }

        private static T Best<T>(IEnumerable<T> items, Func<T, int> score)
            where T : notnull
        {
            var ranked = new SortedDictionary<int, T>();
            foreach (var item in items)
            {
                ranked[score(item)] = item;
            }

            return ranked.Last().Value;
        }
    }

    internal static class EnumeratesACapturedAsyncSequence
    {
        internal static Algorithm Make()
        {
            var numbers = NumbersAsync(3);
            return Steps.WithMonitor(async (ctx, token) =>
            {
                var sum = 0;
                await foreach (var number in numbers.WithCancellation(token))
                {
                    sum += number;
                }

                await using var again = numbers.GetAsyncEnumerator(token);
                return new Load(await again.MoveNextAsync() ? sum : 0);
            });
        }

        private static async IAsyncEnumerable<int> NumbersAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                await Task.Yield();
                yield return i;
            }
        }
    }
}
