namespace Kta.Functional.Monitoring;

/// <summary>What arrives at sources, worked out from what they take in and how their lag grows.</summary>
internal static class Arrivals
{
    internal static Measurements Added(Measurements now, MonitoringContext context)
    {
        if (context.Before?.Measurements is not { } before
            || context.Topology.Any(node => now[node].Parallelism.LastValue != before[node].Parallelism.LastValue))
        {
            return now;
        }

        var more = now;
        foreach (var (node, numbers) in now.Nodes)
        {
            if (numbers is { ArrivalRate.State: ReadingState.Absent, RecordsIn.Value: { } taken, Lag: { Value: { } lag } reading }
                && before[node].Lag is { Value: { } lagBefore } readingBefore
                && readingBefore.Source?.Name == reading.Source?.Name
                && now.Edges?.Any(edge => edge.To == node) != true
                && Between(readingBefore, reading, context).TotalSeconds is > 0 and var seconds)
            {
                var arrivals = Measurements.Of((node, new NodeMeasurements { ArrivalRate = Math.Max(0, taken + ((lag - lagBefore) / seconds)) }));
                more = more.And(reading.Source is { } source ? arrivals.From(source) : arrivals);
            }
        }

        return more;
    }

    /// <summary>The time between two readings: by the clock of what was read, otherwise by the operator's.</summary>
    internal static TimeSpan Between(Reading before, Reading now, MonitoringContext context) =>
        before.Source is { At: { } then } source && now.Source is { At: { } at } same && source.Name == same.Name ? at - then
        : context.Before is { } past ? context.StartedAt - past.StartedAt
        : TimeSpan.Zero;
}
