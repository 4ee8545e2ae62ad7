namespace Kta.Functional;

/// <summary>What every step knows: which iteration this is, when it started, and what can be scaled.</summary>
/// <remarks>
/// A context is all a step may base its decision on. It is immutable and belongs to one call: take what you need from
/// it inside of the step. Reading a part for the first time after the step has returned is an <see cref="IllegalAccessException"/>.
/// </remarks>
public abstract class StepContext
{
    private protected StepContext(Topology topology, string id, long udfStartTimestampMillis)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(id);
        Topology = topology;
        Id = id;
        UdfStartTimestampMillis = udfStartTimestampMillis;
    }

    /// <summary>
    /// The id of the iteration, the same in all three steps. The operator repeats it when an iteration is tried again
    /// after a failure, so it identifies an iteration, not a call.
    /// </summary>
    public string Id { get; }

    /// <summary>When the iteration started, in milliseconds since 1970-01-01 UTC, by the operator's clock; the same in all three steps.</summary>
    public long UdfStartTimestampMillis { get; }

    /// <summary>When the iteration started, by the operator's clock. Use it instead of the wall clock. Times outside of .NET's range are cut to it.</summary>
    public DateTimeOffset StartedAt => EpochTime.At(UdfStartTimestampMillis);

    /// <summary>The nodes the policy scales.</summary>
    public Topology Topology { get; }
}
