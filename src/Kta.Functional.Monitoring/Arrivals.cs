namespace Kta.Functional.Monitoring;

/// <summary>What arrives at sources, worked out from what they take in and how their lag grows.</summary>
internal static class Arrivals
{
    internal static Measurements Added(Measurements now, MonitoringContext context)
    {
        if (context.Before is not { } before || (context.StartedAt - before.StartedAt).TotalSeconds is not (> 0 and var seconds)
            || context.Topology.Any(node => now[node].Parallelism.LastValue != before.Measurements[node].Parallelism.LastValue))
        {
            return now;
        }

        var more = now;
        foreach (var (node, numbers) in now.Nodes)
        {
            if (numbers is { ArrivalRate.State: ReadingState.Absent, RecordsIn.Value: { } taken, Lag: { Value: { } lag } reading }
                && before.Measurements[node].Lag.Value is { } lagBefore)
            {
                var arrivals = Measurements.Of((node, new NodeMeasurements { ArrivalRate = Math.Max(0, taken + ((lag - lagBefore) / seconds)) }));
                more = more.And(reading.Source is { } source ? arrivals.From(source.Name, source.Age, source.StaleAfter) : arrivals);
            }
        }

        return more;
    }
}
