using System.Globalization;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Iterations against an application as a table: what arrived, what waited, the instances, and why they changed.</summary>
internal static class RunTable
{
    internal static string Write(SimulatedRun run, IReadOnlyList<SimulatedIteration> iterations)
    {
        var rows = new List<string[]> { (string[])["#", "time", "rate", "lag", .. run.Topology.Select(node => node.ShortKey)] };
        rows.AddRange(iterations.Select(iteration => Row(run, iteration)));
        return TableText.Align(rows, number => number > 0 ? TableText.WhyOf(iterations[number - 1].Explanation) : []);
    }

    private static string[] Row(SimulatedRun run, SimulatedIteration iteration)
    {
        var now = run.Samples[(int)Seconds.Of(iteration.At) - 1];
        return
        [
            iteration.Iteration.Number.ToString(CultureInfo.InvariantCulture),
            Time(iteration.At),
            Invariant($"{now.Rate:#,0}/s"),
            Invariant($"{now.LagSeconds:0.0} s"),
            .. run.Topology.Select(node => TableText.Cell(iteration.Before[node], iteration.Parallelism[node], iteration.Plan[node])),
        ];
    }

    /// <summary>A time since the start, for people.</summary>
    internal static string Time(TimeSpan time) => Invariant($"{(long)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}");
}
