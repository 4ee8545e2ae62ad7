namespace Kta.Functional.Simulation;

/// <summary>A run as expectations see it: what changed when, and how a stretch of it is shown.</summary>
/// <param name="Changes">The changes, the first one first.</param>
/// <param name="Show">A stretch as a table with reasons.</param>
internal sealed record Trajectory(IReadOnlyList<PlanChange> Changes, Func<TimeSpan, TimeSpan, string> Show)
{
    internal static Trajectory Of(SimulatedRun run) => new(
        run.Changes,
        (from, to) =>
        {
            SimulatedIteration[] stretch = [.. run.Iterations.Where(iteration => iteration.At >= from && iteration.At <= to)];
            return RunTable.Write(run, stretch.Length > 0 ? stretch : [.. run.Iterations.Where(iteration => iteration.At <= to).TakeLast(1)]);
        });

    /// <summary>Of a run without application: time counts from the first iteration, and so do changes.</summary>
    internal static Trajectory Of(LocalRun run)
    {
        var changes = new List<PlanChange>();
        for (var i = 1; i < run.Iterations.Count; i++)
        {
            var (before, after) = (run.Iterations[i - 1].Parallelism, run.Iterations[i].Parallelism);
            if (run.Topology.Any(node => before[node] != after[node]))
            {
                changes.Add(new(At(run.Iterations[i]), before, after));
            }
        }

        return new(changes, Show);

        TimeSpan At(Iteration iteration) => iteration.StartedAt - run.Iterations[0].StartedAt;

        string Show(TimeSpan from, TimeSpan to)
        {
            Iteration[] stretch = [.. run.Iterations.Where(iteration => At(iteration) >= from && At(iteration) <= to)];
            return DecisionTable.Write(run.Topology, stretch, run.Iterations.LastOrDefault(iteration => At(iteration) < from));
        }
    }

    internal void AtMost(int changes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(changes);
        if (Changes.Count > changes)
        {
            throw Failed(
                $"There are {Changes.Count} changes of the parallelism, at most {changes} were expected. All of them:",
                string.Concat(Changes.Select(change => Show(change.At, change.At)).Select((table, i) => i == 0 ? table : WithoutHeading(table))));
        }
    }

    internal void NoReversal(TimeSpan within)
    {
        if (Convergence.Reversals(Changes, within).FirstOrDefault() is { Change: not null } found)
        {
            throw Failed(
                $"{found.Node} goes from {found.Before.From[found.Node]} to {found.Before.To[found.Node]} at {RunTable.Time(found.Before.At)} and to {found.Change.To[found.Node]} "
                + $"at {RunTable.Time(found.Change.At)}; no reversal was expected within {Text(within)}.",
                Show(found.Before.At, found.Change.At));
        }
    }

    internal void Settles(TimeSpan within, TimeSpan after, TimeSpan? until)
    {
        var end = until ?? TimeSpan.MaxValue;
        if (Changes.LastOrDefault(change => change.At >= after && change.At < end) is { } last && last.At - after > within)
        {
            throw Failed(
                $"The parallelism still changes at {RunTable.Time(last.At)}; it was expected to settle within {Text(within)} after {RunTable.Time(after)}.",
                Show(after, last.At));
        }
    }

    internal static ExpectationException Failed(string what, string stretch) => new(what + Environment.NewLine + stretch);

    internal static string Text(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");

    private static string WithoutHeading(string table) => table[(table.IndexOf('\n', StringComparison.Ordinal) + 1)..];
}
