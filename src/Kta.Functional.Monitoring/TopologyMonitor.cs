namespace Kta.Functional.Monitoring;

/// <summary>Reads the numbers of a topology from a system that runs: the monitor step of an algorithm.</summary>
/// <remarks>
/// It keeps nothing between two calls but its connections, and may be called by several requests at once. The time it has is the step's:
/// when that is up, the call ends.
/// </remarks>
/// <example><code>
/// using var flink = new FlinkMonitor("http://jobmanager:8081", "orders");
/// var algorithm = Autoscaler.Create(flink.MeasureAsync, Ds2.Rule());
/// </code></example>
public abstract class TopologyMonitor : IDisposable
{
    private readonly Service<TopologyMonitor> _asService;

    /// <summary>A monitor.</summary>
    protected TopologyMonitor() => _asService = Service.Of(this);

    /// <summary>The monitor step: measures the nodes of the context.</summary>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <param name="context">The context of the step.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MonitoringException">The system cannot be read.</exception>
    public Task<Measurements> MeasureAsync<TAnalyze>(MonitorContext<Measurements, TAnalyze> context, CancellationToken cancellationToken)
        where TAnalyze : class =>
        ReadAsync(MonitoringContext.Of(context), cancellationToken);

    /// <summary>The same for a step that answers something else than measurements.</summary>
    /// <param name="context">The nodes, the time, and what was measured before.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="MonitoringException">The system cannot be read.</exception>
    public Task<Measurements> ReadAsync(MonitoringContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        return _asService.Value.ReadCoreAsync(context, cancellationToken);
    }

    /// <summary>Ends the connections.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Measures.</summary>
    /// <param name="context">The nodes, the time, and what was measured before.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What is known, with where it comes from; a node of which nothing is known is left out.</returns>
    /// <exception cref="MonitoringException">The system cannot be read.</exception>
    protected abstract Task<Measurements> ReadCoreAsync(MonitoringContext context, CancellationToken cancellationToken);

    /// <summary>Ends the connections.</summary>
    /// <param name="disposing">Always true.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
