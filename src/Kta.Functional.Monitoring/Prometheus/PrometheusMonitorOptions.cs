namespace Kta.Functional.Monitoring;

/// <summary>What to ask a Prometheus, and how it is reached. Servers that speak its API (Thanos, Mimir, VictoriaMetrics) are asked alike.</summary>
/// <example><code>
/// new PrometheusMonitorOptions(new("https://prometheus:9090") { BearerTokenFile = "token" }, PrometheusQueries.KafkaExporter("orders-group"))
/// {
///     Names = new Dictionary&lt;TopologyNode, string&gt; { [TopologyNode.Deployment("orders")] = "orders-topic" },
///     OnNote = note => logger.LogInformation("{Note}", note),
/// }
/// </code></example>
public sealed record PrometheusMonitorOptions
{
    private readonly TimeSpan? _staleAfter;

    /// <summary>Options.</summary>
    /// <param name="server">How Prometheus is reached.</param>
    /// <param name="queries">What to ask, at least one. Where two know the same number of a node, the later counts, unless it is stale and the other is not.</param>
    /// <exception cref="ArgumentException">There are no queries, one is null, or one cannot be asked as it is.</exception>
    public PrometheusMonitorOptions(ServerOptions server, params IEnumerable<PrometheusQuery> queries)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(queries);
        (Server, Queries) = (server, [.. queries]);
        if (Queries.Count == 0 || Queries.Contains(null!))
        {
            throw new ArgumentException("At least one query is needed, and none may be null.", nameof(queries));
        }

        if (Queries.FirstOrDefault(query => query.Problem is not null) is { } wrong)
        {
            throw new ArgumentException($"The query {PrometheusServer.Shown(wrong.Expression)} for {wrong.Quantity.WireName()} cannot be asked: {wrong.Problem}.", nameof(queries));
        }
    }

    /// <summary>How Prometheus is reached.</summary>
    public ServerOptions Server { get; }

    /// <summary>What to ask.</summary>
    public IReadOnlyList<PrometheusQuery> Queries { get; }

    /// <summary>
    /// What nodes are called in Prometheus, where that is not their own name: the id of a Flink vertex, the name of a Deployment. Two nodes may be
    /// called the same.
    /// </summary>
    public IReadOnlyDictionary<TopologyNode, string> Names { get; init; } = new Dictionary<TopologyNode, string>();

    /// <summary>What readings call their source, in reasons and logs.</summary>
    public string Source { get; init; } = "prometheus";

    /// <summary>From which age on numbers are stale; null: <see cref="MeasurementSource.DefaultStaleAfter"/>. Ages are rounded up to seconds.</summary>
    /// <exception cref="ArgumentException">It is negative.</exception>
    public TimeSpan? StaleAfter
    {
        get => _staleAfter;
        init => _staleAfter = value is null || value >= TimeSpan.Zero ? value : throw new ArgumentException($"StaleAfter has to be at least 0, got {value}.", nameof(value));
    }

    /// <summary>
    /// Told what is no failure, but worth knowing, in one sentence each, at the end of each call: an answer without data, a partial one, NaN, a number the quantity cannot
    /// have, a node that the topology does not have, the server's warnings. Calls that run at once tell theirs at once.
    /// </summary>
    public Action<string>? OnNote { get; init; }
}
