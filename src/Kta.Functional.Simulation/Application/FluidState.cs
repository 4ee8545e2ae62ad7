namespace Kta.Functional.Simulation;

/// <summary>What a row of numbers holds, one number per operator.</summary>
internal enum Row
{
    /// <summary>Records in front of it: the lag of a source, else the buffer.</summary>
    Waiting,

    /// <summary>Records it took in in the last second.</summary>
    Processed,

    /// <summary>Records that arrived at a source in the last second.</summary>
    Arriving,

    /// <summary>Records it took in since they were last booked, and those it could not take because of what is downstream.</summary>
    Taken,
    Blocked,

    /// <summary>Since the start.</summary>
    Records,
    Busy,
    BackPressured,
    Arrived,

    /// <summary>Since the last measurement.</summary>
    MeasuredRecords,
    MeasuredBusy,
    MeasuredBackPressured,
    MeasuredArrived,

    /// <summary>Of the lag of a source, since the start.</summary>
    LagSum,
    LargestLag,

    /// <summary>The second at which a source had caught up after the last restart; NaN before.</summary>
    CaughtUp,

    /// <summary>Records it took in and took in again after restarts.</summary>
    Replayed,

    /// <summary>At the last checkpoint: what it had taken in once, and what was in its buffer.</summary>
    RecordsAtCheckpoint,
    WaitingAtCheckpoint,
}

/// <summary>Where a simulated application stands. Changed only by the one that has just copied it.</summary>
internal sealed partial class FluidState
{
    private const int Rows = (int)Row.WaitingAtCheckpoint + 1;

    private double[] _numbers;

    internal FluidState(FluidModel model, int[] parallelism)
    {
        Model = model;
        _numbers = new double[Rows * model.Count];
        Parallelism = parallelism;
        Steady = Capacities.Of(model, parallelism);
        Capacity = Steady;
        NextCheckpoint = model.CheckpointSeconds;
        this[Row.CaughtUp].Fill(double.NaN);
    }

    internal FluidModel Model { get; }

    /// <summary>Never written to: replaced by another one.</summary>
    internal int[] Parallelism { get; private set; }

    /// <summary>What a rescale that waits will make of it; null: none waits.</summary>
    internal int[]? Pending { get; private set; }

    internal long Second { get; private set; }

    internal long DownUntil { get; private set; }

    internal long WarmAt { get; private set; }

    internal long MeasuredSeconds { get; private set; }

    internal long InstanceSeconds { get; private set; }

    internal long DownSeconds { get; private set; }

    internal int Restarts { get; private set; }

    internal int Rescales { get; private set; }

    internal bool IsDown => Second < DownUntil;

    /// <summary>What the last measurement said, and when it was made.</summary>
    internal (Measurements Numbers, long Second)? LastMeasured { get; private set; }

    internal Span<double> this[Row row] => _numbers.AsSpan((int)row * Model.Count, Model.Count);

    internal FluidState Copy()
    {
        var copy = (FluidState)MemberwiseClone();
        copy._numbers = [.. _numbers];
        return copy;
    }

    internal void Remember(Measurements measured)
    {
        LastMeasured = (measured, Second);
        BeginMeasuring();
    }

    private void BeginMeasuring()
    {
        MeasuredSeconds = 0;
        this[Row.MeasuredRecords].Clear();
        this[Row.MeasuredBusy].Clear();
        this[Row.MeasuredBackPressured].Clear();
        this[Row.MeasuredArrived].Clear();
    }

    /// <summary>Books what happened with the present capacities.</summary>
    private void Book(long seconds, bool isDown, bool isMeasured)
    {
        foreach (var instances in Parallelism)
        {
            InstanceSeconds += instances * seconds;
        }

        DownSeconds += isDown ? seconds : 0;
        MeasuredSeconds += isMeasured ? seconds : 0;
        var taken = this[Row.Taken];
        var blocked = this[Row.Blocked];
        for (var i = 0; i < taken.Length; i++)
        {
            var (busy, backPressured) = (taken[i] / Capacity.Nominal[i], blocked[i] / Capacity.Nominal[i]);
            this[Row.Records][i] += taken[i];
            this[Row.Busy][i] += busy;
            this[Row.BackPressured][i] += backPressured;
            if (isMeasured)
            {
                this[Row.MeasuredRecords][i] += taken[i];
                this[Row.MeasuredBusy][i] += busy;
                this[Row.MeasuredBackPressured][i] += backPressured;
            }
        }

        taken.Clear();
        blocked.Clear();
    }
}
