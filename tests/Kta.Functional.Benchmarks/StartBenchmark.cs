using System.Globalization;
using Kta.Functional.Benchmarks.Servers;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Benchmarks;

/// <summary>
/// How long a published program takes from the start of its process to its first right answer, what it keeps after a million, and its
/// size on disk: the same program managed and native, by turns.
/// </summary>
internal static class StartBenchmark
{
    private const int Starts = 9;
    private const long Calls = 1_000_000;

    internal static async Task RunAsync(TextWriter output)
    {
        var body = OperatorBody.Plan(1, 0);
        string[] kinds = ["managed", "native"];
        var times = kinds.ToDictionary(kind => kind, _ => new List<double>());
        for (var i = 0; i <= Starts; i++)
        {
            foreach (var kind in kinds)
            {
                using var server = PublishedProgram.Start(kind);
                var time = await server.FirstReplyAsync(body);
                if (i > 0)
                {
                    times[kind].Add(time.TotalSeconds);
                }
            }
        }

        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"start: the published quickstart, medians of {Starts} starts by turns, then {Calls:N0} small calls"));
        await output.WriteLineAsync("              first reply   quartiles  resident then  after all  on disk");
        foreach (var kind in kinds)
        {
            using var kept = PublishedProgram.Start(kind);
            await kept.FirstReplyAsync(body);
            var before = kept.Resident();
            await LoadDriver.CountAsync(new Target(kept.Port, ServerVerbs.PlanPath, body), Calls);
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"    {kind,-8}{Statistics.Median(times[kind]),11:0.000} s   {Statistics.Quartiles(times[kind])}   {Megabytes(before)} MB  {Megabytes(kept.Resident())} MB  {Megabytes(PublishedProgram.Size(kind))} MB"));
        }
    }

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0,8:0}");
}
