using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Experiments on all cores, in the order they were given: nothing of the result depends on which was done first.</summary>
internal static class Sweep
{
    /// <summary>Applications with their seeds, the seeds of one beside each other.</summary>
    internal static IReadOnlyList<Application> Seeded(IEnumerable<Application> applications, int seeds) =>
        [.. applications.SelectMany(application => Enumerable.Range(0, seeds).Select(i => application with { Seed = application.Seed + i }))];

    internal static async Task<TResult[]> RunAsync<TItem, TResult>(
        IReadOnlyList<TItem> items, Func<TItem, CancellationToken, Task<TResult>> run, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        var settings = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, items.Count), settings, async (i, token) => results[i] = await run(items[i], token));
        return results;
    }
}
