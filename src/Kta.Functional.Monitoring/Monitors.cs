namespace Kta.Functional.Monitoring;

/// <summary>Monitors made of monitors.</summary>
public static class Monitors
{
    /// <summary>Reads several systems at once, and takes from each what it knows.</summary>
    /// <param name="monitors">
    /// At least one. Where two know a number, that of the later counts, unless it is stale and the other is not
    /// (<see cref="Measurements.And"/>). They are disposed with the merged one.
    /// </param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <remarks>It fails if one of them does: an algorithm that decides on half of what it is used to would be a surprise. All that failed are told.</remarks>
    /// <example><code>Autoscaler.Create(Monitors.Merge(flink, kafka).MeasureAsync, BreakEven.Rule())</code></example>
    public static TopologyMonitor Merge(params TopologyMonitor[] monitors)
    {
        ArgumentNullException.ThrowIfNull(monitors);
        return monitors.Length > 0 && monitors.All(monitor => monitor is not null)
            ? new MergedMonitor([.. monitors])
            : throw new ArgumentException("At least one monitor is needed, and none may be null.", nameof(monitors));
    }

    /// <summary>
    /// Works out what arrives at a source, where that is not measured: what it takes in and what its lag grows by since the iteration before.
    /// </summary>
    /// <param name="monitor">Measures lag and records in. It is disposed with the one that is answered.</param>
    /// <remarks>
    /// Absent in the first iteration, and whenever an instance was added or taken away since the one before: what was taken in while a job
    /// stood still is in no rate. The monitor of Flink does this by itself.
    /// </remarks>
    public static TopologyMonitor WithArrivals(this TopologyMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        return new ArrivalMonitor(monitor);
    }

    private sealed class MergedMonitor(TopologyMonitor[] monitors) : TopologyMonitor
    {
        protected override async Task<Measurements> ReadCoreAsync(MonitoringContext context, CancellationToken cancellationToken)
        {
            var all = Task.WhenAll(monitors.Select(monitor => monitor.ReadAsync(context, cancellationToken)));
            try
            {
                return (await all.ConfigureAwait(false)).Aggregate((one, other) => one.And(other));
            }
            catch (Exception) when (all.Exception is { InnerExceptions.Count: > 1 } several)
            {
                throw new AggregateException("Several monitors failed.", several.InnerExceptions);
            }
        }

        protected override void Dispose(bool disposing)
        {
            Array.ForEach(monitors, monitor => monitor.Dispose());
            base.Dispose(disposing);
        }
    }

    private sealed class ArrivalMonitor(TopologyMonitor monitor) : TopologyMonitor
    {
        protected override async Task<Measurements> ReadCoreAsync(MonitoringContext context, CancellationToken cancellationToken) =>
            Arrivals.Added(await monitor.ReadAsync(context, cancellationToken).ConfigureAwait(false), context);

        protected override void Dispose(bool disposing)
        {
            monitor.Dispose();
            base.Dispose(disposing);
        }
    }
}
