using Kta.Functional.Monitoring.Kafka.Cluster;
using Kta.Functional.Monitoring.Kafka.Offsets;

namespace Kta.Functional.Monitoring.Kafka;

/// <summary>
/// Reads the lag of consumer groups: what they have committed against the ends of their topics. Per source lag, partitions and end
/// offset, and what arrives, from the end offsets of this iteration and the one before.
/// </summary>
/// <remarks>
/// <para>A number is known of all partitions of a source, or absent: if one has no leader at the moment, there is no lag, not a smaller
/// one, and <see cref="KafkaMonitorOptions.OnNote"/> is told why. How much a source takes in is not measured: groups commit now and
/// then, those of Flink with its checkpoints, so that the growth of what is committed is no rate.</para>
/// <para>It creates no topic and commits nothing. The user it asks as needs the right DESCRIBE on the topics and the groups.</para>
/// <para>What a source reads names its numbers, <c>kafka/</c> with a hash of brokers, group, topics and partitions: a rate is only of two readings
/// with the same name.</para>
/// <para>Share groups (KIP-932) are refused: what they have not delivered is no difference of offsets.</para>
/// </remarks>
/// <example><code>
/// using var kafka = new KafkaMonitor("broker:9092", group: "orders", topics: ["orders"], node: TopologyNode.Deployment("orders"));
/// var algorithm = Autoscaler.Create(kafka.MeasureAsync, KafkaLag.Rule());
/// </code></example>
public sealed class KafkaMonitor : TopologyMonitor
{
    private readonly KafkaMonitorOptions _options;
    private readonly IKafkaCluster _cluster;
    private readonly Failures _failures;
    private readonly TimeProvider _time;

    /// <summary>A monitor of one source.</summary>
    /// <param name="bootstrapServers">The first brokers to ask, with commas between them.</param>
    /// <param name="group">The consumer group; null: no lag is measured, only what arrives.</param>
    /// <param name="topics">The topics it reads.</param>
    /// <param name="node">The source they are read by.</param>
    /// <exception cref="ArgumentException">Something of it cannot be.</exception>
    public KafkaMonitor(string bootstrapServers, string? group, IReadOnlyList<string> topics, TopologyNode node)
        : this(new KafkaMonitorOptions(bootstrapServers, [new(node, group, topics)]))
    {
    }

    /// <summary>A monitor of several sources, or with settings.</summary>
    /// <param name="options">The cluster and the sources.</param>
    /// <exception cref="ArgumentException">An option does not fit, the client refuses a setting, or the file with the password cannot be read.</exception>
    public KafkaMonitor(KafkaMonitorOptions options)
        : this(options, static (options, secrets) => new KafkaCluster(options, secrets), TimeProvider.System)
    {
    }

    internal KafkaMonitor(KafkaMonitorOptions options, Func<KafkaMonitorOptions, Secrets, IKafkaCluster> connect, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_options, _time) = (options.Checked(), time);
        var secrets = new Secrets(_options);
        _cluster = connect(_options, secrets);
        _failures = new Failures(_cluster, $"Kafka at {_options.BootstrapServers}", secrets);
    }

    /// <inheritdoc/>
    protected override async Task<Measurements> ReadCoreAsync(MonitoringContext context, CancellationToken cancellationToken)
    {
        foreach (var source in _options.Sources.Where(source => !context.Topology.Contains(source.Node)))
        {
            throw _failures.Failure($"the lag of {source.Node}", "was not asked for.", $"The node is not in the topology, which has {string.Join(", ", context.Topology)}: give one of these.");
        }

        var read = await Task.WhenAll(_options.Sources.Select(source => NumbersOf(source, context, cancellationToken))).ConfigureAwait(false);
        return read.Aggregate((one, other) => one.And(other));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _cluster.Dispose();
        base.Dispose(disposing);
    }

    private async Task<Measurements> NumbersOf(KafkaSource source, MonitoringContext context, CancellationToken cancellationToken)
    {
        var reader = new SourceReader(_cluster, _failures, _options.BootstrapServers, source, _time, cancellationToken);
        var (partitions, from) = await reader.ReadAsync().ConfigureAwait(false);
        var numbers = SourceNumbers.Of(partitions, source, _options.Uncommitted);
        // A topic that was made anew would take from what the others grew by.
        var (rate, problem) = partitions.Any(partition => partition.IsAhead) ? (null, null) : OfferedRate.Of(source.Node, numbers.EndOffset, from, context.Before);
        foreach (var note in SourceNumbers.Notes(partitions, source, _options.Uncommitted).Concat(problem is null ? [] : [problem]))
        {
            _options.OnNote?.Invoke($"{_failures.Server}: {note}");
        }

        return Measurements.Of((source.Node, numbers with { ArrivalRate = rate })).From(from);
    }
}
