using Confluent.Kafka;
using Kta.Functional.Monitoring.Kafka.Cluster;

namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>Reads the offsets of all partitions of a source.</summary>
internal sealed class SourceReader(IKafkaCluster cluster, Failures failures, string brokers, KafkaSource source, TimeProvider time, CancellationToken cancellationToken)
{
    private const string NothingSaid = "no offset was answered.";

    private readonly Dictionary<TopicPartition, PartitionOffsets> _known = [];

    /// <exception cref="MonitoringException">Something is not there, may not be read, or does not answer.</exception>
    internal async Task<SourceOffsets> ReadAsync()
    {
        var topics = await Task.WhenAll(source.Topics.Select(TopicOf)).ConfigureAwait(false);
        foreach (var (name, topic) in source.Topics.Zip(topics))
        {
            foreach (var partition in topic.Partitions)
            {
                _known[new(name, partition.Id)] = new($"{name}/{partition.Id}") { Problem = partition.HasLeader ? null : "it has no leader." };
            }
        }

        if (source.Group is { } group)
        {
            // Before the ends: what is committed in between would make the lag negative.
            await ReadCommittedAsync(group).ConfigureAwait(false);
        }

        TopicPartition[] led = [.. _known.Where(one => one.Value.Problem is null).Select(one => one.Key)];
        if (led.Length > 0)
        {
            await ReadEndsAsync(led).ConfigureAwait(false);
        }

        return new(_known.Values, new(SourceIdentity.Of(brokers, source, topics), TimeSpan.Zero) { At = time.GetUtcNow() });
    }

    private async Task<TopicReply> TopicOf(string topic)
    {
        var query = $"the partitions of topic {topic}";
        var found = await failures.AnswerOf(query, cluster.TopicAsync(topic), cancellationToken).ConfigureAwait(false);
        return found switch
        {
            { Error.IsError: true } => throw failures.Failure(query, found.Error),
            { Partitions.Count: 0 } => throw failures.Failure(query, "are none.", "The topic is being made or deleted: ask again."),
            _ => found,
        };
    }

    private async Task ReadCommittedAsync(string group)
    {
        var query = $"the offsets that group {group} has committed";
        TopicPartition[] all = [.. _known.Keys];
        var found = await failures.AnswerOf(query, cluster.CommittedAsync(group, all), cancellationToken).ConfigureAwait(false);
        if (found.All(one => one.Offset < 0 && !one.Error.IsError))
        {
            await CheckGroupAsync(group, query).ConfigureAwait(false);
        }

        Take(query, all, found, (one, offset) => offset >= 0 ? one with { Committed = offset } : one);
    }

    /// <summary>Nothing is committed at all: is it that yet, or is there no such consumer group?</summary>
    private async Task CheckGroupAsync(string group, string query)
    {
        const string NotThere = "Check its name and the address. It is there once something is committed: by a job of Flink with its first checkpoint, and only if checkpoints are on.";

        switch (await failures.AnswerOf($"the members of group {group}", cluster.GroupAsync(group), cancellationToken).ConfigureAwait(false))
        {
            case GroupKind.Other:
                throw failures.Failure(
                    query,
                    $"are none, for {group} is a group of another kind: a share group (KIP-932), or a streams group (KIP-1071) that has committed nothing yet.",
                    "What a share group has not delivered is no difference of offsets: give a consumer group. A streams group is read once it has committed something.");
            case GroupKind.Absent:
                throw failures.Failure(query, "are none, for there is no such group.", NotThere);
            case GroupKind.Unknown:
                throw failures.Failure(query, "are none, and the cluster does not say whether there is such a group.", NotThere);
        }
    }

    private async Task ReadEndsAsync(TopicPartition[] partitions)
    {
        var topics = $"of {string.Join(", ", source.Topics)}";
        await ReadAsync($"the first offsets {topics}", LogEnd.First, (one, offset) => one with { First = offset }).ConfigureAwait(false);
        // Last, so that the time after it is theirs.
        await ReadAsync($"the end offsets {topics}", LogEnd.Next, (one, offset) => one with { Next = offset }).ConfigureAwait(false);

        async Task ReadAsync(string query, LogEnd end, Func<PartitionOffsets, long, PartitionOffsets> with)
        {
            var found = await failures.AnswerOf(query, cluster.OffsetsAsync(partitions, end), cancellationToken).ConfigureAwait(false);
            Take(query, partitions, found, (one, offset) => offset >= 0 ? with(one, offset) : Failed(one, NothingSaid));
        }
    }

    /// <summary>What was answered for each partition. A right that is missing is no matter of one of them, and will not come by itself.</summary>
    private void Take(string query, TopicPartition[] asked, IReadOnlyList<OffsetReply> replies, Func<PartitionOffsets, long, PartitionOffsets> with)
    {
        var answered = replies.ToLookup(reply => reply.Partition);
        foreach (var partition in asked)
        {
            _known[partition] = answered[partition].ToArray() switch
            {
                [{ Error: { IsError: true } error }] when Failures.IsDenied(error) => throw failures.Failure(query, error),
                [{ Error: { IsError: true } error }] => Failed(_known[partition], failures.Words(error)),
                [var reply] => with(_known[partition], reply.Offset),
                _ => Failed(_known[partition], NothingSaid),
            };
        }
    }

    private static PartitionOffsets Failed(PartitionOffsets partition, string problem) => partition with { Problem = partition.Problem ?? problem };
}
