using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Kta.Functional.Monitoring.Kafka.Cluster;

/// <summary>A cluster behind the admin client of librdkafka, whose calls know no cancellation: each ends after a while by itself.</summary>
internal sealed class KafkaCluster : IKafkaCluster
{
    private readonly IAdminClient _client;
    private readonly TimeSpan _limit;
    private readonly Lock _gate = new();
    private int _calls;
    private bool _isClosed;
    private volatile Error? _trouble;

    /// <exception cref="ArgumentException">The client refuses its settings.</exception>
    internal KafkaCluster(KafkaMonitorOptions options, Secrets secrets)
    {
        _limit = options.RequestTimeout;
        var config = new AdminClientConfig(new Dictionary<string, string>(secrets.Settings)) { BootstrapServers = options.BootstrapServers, AllowAutoCreateTopics = false };
        config.ClientId ??= "kta-monitor";
        var logs = secrets.Settings.ContainsKey("debug") ? options.OnNote : null;
        try
        {
            _client = new AdminClientBuilder(config)
                .SetErrorHandler((_, error) => Tell(error))
                .SetLogHandler((_, log) => logs?.Invoke(secrets.Hide(log.Message)))
                .Build();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or KafkaException)
        {
            // What was thrown may quote a password.
            throw new ArgumentException($"The client of Kafka refuses its settings: {secrets.Hide(error.Message)}");
        }
    }

    public Error? Trouble => _trouble;

    public Task<TopicReply> TopicAsync(string topic) => CallAsync(() => Blocking(() => _client.GetMetadata(topic, _limit).Topics is [var found]
        ? new TopicReply(found.Error, [.. found.Partitions.Select(partition => new PartitionReply(partition.PartitionId, partition.Leader >= 0))])
        : new TopicReply(new Error(ErrorCode.NoError), [])));

    public Task<IReadOnlyList<OffsetReply>> CommittedAsync(string group, IReadOnlyList<TopicPartition> partitions) =>
        CallAsync<IReadOnlyList<OffsetReply>>(async () =>
        {
            var asked = new ConsumerGroupTopicPartitions(group, [.. partitions]);
            // What an open transaction has committed does not count yet.
            var options = new ListConsumerGroupOffsetsOptions { RequestTimeout = _limit, RequireStableOffsets = false };
            try
            {
                var found = await _client.ListConsumerGroupOffsetsAsync([asked], options).ConfigureAwait(false);
                return Replies(found.SelectMany(report => report.Partitions));
            }
            catch (ListConsumerGroupOffsetsException partly) when (partly.Results is [var report])
            {
                return report.Error.IsError ? throw new KafkaException(report.Error) : Replies(report.Partitions);
            }
        });

    public Task<IReadOnlyList<OffsetReply>> OffsetsAsync(IReadOnlyList<TopicPartition> partitions, LogEnd end) =>
        CallAsync<IReadOnlyList<OffsetReply>>(async () =>
        {
            var spec = end == LogEnd.First ? OffsetSpec.Earliest() : OffsetSpec.Latest();
            var asked = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = spec });
            try
            {
                var found = await _client.ListOffsetsAsync(asked, new ListOffsetsOptions { RequestTimeout = _limit }).ConfigureAwait(false);
                return Replies(found.ResultInfos.Select(info => info.TopicPartitionOffsetError));
            }
            catch (ListOffsetsException partly) when (partly.Result.ResultInfos.Count > 0)
            {
                return Replies(partly.Result.ResultInfos.Select(info => info.TopicPartitionOffsetError));
            }
            catch (KafkaException error) when (error.Error.Code == ErrorCode.Local_NoEnt && _trouble is null)
            {
                // No partition has a leader any more.
                return [.. partitions.Select(partition => new OffsetReply(partition, Offset.Unset, new Error(ErrorCode.LeaderNotAvailable)))];
            }
        });

    public Task<GroupKind> GroupAsync(string group) => CallAsync(async () =>
    {
        try
        {
            var found = await _client.DescribeConsumerGroupsAsync([group], new DescribeConsumerGroupsOptions { RequestTimeout = _limit }).ConfigureAwait(false);
            // A group that is not there is dead, and so is one of another kind to who asks for a consumer group: only a list has it.
            return found.ConsumerGroupDescriptions is not [var described] ? GroupKind.Unknown
                : described.State != ConsumerGroupState.Dead ? GroupKind.Consumer
                : await Blocking(() => _client.ListGroup(group, _limit)).ConfigureAwait(false) is null ? GroupKind.Absent
                : GroupKind.Other;
        }
        catch (DescribeConsumerGroupsException error) when (error.Results.ConsumerGroupDescriptions is [var described])
        {
            return Denied(described.Error) ? throw new KafkaException(described.Error) : GroupKind.Unknown;
        }
        catch (KafkaException error) when (!Denied(error.Error))
        {
            return GroupKind.Unknown;
        }
    });

    /// <summary>Ends the connections, when the last request has ended: the client does not survive it earlier.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            if (_calls > 0)
            {
                return;
            }
        }

        _client.Dispose();
    }

    private static bool Denied(Error error) => error.Code is ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed;

    private static OffsetReply[] Replies(IEnumerable<TopicPartitionOffsetError> found) =>
        [.. found.Select(one => new OffsetReply(one.TopicPartition, one.Offset.Value, one.Error))];

    /// <summary>On a thread of its own: one of the pool would be missing elsewhere.</summary>
    private static Task<T> Blocking<T>(Func<T> call) =>
        Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(KafkaMonitor));
            _calls++;
        }

        try
        {
            var answer = await call().ConfigureAwait(false);
            _trouble = null;
            return answer;
        }
        finally
        {
            Leave();
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _calls--;
            if (!_isClosed || _calls > 0)
            {
                return;
            }
        }

        // Not here: this may be the thread that it waits for.
        _ = Task.Run(_client.Dispose);
    }

    /// <summary>That all brokers are down says less than why one is.</summary>
    private void Tell(Error error)
    {
        if (error.Code != ErrorCode.Local_AllBrokersDown)
        {
            _trouble = error;
        }
    }
}
