using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>A run as expectations see it: what changed when, and how a stretch of it is shown.</summary>
/// <param name="Start">The parallelism at the start; null in a run without iterations.</param>
/// <param name="Changes">The changes, the first one first.</param>
/// <param name="Times">When there was an iteration, the first one first.</param>
/// <param name="Show">A stretch as a table with reasons.</param>
internal sealed record Trajectory(
    IReadOnlyDictionary<TopologyNode, int>? Start, IReadOnlyList<PlanChange> Changes, IReadOnlyList<TimeSpan> Times, Func<TimeSpan, TimeSpan, string> Show)
{
    /// <summary>How many iterations are shown before what is wrong.</summary>
    private const int ShownBefore = 3;

    internal static Trajectory Of(SimulatedRun run) => new(
        run.Start,
        run.Changes,
        [.. run.Iterations.Select(iteration => iteration.At)],
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

        return new(run.Iterations.Count > 0 ? run.Iterations[0].Parallelism : null, changes, [.. run.Iterations.Select(At)], Show);

        TimeSpan At(Iteration iteration) => iteration.StartedAt - run.Iterations[0].StartedAt;

        string Show(TimeSpan from, TimeSpan to)
        {
            Iteration[] stretch = [.. run.Iterations.Where(iteration => At(iteration) >= from && At(iteration) <= to)];
            return DecisionTable.Write(run.Topology, stretch, run.Iterations.LastOrDefault(iteration => At(iteration) < from));
        }
    }

    /// <summary>The same, if something was decided: of a run without iterations every expectation would be met.</summary>
    internal Trajectory Decided() => Times.Count > 0 ? this : throw new ExpectationException(
        "The run has no finished iteration, so nothing can be expected of it. Let it run before, and look at its Failures if it did.");

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

    internal void NoReversal(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        if (Convergence.Reversals(Changes, time).FirstOrDefault() is { Change: not null } found)
        {
            throw Failed(
                $"{found.Node} goes from {found.Before.From[found.Node]} to {found.Before.To[found.Node]} at {RunTable.Time(found.Before.At)} and to {found.Change.To[found.Node]} "
                + $"at {RunTable.Time(found.Change.At)}; no reversal was expected within {Text(time)}.",
                Show(found.Before.At, found.Change.At));
        }
    }

    /// <summary>Expects the changes to end. What was not decided cannot change, so there has to be a decision after the time is over.</summary>
    internal void Settles(TimeSpan time, TimeSpan after, TimeSpan? until)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        CheckStretch(after, until);
        var end = until ?? TimeSpan.MaxValue;
        var over = Later(after, time);
        if (Changes.LastOrDefault(change => change.At > over && change.At < end) is { } last)
        {
            throw Failed(
                $"The parallelism still changes at {RunTable.Time(last.At)}, {Moved(last)}; it was expected to settle within {Text(time)} after {RunTable.Time(after)}.",
                Show(after, last.At));
        }

        if (!Times.Any(at => at > over && at < end))
        {
            throw new ExpectationException(
                $"Whether the run settles within {Text(time)} after {RunTable.Time(after)} cannot be said: its last decision{(until is null ? "" : $" before {RunTable.Time(end)}")} "
                + $"is at {RunTable.Time(Times.LastOrDefault(at => at < end))}, and one after the time is over would have to stay the same. "
                + $"Let the run go on{(until is null ? "" : ", and until be later")}, or expect it sooner.");
        }
    }

    /// <summary>Expects nodes to stay within limits.</summary>
    internal void Within(int min, int max, TopologyNode? node, TimeSpan after, TimeSpan? until)
    {
        CheckStretch(after, until);
        foreach (var (from, to, parallelism) in Levels().Where(level => level.To > after && level.From < (until ?? TimeSpan.MaxValue)))
        {
            if (Nodes(parallelism, node).FirstOrDefault(one => parallelism[one] < min || parallelism[one] > max) is { } found)
            {
                var at = from > after ? from : after;
                throw Failed(
                    Invariant($"{found} has {Instances(parallelism[found])} at {RunTable.Time(at)}; never {(parallelism[found] > max ? $"more than {max}" : $"fewer than {min}")} were expected."),
                    ShowAround(at));
            }
        }
    }

    /// <summary>Expects nodes to have a parallelism at some moment.</summary>
    internal void Reaches(int wanted, TopologyNode? node, TimeSpan? within, TimeSpan after)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(within ?? TimeSpan.Zero, TimeSpan.Zero, nameof(within));
        CheckStretch(after, null);
        var end = Later(after, within ?? TimeSpan.MaxValue);
        var levels = Levels().Where(level => level.To > after && level.From <= end).ToArray();
        foreach (var one in Start is null ? [] : Nodes(Start, node))
        {
            if (!levels.Any(level => level.Parallelism[one] == wanted))
            {
                var had = levels.Select(level => level.Parallelism[one]).ToArray();
                var shownTo = end < TimeSpan.MaxValue ? end : Times.Count > 0 ? Times[^1] : after;
                var described = had.Length == 0 ? "the run was over"
                    : had.Min() == had.Max() ? Invariant($"it had {had[0]}")
                    : Invariant($"it had {had.Min()} to {had.Max()}");
                throw Failed(
                    Invariant($"{one} was expected to reach {Instances(wanted)}{(within is null ? "" : $" within {Text(within.Value)}")} after {RunTable.Time(after)}, but {described}."),
                    Show(after, shownTo));
            }
        }
    }

    /// <summary>What was applied from when to when.</summary>
    private IEnumerable<(TimeSpan From, TimeSpan To, IReadOnlyDictionary<TopologyNode, int> Parallelism)> Levels()
    {
        var (from, parallelism) = (TimeSpan.Zero, Start);
        foreach (var change in Changes)
        {
            yield return (from, change.At, parallelism!);
            (from, parallelism) = (change.At, change.To);
        }

        if (parallelism is not null)
        {
            yield return (from, TimeSpan.MaxValue, parallelism);
        }
    }

    private static IEnumerable<TopologyNode> Nodes(IReadOnlyDictionary<TopologyNode, int> parallelism, TopologyNode? node) =>
        node is null ? parallelism.Keys
        : parallelism.ContainsKey(node) ? [node]
        : throw new ArgumentException($"{node} is no node of the run; it has {string.Join(", ", parallelism.Keys)}.", nameof(node));

    private static void CheckStretch(TimeSpan after, TimeSpan? until)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(after, TimeSpan.Zero);
        if (until <= after)
        {
            throw new ArgumentException($"Nothing lies after {RunTable.Time(after)} and before {RunTable.Time(until.Value)}: until has to be later than after.", nameof(until));
        }
    }

    private static TimeSpan Later(TimeSpan after, TimeSpan time) => time < TimeSpan.MaxValue - after ? after + time : TimeSpan.MaxValue;

    private static string Instances(int count) => Invariant($"{count} instance{(count == 1 ? "" : "s")}");

    private static string Moved(PlanChange change) => string.Join(
        ", ",
        change.To.Where(pair => pair.Value != change.From[pair.Key]).Select(pair => Invariant($"{pair.Key} from {change.From[pair.Key]} to {pair.Value}")));

    /// <summary>What happened at a time, with a few iterations before it and one after it.</summary>
    private string ShowAround(TimeSpan at) => Show(
        Times.Where(time => time < at).TakeLast(ShownBefore).FirstOrDefault(at), Times.Where(time => time > at).FirstOrDefault(at));

    internal static ExpectationException Failed(string what, string stretch) => new(what + Environment.NewLine + stretch);

    internal static string Text(TimeSpan time) => Invariant($"{time.TotalSeconds:0.###} s");

    private static string WithoutHeading(string table) => table[(table.IndexOf('\n', StringComparison.Ordinal) + 1)..];
}
