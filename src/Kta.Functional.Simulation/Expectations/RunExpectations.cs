using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>What tests expect of the course of a run. Each answers the run again, so that they can be chained.</summary>
/// <remarks>Of a run without a finished iteration nothing can be expected: that is an <see cref="ExpectationException"/>, too.</remarks>
/// <example>
/// <code>
/// run.ExpectAtMostChanges(6)
///    .ExpectNoReversalWithin(TimeSpan.FromMinutes(5))
///    .ExpectAboveObjectiveAtMost(0.05);
/// </code>
/// </example>
public static class RunExpectations
{
    /// <summary>Expects at most so many changes of the parallelism.</summary>
    /// <param name="run">The run.</param>
    /// <param name="changes">At least 0.</param>
    /// <exception cref="ExpectationException">There are more; the message shows them with their reasons.</exception>
    public static SimulatedRun ExpectAtMostChanges(this SimulatedRun run, int changes)
    {
        Of(run).AtMost(changes);
        return run;
    }

    /// <inheritdoc cref="ExpectAtMostChanges(SimulatedRun, int)"/>
    public static LocalRun ExpectAtMostChanges(this LocalRun run, int changes)
    {
        Of(run).AtMost(changes);
        return run;
    }

    /// <summary>Expects that no node goes back on its last change within a time: no flapping.</summary>
    /// <param name="run">The run.</param>
    /// <param name="time">The time from one change of a node to the next.</param>
    /// <exception cref="ExpectationException">A node does; the message shows what happened between the two changes.</exception>
    public static SimulatedRun ExpectNoReversalWithin(this SimulatedRun run, TimeSpan time)
    {
        Of(run).NoReversal(time);
        return run;
    }

    /// <inheritdoc cref="ExpectNoReversalWithin(SimulatedRun, TimeSpan)"/>
    public static LocalRun ExpectNoReversalWithin(this LocalRun run, TimeSpan time)
    {
        Of(run).NoReversal(time);
        return run;
    }

    /// <summary>Expects that nothing changes any more when some time has passed.</summary>
    /// <param name="run">The run.</param>
    /// <param name="time">How long it may take.</param>
    /// <param name="after">From when on, since the start: the moment the load changes, for example. Default: the start.</param>
    /// <param name="until">Changes from here on do not count; null: the end.</param>
    /// <exception cref="ExpectationException">There is a later change; the message shows what happened until then. Or nothing was decided after the time was over.</exception>
    /// <exception cref="ArgumentException">A time is negative, or <paramref name="until"/> not later than <paramref name="after"/>.</exception>
    public static SimulatedRun ExpectSettledWithin(this SimulatedRun run, TimeSpan time, TimeSpan after = default, TimeSpan? until = null)
    {
        Of(run).Settles(time, after, until);
        return run;
    }

    /// <inheritdoc cref="ExpectSettledWithin(SimulatedRun, TimeSpan, TimeSpan, TimeSpan?)"/>
    public static LocalRun ExpectSettledWithin(this LocalRun run, TimeSpan time, TimeSpan after = default, TimeSpan? until = null)
    {
        Of(run).Settles(time, after, until);
        return run;
    }

    /// <summary>Expects that no node ever has more instances than this.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parallelism">The largest parallelism that is fine.</param>
    /// <param name="node">The node; null for every node.</param>
    /// <param name="after">From when on, since the start.</param>
    /// <param name="until">What comes from here on does not count; null: the end.</param>
    /// <exception cref="ExpectationException">A node has more; the message shows what led to it.</exception>
    /// <exception cref="ArgumentException">The run has no such node, a time is negative, or <paramref name="until"/> not later than <paramref name="after"/>.</exception>
    public static SimulatedRun ExpectNeverAbove(
        this SimulatedRun run, int parallelism, TopologyNode? node = null, TimeSpan after = default, TimeSpan? until = null)
    {
        Of(run).Within(int.MinValue, parallelism, node, after, until);
        return run;
    }

    /// <inheritdoc cref="ExpectNeverAbove(SimulatedRun, int, TopologyNode, TimeSpan, TimeSpan?)"/>
    public static LocalRun ExpectNeverAbove(
        this LocalRun run, int parallelism, TopologyNode? node = null, TimeSpan after = default, TimeSpan? until = null)
    {
        Of(run).Within(int.MinValue, parallelism, node, after, until);
        return run;
    }

    /// <summary>Expects that no node ever has fewer instances than this.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parallelism">The least parallelism that is fine.</param>
    /// <param name="node">The node; null for every node.</param>
    /// <param name="after">From when on, since the start.</param>
    /// <param name="until">What comes from here on does not count; null: the end.</param>
    /// <exception cref="ExpectationException">A node has fewer; the message shows what led to it.</exception>
    /// <exception cref="ArgumentException">The run has no such node, a time is negative, or <paramref name="until"/> not later than <paramref name="after"/>.</exception>
    public static SimulatedRun ExpectNeverBelow(
        this SimulatedRun run, int parallelism, TopologyNode? node = null, TimeSpan after = default, TimeSpan? until = null)
    {
        Of(run).Within(parallelism, int.MaxValue, node, after, until);
        return run;
    }

    /// <inheritdoc cref="ExpectNeverBelow(SimulatedRun, int, TopologyNode, TimeSpan, TimeSpan?)"/>
    public static LocalRun ExpectNeverBelow(
        this LocalRun run, int parallelism, TopologyNode? node = null, TimeSpan after = default, TimeSpan? until = null)
    {
        Of(run).Within(parallelism, int.MaxValue, node, after, until);
        return run;
    }

    /// <summary>Expects that a node has exactly this many instances at some moment.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parallelism">The parallelism.</param>
    /// <param name="node">The node; null for every node, each at a moment of its own.</param>
    /// <param name="within">How long it may take; null: to the end.</param>
    /// <param name="after">From when on, since the start: the moment the load changes, for example.</param>
    /// <exception cref="ExpectationException">It has not; the message shows the stretch in which it was expected.</exception>
    /// <exception cref="ArgumentException">The run has no such node, or a time is negative.</exception>
    public static SimulatedRun ExpectReaches(
        this SimulatedRun run, int parallelism, TopologyNode? node = null, TimeSpan? within = null, TimeSpan after = default)
    {
        Of(run).Reaches(parallelism, node, within, after);
        return run;
    }

    /// <inheritdoc cref="ExpectReaches(SimulatedRun, int, TopologyNode, TimeSpan?, TimeSpan)"/>
    public static LocalRun ExpectReaches(
        this LocalRun run, int parallelism, TopologyNode? node = null, TimeSpan? within = null, TimeSpan after = default)
    {
        Of(run).Reaches(parallelism, node, within, after);
        return run;
    }

    /// <summary>Expects that at most this share of the time is above the objective.</summary>
    /// <param name="run">The run.</param>
    /// <param name="share">From 0 to 1: 0.05 for 5 %.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not from 0 to 1.</exception>
    /// <exception cref="ExpectationException">It is more; the message shows the longest stretch, and what led to it.</exception>
    public static SimulatedRun ExpectAboveObjectiveAtMost(this SimulatedRun run, double share)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (share is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "A share is from 0 to 1: 0.05 for 5 %.");
        }

        if (run.Figures is { LongestViolation: { } longest } figures && figures.TimeAboveObjective > share)
        {
            throw Trajectory.Failed(
                Invariant($"{figures.TimeAboveObjective:P1} of the time are above the objective, at most {share:P1} were expected. The longest stretch is {longest}:"),
                Trajectory.Of(run).Show(longest.From - (2 * run.Application.Interval), longest.From + longest.Length));
        }

        return run;
    }

    private static Trajectory Of(SimulatedRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Trajectory.Of(run).Decided();
    }

    private static Trajectory Of(LocalRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Trajectory.Of(run).Decided();
    }
}
