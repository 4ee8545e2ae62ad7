using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring.Flink;

/// <summary>A running job as it is found, with what it measures at this moment.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Vertices">Its vertices, each before those it feeds.</param>
/// <param name="Edges">Who feeds whom, in the order of the vertices.</param>
/// <param name="Measured">What is known about the vertices now; a number that is not measured is absent.</param>
/// <param name="Slots">The slots of all task managers; null if Flink does not say.</param>
internal sealed record FlinkSurvey(
    string Id, string Name, IReadOnlyList<FlinkVertex> Vertices, IReadOnlyList<FlinkEdge> Edges, Measurements Measured, int? Slots)
{
    /// <exception cref="MonitoringException">There is no such job, or it has no graph.</exception>
    internal static async Task<FlinkSurvey> OfAsync(ServerOptions address, string? wanted, Action<string> note, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var server = new Server("Flink", address);
        var rest = new FlinkRest(server);
        var id = await new FlinkJobs(rest, wanted).FindAsync(cancellationToken).ConfigureAwait(false);
        var job = FlinkJob.Read(await rest.GetAsync($"jobs/{id}", "It has ended meanwhile: start it again.", cancellationToken).ConfigureAwait(false));
        if (job.Edges is not { } edges || job.Vertices.Count == 0)
        {
            throw rest.Failure($"jobs/{id}", $"says that {job} is {job.State} and has no plan yet.", "Try again when it runs.");
        }

        var vertices = Sorted(job.Vertices, edges);
        var slots = (await rest.GetAsync("overview", "Is this the address of a job manager?", cancellationToken).ConfigureAwait(false))["slots-total"];
        using var monitor = new FlinkMonitor(new FlinkMonitorOptions { Server = address, Job = id, OnNote = note });
        var topology = new Topology(vertices.Select(vertex => TopologyNode.Flink(vertex.Id)));
        var measured = await monitor.ReadAsync(new MonitoringContext(topology, clock.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        var inOrder = edges.OrderBy(edge => vertices.FindIndex(vertex => vertex.Id == edge.From)).ThenBy(edge => vertices.FindIndex(vertex => vertex.Id == edge.To));
        return new(id, job.Name, vertices, [.. inOrder], measured, slots.IsThere && slots.Number() is > 0 and < int.MaxValue and var count ? (int)count : null);
    }

    /// <summary>Each before those it feeds, otherwise as Flink lists them. What feeds itself comes last.</summary>
    private static List<FlinkVertex> Sorted(IReadOnlyDictionary<string, FlinkVertex> vertices, IReadOnlyList<FlinkEdge> edges)
    {
        var (left, sorted) = (vertices.Values.ToList(), new List<FlinkVertex>());
        while (left.Count > 0)
        {
            var next = left.Find(vertex => !edges.Any(edge => edge.To == vertex.Id && left.Exists(other => other.Id == edge.From))) ?? left[0];
            left.Remove(next);
            sorted.Add(next);
        }

        return sorted;
    }
}
