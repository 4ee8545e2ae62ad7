using System.Globalization;

namespace Kta.Functional.Simulation;

/// <summary>
/// Writes a run as a table. <c>+</c> and <c>-</c> mark a parallelism that has changed, <c>(n)</c> tells what plan had asked for
/// where the minimum or maximum changed it. Below a row stands why, for each node that was changed or held back.
/// </summary>
internal static class DecisionTable
{
    private const int WidestResult = 48;

    internal static string Write(LocalRun run) => Write(run.Topology, run.Iterations, run.Iterations.Count > 0 ? run.Iterations[0] : null);

    /// <summary>A part of a run.</summary>
    internal static string Write(Topology topology, IReadOnlyList<Iteration> iterations, Iteration? previous)
    {
        var rows = new List<string[]> { Header(topology) };
        foreach (var iteration in iterations)
        {
            rows.Add(Row(topology, iteration, previous));
            previous = iteration;
        }

        return TableText.Align(rows, number => number > 0 ? TableText.WhyOf(iterations[number - 1].Explanation) : []);
    }

    private static string[] Header(Topology topology) =>
        ["#", "started (UTC)", .. topology.Select(node => node.ToString()), "monitor", "analyze"];

    private static string[] Row(Topology topology, Iteration iteration, Iteration? previous) =>
    [
        iteration.Number.ToString(CultureInfo.InvariantCulture),
        iteration.StartedAt.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        .. topology.Select(node => TableText.Cell((previous ?? iteration).Parallelism[node], iteration.Parallelism[node], iteration.Plan[node])),
        Shorten(iteration.MonitorResult),
        Shorten(iteration.AnalyzeResult),
    ];

    private static string Shorten(string text) =>
        text.Length <= WidestResult ? text : string.Concat(text.AsSpan(0, WidestResult - 1), "…");
}
