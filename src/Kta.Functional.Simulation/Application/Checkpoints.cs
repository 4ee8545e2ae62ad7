namespace Kta.Functional.Simulation;

/// <summary>Checkpoints of the job, and what they mean for a restart.</summary>
/// <param name="Interval">A checkpoint is complete every so many whole seconds since the job (re)started; at least 1 s.</param>
public sealed record Checkpoints(TimeSpan Interval)
{
    /// <summary>
    /// At a restart the records since the last checkpoint go back to the lag, to be read again, and the buffers are as they were then (they
    /// are part of a checkpoint, as of Flink's unaligned ones). Default true. False: a restart keeps queues and buffers as they are.
    /// </summary>
    public bool Replay { get; init; } = true;

    /// <summary>A rescale waits for the next checkpoint, so that little has to be read again. Default false.</summary>
    public bool RescaleWaits { get; init; }
}

/// <summary>The machines the instances run on.</summary>
/// <param name="Slots">How many instances the machines that are always there have room for, at least 0.</param>
/// <param name="StartUp">How long a further machine takes to come, in whole seconds.</param>
/// <remarks>
/// Instances that find no room work only when their machine has come. Machines go as soon as nothing needs them any more.
/// </remarks>
public sealed record Cluster(int Slots, TimeSpan StartUp);

/// <summary>A time without monitoring: the numbers from before it are all there is, and they grow old.</summary>
/// <param name="At">When it begins, in whole seconds since the start.</param>
/// <param name="Length">How long it lasts, in whole seconds.</param>
public sealed record MonitoringOutage(TimeSpan At, TimeSpan Length);
