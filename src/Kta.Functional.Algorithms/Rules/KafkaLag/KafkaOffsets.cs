namespace Kta.Functional.Algorithms;

/// <summary>Where a consumer starts that has committed nothing yet.</summary>
public enum KafkaOffsetReset
{
    /// <summary>With what comes next: nothing of the partition is lag but one record, so that somebody consumes.</summary>
    Latest,

    /// <summary>With the oldest record: the whole partition is lag.</summary>
    Earliest,
}

/// <summary>The offsets of one partition.</summary>
/// <param name="Committed">What the group has committed; negative or null: nothing yet.</param>
/// <param name="Latest">The end of the partition; null: it was not reported, and the partition does not count.</param>
/// <param name="Previous">What was committed when the group was last looked at; null if nobody knows. Only
/// <see cref="KafkaOffsetOptions.ExcludePersistentLag"/> looks at it.</param>
public readonly record struct KafkaPartition(long? Committed, long? Latest, long? Previous = null);

/// <summary>How the lag of a group is counted, with the names and defaults of KEDA.</summary>
public sealed record KafkaOffsetOptions
{
    /// <summary>What a partition counts of which nothing is committed. Default: the latest, which counts 1.</summary>
    public KafkaOffsetReset OffsetResetPolicy { get; init; }

    /// <summary>A partition of which nothing is committed counts 0. Default false.</summary>
    public bool ScaleToZeroOnInvalidOffset { get; init; }

    /// <summary>A partition whose committed offset has not moved since the last look counts 0, except for activation. Default false.</summary>
    public bool ExcludePersistentLag { get; init; }
}

/// <summary>The lag of a consumer group.</summary>
/// <param name="Lag">Records to scale for; at least 0. A consumer ahead of the reported end is subtracted.</param>
/// <param name="LagForActivation">The same with the partitions that do not move; at least 0.</param>
/// <param name="Partitions">How many partitions were reported.</param>
/// <param name="PartitionsWithLag">How many of them have a lag: given to a rule as its partitions, more instances than these are never
/// wanted (<c>limitToPartitionsWithLag</c> of KEDA).</param>
public sealed record KafkaGroupLag(long Lag, long LagForActivation, int Partitions, int PartitionsWithLag);
