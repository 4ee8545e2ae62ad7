using System.Globalization;
using Kta.Functional.Simulation;
using Stopwatch = System.Diagnostics.Stopwatch;

namespace Kta.Functional.Benchmarks;

/// <summary>
/// Steps of the fluid model (one operator, one second) per second and core: a plain chain of three, and what the length of the chain,
/// observing, and short pieces of time make of it.
/// </summary>
internal static class ModelBenchmark
{
    private const int Rounds = 15;
    private const int SecondsPerRound = 400_000;

    internal static void Run(TextWriter output)
    {
        var seen = 0.0;
        Print(output, "chain of three", 3, SecondsPerRound, null);
        Print(output, "chain of three, a minute at a time", 3, 60, null);
        Print(output, "chain of three, observed", 3, SecondsPerRound, sample => seen += sample.Waiting[1]);
        Print(output, "chain of thirty", 30, SecondsPerRound, null);
    }

    private static void Print(TextWriter output, string what, int operators, int piece, SampleObserver? observer)
    {
        var rates = new List<double>();
        for (var round = -2; round < Rounds; round++)
        {
            var app = SimulatedApplication.Start(Chain(operators));
            var watch = Stopwatch.StartNew();
            for (var second = 0; second < SecondsPerRound; second += piece)
            {
                app = app.Advance(TimeSpan.FromSeconds(piece), observer);
            }

            if (round >= 0)
            {
                rates.Add(operators * app.Time.TotalSeconds / watch.Elapsed.TotalSeconds / 1e6);
            }
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"model: {what}: {Statistics.Median(rates):0} million steps per second and core (quartiles {Statistics.Quartiles(rates)})"));
    }

    private static Application Chain(int operators) => new()
    {
        Operators = [.. Enumerable.Range(0, operators).Select(i => new StreamOperator($"n{i}", 1_000) { Exponent = 0.95 })],
        Sources = Application.Reading("n0", Trace.Steps((0, 900), (100_000, 3_000), (200_000, 1_200))),
        Duration = TimeSpan.FromSeconds(SecondsPerRound),
        Parallelism = Enumerable.Range(0, operators).ToDictionary(i => (TopologyNode)TopologyNode.Flink($"n{i}"), _ => 2),
    };
}
