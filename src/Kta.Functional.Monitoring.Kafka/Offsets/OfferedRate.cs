namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>What arrives at a source, of its end offsets at two moments.</summary>
internal static class OfferedRate
{
    /// <param name="node">The source.</param>
    /// <param name="now">Its numbers.</param>
    /// <param name="context">What was measured before, and when.</param>
    /// <param name="source">The name of the monitor: end offsets of another count something else.</param>
    /// <returns>The rate, or why there is none; neither without an earlier moment.</returns>
    internal static (double? Rate, string? Problem) Of(TopologyNode node, NodeMeasurements now, MonitoringContext context, string source)
    {
        if (context.Before is not { } before || (context.StartedAt - before.StartedAt).TotalSeconds is not (> 0 and var seconds)
            || now.EndOffset.Value is not { } end
            || before.Measurements[node] is not { EndOffset: { Value: { } endBefore } reading, Partitions.Value: { } partitionsBefore }
            || reading.Source?.Name != source)
        {
            return (null, null);
        }

        var partitions = now.Partitions.Value;
        return partitions != partitionsBefore
            // One that was added brings all that is in it, and perhaps it belongs to a topic that was not read before.
            ? (null, $"what arrives at {node} is not known this time: it had {partitionsBefore} partitions and has {partitions}.")
            : end < endBefore
                ? (null, $"what arrives at {node} is not known this time: its end offsets went back, so a topic was made anew.")
                : ((end - endBefore) / seconds, null);
    }
}
