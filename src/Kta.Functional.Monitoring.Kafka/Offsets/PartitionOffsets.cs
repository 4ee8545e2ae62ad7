namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>What is known about the offsets of one partition.</summary>
/// <param name="Name">Topic and number, for notes.</param>
internal sealed record PartitionOffsets(string Name)
{
    /// <summary>What the group has committed; null for nothing.</summary>
    internal long? Committed { get; init; }

    /// <summary>The first offset that is still there; null if it could not be read.</summary>
    internal long? First { get; init; }

    /// <summary>The offset of what comes next; null if it could not be read.</summary>
    internal long? Next { get; init; }

    /// <summary>Why something could not be read; null if all could.</summary>
    internal string? Problem { get; init; }

    /// <summary>Whether there is something to read, and nobody knows from where on the group will.</summary>
    internal bool IsUncommitted => Problem is null && (Committed is null || IsAhead) && Next > First;

    /// <summary>Whether the group has committed more than there is: the topic was made anew, or lost what it had.</summary>
    internal bool IsAhead => Problem is null && Committed > Next;

    /// <summary>The records that wait; null if that cannot be said.</summary>
    internal long? Lag(UncommittedPartitions choice) =>
        Problem is not null || Next is not { } next || First is not { } first ? null
        // What was deleted before the group came to it is no work any more.
        : Committed is { } committed && committed <= next ? Math.Max(0, next - Math.Max(committed, first))
        : next <= first || choice == UncommittedPartitions.Nothing ? 0
        : choice == UncommittedPartitions.FromBeginning ? next - first
        : null;
}
