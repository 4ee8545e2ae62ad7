using Confluent.Kafka;

namespace Kta.Functional.Monitoring.Kafka.Cluster;

/// <summary>
/// What a cluster is asked. What is wrong with one partition stands in its reply; what is wrong with the whole request is a
/// <see cref="KafkaException"/>.
/// </summary>
internal interface IKafkaCluster : IDisposable
{
    /// <summary>What the client says of its connections since the last answer, for requests that are not answered; null for nothing.</summary>
    Error? Trouble { get; }

    /// <summary>The partitions of a topic. Never makes one.</summary>
    Task<TopicReply> TopicAsync(string topic);

    /// <summary>What a group has committed.</summary>
    Task<IReadOnlyList<OffsetReply>> CommittedAsync(string group, IReadOnlyList<TopicPartition> partitions);

    /// <summary>The first offset of partitions that is there, or the one after the last.</summary>
    Task<IReadOnlyList<OffsetReply>> OffsetsAsync(IReadOnlyList<TopicPartition> partitions, LogEnd end);

    /// <summary>What a group is of which nothing is committed.</summary>
    Task<GroupKind> GroupAsync(string group);
}

/// <summary>The two ends of a partition.</summary>
internal enum LogEnd
{
    First,
    Next,
}

internal enum GroupKind
{
    /// <summary>A consumer group, with members or without.</summary>
    Consumer,

    /// <summary>A group of another kind: a share group, whose position is no offset of a partition, or a streams group.</summary>
    Other,

    Absent,

    /// <summary>The cluster does not say.</summary>
    Unknown,
}

/// <param name="Error">What is wrong with the topic.</param>
/// <param name="Partitions">Its partitions.</param>
internal sealed record TopicReply(Error Error, IReadOnlyList<PartitionReply> Partitions);

/// <param name="Id">The number of the partition.</param>
/// <param name="HasLeader">Whether a broker leads it; otherwise nobody knows its offsets.</param>
internal readonly record struct PartitionReply(int Id, bool HasLeader);

/// <param name="Partition">Which one.</param>
/// <param name="Offset">Negative for none.</param>
/// <param name="Error">What is wrong with it.</param>
internal readonly record struct OffsetReply(TopicPartition Partition, long Offset, Error Error);
