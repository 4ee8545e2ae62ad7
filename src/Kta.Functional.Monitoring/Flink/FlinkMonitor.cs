using Kta.Functional.Monitoring.Flink;
using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring;

/// <summary>Reads a Flink job over the job manager's REST interface, which needs no metrics system.</summary>
/// <remarks>
/// <para>Per vertex: records in and out, busy, idle and back-pressured time, how full its input buffers are, its parallelism and key groups;
/// of a source the lag, its partitions, and what arrives: that is worked out from what it takes in and how the lag grows since the iteration
/// before, since Flink does not report it. The edges come from the job's plan, with the keyed ones named.</para>
/// <para>Absent: all rates of a job that restarts or is being started, sums that Flink itself calls incomplete, arrivals in the first
/// iteration and after a restart. Flink does not say how old its metrics are; the job manager asks for them every ten seconds by default
/// (<c>metrics.fetcher.update-interval</c>), and its rates are means over the last minute.</para>
/// <para>Source: Flink's documentation "REST API" and "Metrics", and the collection of the Flink Kubernetes operator's autoscaler.</para>
/// </remarks>
/// <example><code>
/// using var flink = new FlinkMonitor("http://jobmanager:8081", "orders");
/// var algorithm = Autoscaler.Create(flink.MeasureAsync, Ds2.Rule());
/// </code></example>
public sealed class FlinkMonitor : TopologyMonitor
{
    /// <summary>What readings say they come from.</summary>
    private const string SourceName = "flink";

    private readonly FlinkMonitorOptions _options;
    private readonly Server _server;
    private readonly FlinkRest _rest;

    /// <summary>Reads a job with the default options.</summary>
    /// <param name="address">The job manager's REST address, for example <c>http://jobmanager:8081</c>.</param>
    /// <param name="job">The job's name or id; null for the only one that runs.</param>
    /// <exception cref="ArgumentException">It is no such address.</exception>
    public FlinkMonitor(string address, string? job = null)
        : this(new FlinkMonitorOptions { Server = new(address), Job = job })
    {
    }

    /// <summary>Reads a job.</summary>
    /// <param name="options">Which, and how.</param>
    /// <exception cref="ArgumentException">The options do not fit.</exception>
    public FlinkMonitor(FlinkMonitorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Job is { Length: 0 })
        {
            throw new ArgumentException("The name of the job is empty. Give its name or id, or none at all if only one runs.", nameof(options));
        }

        _options = options;
        _server = new("Flink", options.Server);
        _rest = new(_server);
    }

    /// <inheritdoc/>
    protected override async Task<Measurements> ReadCoreAsync(MonitoringContext context, CancellationToken cancellationToken)
    {
        var id = await new FlinkJobs(_rest, _options.Job).FindAsync(cancellationToken).ConfigureAwait(false);
        var job = FlinkJob.Read(await _rest.GetAsync($"jobs/{id}", "It has ended meanwhile: start it again.", cancellationToken).ConfigureAwait(false));
        if (job is { IsStarting: true, Vertices.Count: 0 })
        {
            Note($"{job} is {job.State}: nothing is known about it yet.");
            return Measurements.Nothing;
        }

        var vertices = VerticesOf(context.Topology, job, id);
        if (!job.IsStarting && !job.IsRunning)
        {
            throw _rest.Failure($"jobs/{id}", $"says that {job} is {job.State}.", "There is nothing to measure until it runs again.");
        }

        TellWhatIsLeftOut(job, vertices);
        var numbers = await Task.WhenAll(vertices.Select(vertex =>
            job.HasNumbersOf(vertex) ? NumbersOfAsync(id, vertex, cancellationToken) : Task.FromResult(VertexMetrics.LimitsOf(vertex)))).ConfigureAwait(false);
        numbers = job.HasWholeRates ? numbers : Array.ConvertAll(numbers, one => one with { RecordsIn = Reading.Absent, RecordsOut = Reading.Absent });
        var measured = Measurements.Of(context.Topology.Zip(numbers, KeyValuePair.Create)).From(new MeasurementSource(SourceName) { At = job.Now });
        measured = job.Edges is { } edges ? measured.WithEdges([.. EdgesOf(context.Topology, edges)]) : measured;
        return HasRestarted(job, measured, context) ? measured : Arrivals.Added(measured, context);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _server.Dispose();
        base.Dispose(disposing);
    }

    private void TellWhatIsLeftOut(FlinkJob job, FlinkVertex[] vertices)
    {
        if (job.IsStarting)
        {
            Note($"{job} is {job.State}: only its parallelism is known.");
            return;
        }

        if (!job.HasWholeRates)
        {
            Note($"{job} has run for less than a minute: Flink's rates are not whole yet.");
        }

        foreach (var vertex in vertices.Where(vertex => !vertex.IsRunning))
        {
            Note($"{vertex} is {vertex.Status}: only its parallelism is known.");
        }
    }

    private static IEnumerable<TopologyEdge> EdgesOf(Topology topology, IEnumerable<FlinkEdge> edges)
    {
        var nodes = topology.OfType<FlinkStreamingGraphNode>().ToDictionary(node => node.Id);
        return edges.Where(edge => nodes.ContainsKey(edge.From) && nodes.ContainsKey(edge.To))
            .Select(edge => new TopologyEdge(nodes[edge.From], nodes[edge.To]) { IsKeyed = edge.IsKeyed });
    }

    private static bool HasRestarted(FlinkJob job, Measurements measured, MonitoringContext context)
    {
        var node = context.Topology[0];
        return context.Before?.Measurements[node] is { } before
            && !(job.RunsFor >= Arrivals.Between(before.Parallelism, measured[node].Parallelism, context));
    }

    private FlinkVertex[] VerticesOf(Topology topology, FlinkJob job, string id)
    {
        var strangers = topology.Where(node => node is not FlinkStreamingGraphNode vertex || !job.Vertices.ContainsKey(vertex.Id)).ToList();
        return strangers.Count == 0
            ? [.. topology.Select(node => job.Vertices[((FlinkStreamingGraphNode)node).Id])]
            : throw _rest.Failure(
                $"jobs/{id}",
                $"says that {job} has no vertex {string.Join(", ", strangers)}.",
                job.NameOthers);
    }

    /// <summary>Asks for what is listed. One name that is gone meanwhile empties the whole reply: then the list is asked for again, once.</summary>
    private async Task<NodeMeasurements> NumbersOfAsync(string job, FlinkVertex vertex, CancellationToken cancellationToken)
    {
        VertexMetrics metrics;
        Dictionary<string, ReplyNode> values;
        var attempt = 0;
        do
        {
            metrics = new(vertex, await _rest.NamesAsync(job, vertex.Id, cancellationToken).ConfigureAwait(false));
            values = await _rest.ValuesAsync(job, vertex.Id, metrics.Wanted, cancellationToken).ConfigureAwait(false);
        }
        while (metrics.Wanted.Any(name => !values.ContainsKey(name)) && attempt++ == 0);

        var missing = metrics.Wanted.Where(name => !values.ContainsKey(name)).ToList();
        if (metrics.Wanted.Count == 0 || missing.Count > 0)
        {
            Note($"{vertex} has no metrics {(missing.Count > 0 ? string.Join(", ", missing.Take(5)) : "yet")}.");
        }

        if (!vertex.HasAllIn || !vertex.HasAllOut)
        {
            Note($"{vertex}: Flink does not know yet what all of its instances do.");
        }

        var numbers = metrics.NumbersOf(values, _options.Busy);
        if (!metrics.LacksLag)
        {
            return numbers;
        }

        Note($"{vertex} has no metric pendingRecords: {(_options.MissingLagIsNone ? "that counts as no lag" : "its lag is not known, and so is not what arrives")}.");
        return _options.MissingLagIsNone ? numbers with { Lag = 0 } : numbers;
    }

    private void Note(string sentence) => _options.OnNote?.Invoke($"{_server.Name}: {sentence}");
}
