using System.Collections.ObjectModel;

namespace Kta.Functional.Simulation;

/// <summary>What has happened since the start, or, by <see cref="Since"/>, between two moments.</summary>
public sealed record ApplicationTotals
{
    private ApplicationTotals()
    {
    }

    /// <summary>How much time has passed, downtime included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How much of it the application was down.</summary>
    public required TimeSpan Downtime { get; init; }

    /// <summary>Instances times seconds, those that are down or starting included.</summary>
    public required double InstanceSeconds { get; init; }

    /// <summary>How often it was restarted.</summary>
    public required int Restarts { get; init; }

    /// <summary>How many of the restarts changed the parallelism of a node.</summary>
    public required int Rescales { get; init; }

    /// <summary>The work of each operator.</summary>
    public required IReadOnlyDictionary<TopologyNode, OperatorTotals> Operators { get; init; }

    /// <summary>The queue of each source.</summary>
    public required IReadOnlyDictionary<TopologyNode, SourceTotals> Sources { get; init; }

    /// <summary>What has happened since an earlier moment. Sources are as they are in the end.</summary>
    /// <param name="earlier">Totals of the same application.</param>
    public ApplicationTotals Since(ApplicationTotals earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return this with
        {
            Elapsed = Elapsed - earlier.Elapsed,
            Downtime = Downtime - earlier.Downtime,
            InstanceSeconds = InstanceSeconds - earlier.InstanceSeconds,
            Restarts = Restarts - earlier.Restarts,
            Rescales = Rescales - earlier.Rescales,
            Operators = Operators.ToDictionary(pair => pair.Key, pair => pair.Value.Since(earlier.Operators[pair.Key])).AsReadOnly(),
        };
    }

    internal static ApplicationTotals Of(FluidState state)
    {
        var model = state.Model;
        var elapsed = Seconds.Time(state.Second);
        return new()
        {
            Elapsed = elapsed,
            Downtime = Seconds.Time(state.DownSeconds),
            InstanceSeconds = state.InstanceSeconds,
            Restarts = state.Restarts,
            Rescales = state.Rescales,
            Operators = ByNode(Enumerable.Range(0, model.Count), i => new OperatorTotals(
                state[Row.Records][i], state[Row.Busy][i], state[Row.BackPressured][i], state[Row.Replayed][i], state[Row.Waiting][i], elapsed)),
            Sources = ByNode(model.Sources, i => new SourceTotals(
                state[Row.Arrived][i],
                state[Row.Waiting][i],
                state[Row.LargestLag][i],
                state.Second == 0 ? 0 : state[Row.LagSum][i] / state.Second,
                double.IsNaN(state[Row.CaughtUp][i]) ? null : TimeSpan.FromSeconds(state[Row.CaughtUp][i]))),
        };

        ReadOnlyDictionary<TopologyNode, T> ByNode<T>(IEnumerable<int> places, Func<int, T> totals) =>
            places.ToDictionary(i => model.Topology[i], totals).AsReadOnly();
    }
}

/// <summary>The work of an operator in some time.</summary>
/// <param name="Records">Records it took in, those it took in again included.</param>
/// <param name="BusySeconds">Seconds it worked, as a mean over its instances.</param>
/// <param name="BackPressuredSeconds">Seconds it was blocked by what is downstream.</param>
/// <param name="Replayed">Records among them that were lost at restarts, and had to be taken in again.</param>
/// <param name="Waiting">Records in front of it in the end: the lag of a source, else what is in its buffer.</param>
/// <param name="Elapsed">The time, downtime included.</param>
public sealed record OperatorTotals(double Records, double BusySeconds, double BackPressuredSeconds, double Replayed, double Waiting, TimeSpan Elapsed)
{
    /// <summary>Records per second it took in; NaN if no time has passed.</summary>
    public double Rate => Records / Elapsed.TotalSeconds;

    /// <summary>The share of the time it worked; NaN if no time has passed.</summary>
    public double Busy => BusySeconds / Elapsed.TotalSeconds;

    /// <summary>The share of the time it was blocked by what is downstream; NaN if no time has passed.</summary>
    public double BackPressured => BackPressuredSeconds / Elapsed.TotalSeconds;

    internal OperatorTotals Since(OperatorTotals earlier) => new(
        Records - earlier.Records,
        BusySeconds - earlier.BusySeconds,
        BackPressuredSeconds - earlier.BackPressuredSeconds,
        Replayed - earlier.Replayed,
        Waiting,
        Elapsed - earlier.Elapsed);
}

/// <summary>The queue of a source since the start.</summary>
/// <param name="Arrived">Records that arrived.</param>
/// <param name="Lag">Records that wait now.</param>
/// <param name="MaxLag">The most that have waited at the end of a second.</param>
/// <param name="MeanLag">The mean of what waited at the end of each second.</param>
/// <param name="CaughtUpAt">The first second after the last restart, or the start, in which no more waited than had arrived in it; null: not yet.</param>
public sealed record SourceTotals(double Arrived, double Lag, double MaxLag, double MeanLag, TimeSpan? CaughtUpAt);
