using System.Diagnostics;
using System.Globalization;
using Kta.Functional.Algorithms;
using Kta.Functional.Simulation;

namespace Kta.Functional.Benchmarks;

/// <summary>Iterations per second of loops in process with DS2: by nodes, and by how long the history already is.</summary>
internal static class LoopBenchmark
{
    private const int Rounds = 11;

    private static readonly int[] s_nodes = [1, 3, 6, 12, 24];
    private static readonly int[] s_entries = [0, 4_000, 16_000, 64_000];

    /// <summary>As long as the compiler of the runtime may take to be done with it, on a busy machine too.</summary>
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);

    private static readonly Algorithm s_ds2 = Autoscaler.Create(ctx => Measure(ctx.Topology, ctx.StartedAt), Ds2.Rule());

    internal static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync($"Iterations per second in process, DS2, the whole history kept: the median of {Rounds} runs after the warm-up, and the best.");
        await output.WriteLineAsync("monitor, analyze and plan, no application:");
        foreach (var nodes in s_nodes)
        {
            await WriteAsync(output, $"  {nodes} nodes", await RatesAsync(() => LoopAsync(nodes, 4_000, [])), nodes);
        }

        await output.WriteLineAsync("3 nodes, by the entries that are there already:");
        foreach (var entries in s_entries)
        {
            var earlier = entries > 0 ? (await TurnAsync(3, entries, [])).Iterations : [];
            await WriteAsync(output, $"  {entries} entries", await RatesAsync(() => LoopAsync(3, 4_000, earlier)), 3);
        }

        await output.WriteLineAsync("with a simulated application of 3 nodes, an iteration every 60 s (60 steps of 3 operators, every second kept):");
        await WriteAsync(output, "  one week", await RatesAsync(SimulateAsync), 3);
    }

    private static async Task<List<double>> RatesAsync(Func<Task<double>> run)
    {
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < s_warmUp;)
        {
            await run();
        }

        var rates = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            rates.Add(await run());
        }

        return rates;
    }

    private static async Task<double> LoopAsync(int nodes, int iterations, IReadOnlyList<Iteration> earlier)
    {
        var started = Stopwatch.GetTimestamp();
        await TurnAsync(nodes, iterations, earlier);
        return iterations / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task<LocalRun> TurnAsync(int nodes, int iterations, IReadOnlyList<Iteration> earlier)
    {
        var topology = new Topology(Enumerable.Range(1, nodes).Select(i => TopologyNode.Flink($"vertex-{i}")));
        var options = new LocalOperatorOptions { NewId = IterationIds.Numbered(), EarlierIterations = earlier, AskTwice = [] };
        return LocalOperator.RunAsync(s_ds2, topology, iterations, options);
    }

    /// <summary>A load that comes and goes within ten minutes.</summary>
    private static Measurements Measure(Topology topology, DateTimeOffset at)
    {
        var rate = 150_000 + (1_000.0 * (at.ToUnixTimeSeconds() % 600));
        return Measurements.ForEach(topology, node => new()
        {
            RecordsIn = rate,
            RecordsOut = rate,
            Busy = 0.7,
            BackPressured = 0.1,
            Idle = 0.2,
            TrueProcessingRate = rate / 0.7,
            ArrivalRate = node == topology[0] ? rate : Reading.Absent,
            Lag = node == topology[0] ? 120 : Reading.Absent,
            Parallelism = 9,
        });
    }

    private static async Task<double> SimulateAsync()
    {
        var application = new Application
        {
            Operators =
            [
                new("source", ratePerInstance: 50_000) { Exponent = 0.97 },
                new("map", ratePerInstance: 12_000) { Exponent = 0.95, Selectivity = 2 },
                new("agg", ratePerInstance: 15_000) { Exponent = 0.92, Selectivity = 0.1 },
            ],
            Sources = Application.Reading("source", Simulation.Trace.Cosine(mean: 150_000, amplitude: 100_000, period: TimeSpan.FromHours(24))),
            Duration = TimeSpan.FromDays(7),
        };
        var started = Stopwatch.GetTimestamp();
        var run = await Simulator.RunAsync(application, Autoscaler.Create(Ds2.Rule()), new LocalOperatorOptions { AskTwice = [] });
        return run.Iterations.Count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static Task WriteAsync(TextWriter output, string what, List<double> rates, int nodes)
    {
        var median = Statistics.Median(rates);
        return output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-20} {median,8:#,0}/s (best {rates.Max():#,0})   {1e6 / median,6:0.0} µs, {1e6 / median / nodes,5:0.0} µs for each node"));
    }
}
