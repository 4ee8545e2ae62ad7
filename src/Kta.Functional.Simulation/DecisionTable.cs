using System.Globalization;
using System.Text;

namespace Kta.Functional.Simulation;

/// <summary>
/// Writes a run as a table. <c>+</c> and <c>-</c> mark a parallelism that has changed, <c>(n)</c> tells what plan had asked for
/// where the minimum or maximum changed it. Below a row stands why, for each node that was changed or held back.
/// </summary>
internal static class DecisionTable
{
    private const int WidestResult = 48;

    internal static string Write(LocalRun run)
    {
        var rows = new List<string[]> { Header(run.Topology) };
        Iteration? previous = null;
        foreach (var iteration in run.Iterations)
        {
            rows.Add(Row(run.Topology, iteration, previous));
            previous = iteration;
        }

        return Align(rows, run.Iterations);
    }

    private static string[] Header(Topology topology) =>
        ["#", "started (UTC)", .. topology.Select(node => node.ToString()), "monitor", "analyze"];

    private static string[] Row(Topology topology, Iteration iteration, Iteration? previous) =>
    [
        iteration.Number.ToString(CultureInfo.InvariantCulture),
        iteration.StartedAt.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
        .. topology.Select(node => Cell(node, iteration, previous)),
        Shorten(iteration.MonitorResult),
        Shorten(iteration.AnalyzeResult),
    ];

    private static string Cell(TopologyNode node, Iteration iteration, Iteration? previous)
    {
        var applied = iteration.Parallelism[node];
        var before = previous?.Parallelism[node] ?? applied;
        var change = applied > before ? " +" : applied < before ? " -" : "";
        var asked = iteration.Plan[node] == applied ? "" : $" ({iteration.Plan[node]})";
        return $"{applied}{change}{asked}";
    }

    private static string Shorten(string text) =>
        text.Length <= WidestResult ? text : string.Concat(text.AsSpan(0, WidestResult - 1), "…");

    private static IEnumerable<string> WhyOf(Iteration iteration) =>
        iteration.Explanation?.Nodes.Where(node => node.IsDecision && node.Reasons.Count > 0).Select(node => node.LogLine()) ?? [];

    private static string Align(List<string[]> rows, IReadOnlyList<Iteration> iterations)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var number = 0; number < rows.Count; number++)
        {
            var row = rows[number];
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                line.Append(column == 0 ? row[0].PadLeft(widths[0] + 2) : row[column].PadRight(widths[column])).Append("  ");
            }

            text.AppendLine(line.ToString().TrimEnd());
            foreach (var why in number > 0 ? WhyOf(iterations[number - 1]) : [])
            {
                text.Append(' ', widths[0] + 4).AppendLine(why);
            }
        }

        return text.ToString();
    }
}
