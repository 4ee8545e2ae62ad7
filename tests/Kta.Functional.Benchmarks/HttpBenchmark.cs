using System.Globalization;
using Kta.Functional.Benchmarks.Servers;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Benchmarks;

/// <summary>
/// Plan calls of the dummy autoscaler beside an endpoint of Kestrel that reads the body and answers a constant. Rounds
/// alternate, the median of the ratios counts. Small calls are at the mercy of the scheduler, so they get more rounds.
/// </summary>
internal static class HttpBenchmark
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);

    private const int Nodes = 3;
    private const int Pairs = 9;
    private const int PairsOfSmall = 31;
    private const int Counts = 5;

    /// <summary>Larger ones do not fit what a connection holds under way, so that one thread would wait for the server.</summary>
    private const int SmallRequest = 16 * 1024;

    internal static async Task RunAsync(TextWriter output)
    {
        using var bare = await ServerProcess.StartAsync("bare");
        using var ours = await ServerProcess.StartAsync("dummy");
        await output.WriteLineAsync($"http: plan calls, {Nodes} nodes, {LoadDriver.Connections} connections, medians of {Pairs} pairs of rounds, {PairsOfSmall} without history");
        await output.WriteLineAsync($"{"entries",16}{"body",12}{"bare/s",10}{"ours/s",10}{"ratio",8}{"quartiles",14}{"bare B/call",12}{"our B/call",12}{"resident",10}");
        foreach (var entries in (int[])[0, 100, 2_000, 20_000])
        {
            await output.WriteLineAsync(await MeasureAsync(bare, ours, entries, Entries.Alike));
        }

        await output.WriteLineAsync(await MeasureAsync(bare, ours, 2_000, Entries.Varied));
    }

    private static async Task<string> MeasureAsync(ServerProcess bare, ServerProcess ours, int entries, Entries kind)
    {
        var body = OperatorBody.Plan(Nodes, entries, kind);
        var bareTarget = new Target(bare.Port, ServerVerbs.PlanPath, body);
        var ourTarget = new Target(ours.Port, ServerVerbs.PlanPath, body);
        var (bareRates, ourRates, ratios) = (new List<double>(), new List<double>(), new List<double>());
        await RateAsync(bareTarget, Round);
        await RateAsync(ourTarget, 2 * Round);
        for (var pair = 0; pair < (entries == 0 ? PairsOfSmall : Pairs); pair++)
        {
            var bareFirst = pair % 2 == 0;
            var first = await RateAsync(bareFirst ? bareTarget : ourTarget, Round);
            var second = await RateAsync(bareFirst ? ourTarget : bareTarget, Round);
            bareRates.Add(bareFirst ? first : second);
            ourRates.Add(bareFirst ? second : first);
            ratios.Add(ourRates[^1] / bareRates[^1]);
        }

        var (bareBytes, ourBytes) = (await BytesPerCallAsync(bare, bareTarget, entries), await BytesPerCallAsync(ours, ourTarget, entries));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(kind == Entries.Varied ? "varied " : "") + entries.ToString("N0", CultureInfo.InvariantCulture),16}{body.Length,12:N0}{Statistics.Median(bareRates),10:N0}{Statistics.Median(ourRates),10:N0}{Statistics.Median(ratios),8:0.000}{Statistics.Quartiles(ratios),14}{bareBytes,12:N0}{ourBytes,12:N0}{ours.Resident() / 1048576.0,7:0} MB");
    }

    private static Task<double> RateAsync(Target target, TimeSpan time) =>
        target.Bytes.Length < SmallRequest ? Task.FromResult(SmallCalls.Rate(target, time)) : LoadDriver.RateAsync(target, time);

    /// <summary>The median of several counts: one in which a buffer more was needed than ever before tells nothing of a call.</summary>
    private static async Task<double> BytesPerCallAsync(ServerProcess server, Target target, int entries)
    {
        var calls = entries > 2_000 ? 32 : 256;
        var counts = new List<double>();
        for (var count = 0; count < Counts; count++)
        {
            var before = 0L;
            await LoadDriver.CountAsync(target, calls, async () => before = await server.AllocatedAsync());
            counts.Add((double)(await server.AllocatedAsync() - before) / calls);
        }

        return Statistics.Median(counts);
    }
}
