using System.Text.RegularExpressions;
using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring.Flink;

/// <summary>Which of a vertex's metrics are read, and what they say.</summary>
internal sealed partial class VertexMetrics
{
    /// <summary>The longest name that is looked at for a partition; topics have at most 249 letters.</summary>
    private const int LongestName = 2_000;

    private const string Busy = "busyTimeMsPerSecond";
    private const string Idle = "idleTimeMsPerSecond";
    private const string BackPressured = "backPressuredTimeMsPerSecond";
    private const string RecordsIn = "numRecordsInPerSecond";
    private const string RecordsOut = "numRecordsOutPerSecond";

    private static readonly string[] s_bufferUsages = ["Shuffle.Netty.Input.Buffers.inPoolUsage", "buffers.inPoolUsage"];

    private readonly FlinkVertex _vertex;
    private readonly string[] _sources;
    private readonly string[] _pending;
    private readonly string? _buffers;
    private readonly int _partitions;

    internal VertexMetrics(FlinkVertex vertex, IReadOnlyList<string> names)
    {
        _vertex = vertex;
        _sources = [.. names.Where(name => IsOfSource(name, RecordsIn) || IsOfSource(name, RecordsOut)).Select(name => name[..name.LastIndexOf('.')]).Distinct()];
        _pending = Those(names, name => name.EndsWith(".pendingRecords", StringComparison.Ordinal));
        _buffers = s_bufferUsages.FirstOrDefault(names.Contains);
        _partitions = names.Select(PartitionOf).OfType<string>().Distinct().Count();
        Wanted = [.. Those(names, name => name is Busy or Idle or BackPressured or RecordsIn or RecordsOut || IsOfSource(name, RecordsIn) || IsOfSource(name, RecordsOut)), .. _pending, .. _buffers is null ? [] : new[] { _buffers }];
    }

    /// <summary>The names to ask for, all of which the vertex has.</summary>
    internal IReadOnlyList<string> Wanted { get; }

    /// <summary>The numbers; absent what no metric says, or not all instances.</summary>
    internal NodeMeasurements NumbersOf(IReadOnlyDictionary<string, ReplyNode> values, FlinkAggregation busy) => Limits with
    {
        RecordsIn = _vertex.HasAllIn ? TakenIn(values) : Reading.Absent,
        RecordsOut = _vertex.HasAllOut ? Sum(values, [RecordsOut]) : Reading.Absent,
        Busy = Share(values, Busy, busy == FlinkAggregation.Maximum ? "max" : "avg"),
        Idle = Share(values, Idle, "avg"),
        BackPressured = Share(values, BackPressured, "avg"),
        BufferUsage = _buffers is null || _vertex.IsSource ? Reading.Absent : Value(values, _buffers, "avg"),
        Lag = _vertex.HasAllIn ? Sum(values, _pending) : Reading.Absent,
    };

    /// <summary>What is known without any value.</summary>
    internal NodeMeasurements Limits => LimitsOf(_vertex) with { Partitions = _partitions > 0 ? _partitions : Reading.Absent };

    internal static NodeMeasurements LimitsOf(FlinkVertex vertex) => new() { Parallelism = vertex.Parallelism, MaxParallelism = vertex.MaxParallelism };

    /// <summary>Whether it is a source of which nobody says how much waits in front of it.</summary>
    internal bool LacksLag => _vertex.IsSource && _pending.Length == 0;

    /// <summary>
    /// What a vertex takes in from others and what its source operators read. Not every source counts that: what it gives out stands in then.
    /// </summary>
    private Reading TakenIn(IReadOnlyDictionary<string, ReplyNode> values)
    {
        var fromOthers = Sum(values, [RecordsIn]).Value;
        if (_sources.Length == 0 || (_vertex.IsSource && fromOthers > 0))
        {
            return _vertex.IsSource && fromOthers is not > 0 ? Reading.Absent : fromOthers;
        }

        var read = _sources.Sum(source => Value(values, $"{source}.{RecordsIn}", "sum").Value is > 0 and var counted ? counted
            : Value(values, $"{source}.{RecordsOut}", "sum").Value ?? Value(values, $"{source}.{RecordsIn}", "sum").Value ?? double.NaN);
        return _vertex.IsSource ? read : read + (fromOthers ?? double.NaN);
    }

    private static string[] Those(IReadOnlyList<string> names, Func<string, bool> wanted) => [.. names.Where(wanted)];

    private static bool IsOfSource(string name, string metric) =>
        name.StartsWith("Source__", StringComparison.Ordinal) && name.EndsWith($".{metric}", StringComparison.Ordinal);

    /// <summary>The sum over instances and metrics; absent if one of them is not there or no number.</summary>
    private static Reading Sum(IReadOnlyDictionary<string, ReplyNode> values, string[] names) =>
        names.Length == 0 ? Reading.Absent : names.Sum(name => Value(values, name, "sum").Value ?? double.NaN);

    /// <summary>Milliseconds per second as a fraction. Flink rounds each part by itself, so that it may be a little more than all.</summary>
    private static Reading Share(IReadOnlyDictionary<string, ReplyNode> values, string name, string aggregation) =>
        Value(values, name, aggregation).Value is { } milliseconds ? (milliseconds is > 1000 and <= 1010 ? 1 : milliseconds / 1000) : Reading.Absent;

    /// <summary>What is negative is not known, and would make a sum smaller.</summary>
    private static Reading Value(IReadOnlyDictionary<string, ReplyNode> values, string name, string aggregation) =>
        values.TryGetValue(name, out var metric) && metric[aggregation] is { IsThere: true } value && value.Number() is >= 0 and var number ? number : Reading.Absent;

    /// <summary>The partition that a metric is about, as words that tell it from others; null if it is about none.</summary>
    private static string? PartitionOf(string name) =>
        name.Length > LongestName ? null
        : KafkaPartition().Match(name) is { Success: true } kafka ? $"{kafka.Groups["cluster"]}\n{kafka.Groups["topic"]}\n{kafka.Groups["partition"]}"
        : PulsarPartition().Match(name) is { Success: true } pulsar ? pulsar.Groups["partition"].Value
        : null;

    [GeneratedRegex(@"(?:kafkaCluster\.(?<cluster>.+)\.)?KafkaSourceReader\.topic\.(?<topic>.+)\.partition\.(?<partition>\d+)\.currentOffset$", RegexOptions.ExplicitCapture)]
    private static partial Regex KafkaPartition();

    [GeneratedRegex(@"PulsarConsumer\.(?<partition>.+-partition-\d+)\..*numMsgsReceived$", RegexOptions.ExplicitCapture)]
    private static partial Regex PulsarPartition();
}
