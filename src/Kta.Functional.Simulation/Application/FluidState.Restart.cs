namespace Kta.Functional.Simulation;

/// <content>Restarts, and what comes before and after them.</content>
internal sealed partial class FluidState
{
    /// <summary>With all instances at work.</summary>
    internal Capacities Steady { get; private set; }

    /// <summary>At present.</summary>
    internal Capacities Capacity { get; private set; }

    /// <summary>Instances that start; null: all work.</summary>
    internal StartingInstances? Starting { get; private set; }

    /// <summary>When the next checkpoint is complete.</summary>
    internal long NextCheckpoint { get; private set; }

    private long DueAt
    {
        get
        {
            var cooledDown = Restarts == 0 ? Second : DownUntil + Seconds.Of(Model.Application.RescaleCooldown);
            return Model.Application.Checkpoints is { RescaleWaits: true } ? Math.Max(cooledDown, NextCheckpoint) : cooledDown;
        }
    }

    /// <summary>Changes the instances, now or when it may.</summary>
    internal void Rescale(int[] parallelism)
    {
        Pending = parallelism.AsSpan().SequenceEqual(Parallelism) ? null : parallelism;
        ActIfDue();
    }

    /// <summary>Stops and starts again, with what it was asked for last, or other numbers of instances.</summary>
    internal void Restart(int[]? parallelism, long downtime)
    {
        CheckpointIfDue();
        parallelism ??= Pending ?? Parallelism;
        Pending = null;
        Restarts++;
        DownUntil = Second + downtime;
        // The second in which the plan was decided counts to the warm-up.
        WarmAt = DownUntil + Math.Max(0, Seconds.Of(Model.Application.WarmUp) - 1);
        if (!parallelism.AsSpan().SequenceEqual(Parallelism))
        {
            Rescales++;
            Starting = StartingInstances.After(this, parallelism, DownUntil);
            Parallelism = parallelism;
            Steady = Capacities.Of(Model, parallelism);
        }

        if (Model.Application.Checkpoints is { Replay: true })
        {
            Replay();
        }

        NextCheckpoint = Model.CheckpointSeconds == long.MaxValue ? long.MaxValue : DownUntil + Model.CheckpointSeconds;
        this[Row.CaughtUp].Fill(double.NaN);
        BeginMeasuring();
    }

    /// <summary>What has to happen before this second.</summary>
    private void ActIfDue()
    {
        if (Pending is not null && Second >= DueAt)
        {
            Restart(Pending, Seconds.Of(Model.Application.Downtime));
        }

        CheckpointIfDue();
    }

    private void CheckpointIfDue()
    {
        if (Second != NextCheckpoint)
        {
            return;
        }

        NextCheckpoint += Model.CheckpointSeconds;
        this[Row.Waiting].CopyTo(this[Row.WaitingAtCheckpoint]);
        for (var i = 0; i < Model.Count; i++)
        {
            this[Row.RecordsAtCheckpoint][i] = this[Row.Records][i] - this[Row.Replayed][i];
        }
    }

    /// <summary>Back to the last checkpoint: what came after it is read again.</summary>
    private void Replay()
    {
        for (var i = 0; i < Model.Count; i++)
        {
            var back = this[Row.Records][i] - this[Row.Replayed][i] - this[Row.RecordsAtCheckpoint][i];
            this[Row.Replayed][i] += back;
            ref var waiting = ref this[Row.Waiting][i];
            waiting = Model.Sources.AsSpan().Contains(i) ? waiting + back : this[Row.WaitingAtCheckpoint][i];
        }
    }

    private void SetCapacity()
    {
        if (Starting is { } starting && Second >= starting.Until)
        {
            Starting = null;
        }

        Capacity = Starting is null ? Steady : Steady.At(Model, place => Starting.WorkingPart(this, place));
    }
}
