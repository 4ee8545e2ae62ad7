using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>What a vertex shows: records per second, shares of the time, records.</summary>
internal sealed record VertexNumbers
{
    /// <summary>Whether the numbers are those of a whole interval.</summary>
    internal required bool IsComplete { get; init; }

    internal required double RecordsIn { get; init; }

    internal required double RecordsOut { get; init; }

    /// <summary>NaN until the numbers are those of a whole interval.</summary>
    internal required double Busy { get; init; }

    internal required double BackPressured { get; init; }

    internal required double Idle { get; init; }

    /// <summary>Records in front of a source.</summary>
    internal required double Lag { get; init; }

    /// <summary>Which part of the buffer in front of another operator is full.</summary>
    internal required double Buffered { get; init; }

    /// <summary>Records taken in since the tasks were started.</summary>
    internal required double Consumed { get; init; }

    /// <summary>Records given out since the tasks were started.</summary>
    internal required double Given { get; init; }

    internal required double BusySeconds { get; init; }

    internal required double BackPressuredSeconds { get; init; }

    /// <summary>How long the tasks have run.</summary>
    internal required double UpSeconds { get; init; }

    /// <summary>Records taken in and not to be read again, since the simulation began.</summary>
    internal required double Offset { get; init; }

    /// <param name="job">The job.</param>
    /// <param name="node">The vertex.</param>
    /// <param name="window">What was measured of it in the last whole interval; null: there was none since the tasks were started.</param>
    /// <param name="totals">When it was measured.</param>
    /// <param name="whenStarted">When the tasks were started.</param>
    internal static VertexNumbers Of(FlinkJob job, TopologyNode node, NodeMeasurements? window, ApplicationTotals totals, ApplicationTotals whenStarted)
    {
        var one = job.Description.Operators.First(candidate => candidate.Node == node);
        var (at, began) = (totals.Operators[node], whenStarted.Operators[node]);
        var up = totals.Elapsed.TotalSeconds - job.UpAt;
        var (consumed, busy, blocked) = (at.Records - began.Records, at.BusySeconds - began.BusySeconds, at.BackPressuredSeconds - began.BackPressuredSeconds);
        double PerSecond(double total) => up > 0 ? total / up : 0;
        var rate = PerSecond(consumed);
        return new()
        {
            IsComplete = window?.RecordsIn.LastValue is not null,
            RecordsIn = window?.RecordsIn.LastValue ?? rate,
            RecordsOut = window?.RecordsOut.LastValue ?? rate * one.Selectivity,
            Busy = window?.Busy.LastValue ?? double.NaN,
            BackPressured = window?.BackPressured.LastValue ?? PerSecond(blocked),
            Idle = window?.Idle.LastValue ?? Math.Max(0, 1 - PerSecond(busy + blocked)),
            Lag = window?.Lag.LastValue ?? at.Waiting,
            Buffered = Math.Min(1, at.Waiting / (job.Description.BufferSeconds * one.CapacityAt(job.Parallelism[node]))),
            Consumed = consumed,
            Given = consumed * one.Selectivity,
            BusySeconds = busy,
            BackPressuredSeconds = blocked,
            UpSeconds = Math.Max(0, up),
            Offset = at.Records - at.Replayed,
        };
    }
}
