namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>What arrives at a source, of its end offsets at two moments.</summary>
internal static class OfferedRate
{
    /// <param name="node">The source.</param>
    /// <param name="end">Its end offset now.</param>
    /// <param name="source">Where that is from: end offsets of other topics, by name, count something else.</param>
    /// <param name="past">What was measured before.</param>
    /// <returns>The rate, or why there is none; neither without an earlier moment.</returns>
    internal static (double? Rate, string? Problem) Of(TopologyNode node, Reading end, MeasurementSource source, PastMeasurements? past)
    {
        if (end.Value is not { } ends
            || past?.Measurements[node].EndOffset is not { Value: { } endsBefore, Source: { At: { } then } before }
            || !SourceIdentity.IsOne(before.Name))
        {
            return (null, null);
        }

        if (before.Name != source.Name)
        {
            return (null, $"what arrives at {node} is not known this time: the end offsets before were of other topics or partitions, or of another cluster, group or monitor.");
        }

        return (source.At - then)?.TotalSeconds is not (> 0 and var seconds) ? (null, null)
            : ends < endsBefore ? (null, $"what arrives at {node} is not known this time: its end offsets went back, so a topic has lost records or was made anew.")
            : ((ends - endsBefore) / seconds, null);
    }
}
