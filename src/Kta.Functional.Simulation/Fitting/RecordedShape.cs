namespace Kta.Functional.Simulation;

/// <summary>Who feeds whom in a recording.</summary>
/// <param name="Order">The nodes, each before those it feeds.</param>
/// <param name="Edges">Between them.</param>
/// <param name="Sources">Those that nobody feeds.</param>
/// <param name="Notes">What was assumed.</param>
internal sealed record RecordedShape(
    IReadOnlyList<TopologyNode> Order, IReadOnlyList<TopologyEdge> Edges, IReadOnlyList<TopologyNode> Sources, IReadOnlyList<string> Notes)
{
    internal bool IsSink(TopologyNode node) => Edges.All(edge => edge.From != node);

    /// <exception cref="ApplicationFitException">The nodes feed each other in a circle, or a source has no arrivals.</exception>
    internal static RecordedShape Of(RecordedTopology recorded)
    {
        var notes = new List<string>();
        var told = recorded.Moments.Values.Select(moment => moment.Measured).LastOrDefault(measured => measured.Edges is not null);
        if (told is null && recorded.Topology.Count > 1)
        {
            notes.Add($"Nothing says how the nodes are connected: a chain in the order of the topology is assumed, {recorded.Topology}.");
        }

        var edges = (told ?? recorded.Moments.Values.First().Measured).EdgesOf(recorded.Topology).Distinct().ToList();
        var order = new List<TopologyNode>();
        while (order.Count < recorded.Topology.Count)
        {
            var next = recorded.Topology.FirstOrDefault(node => !order.Contains(node) && edges.All(edge => edge.To != node || order.Contains(edge.From)));
            order.Add(next ?? throw new ApplicationFitException(
                $"{string.Join(", ", recorded.Topology.Except(order))} feed each other in a circle: the monitor's edges have to lead from the sources to the sinks."));
        }

        var sources = order.Where(node => edges.All(edge => edge.To != node)).ToList();
        foreach (var node in recorded.Traces.Keys.Except(sources))
        {
            notes.Add($"{node} has an arrival rate, but is fed by another operator: what arrives from outside is left out.");
        }

        return sources.Except(recorded.Traces.Keys).FirstOrDefault() is { } silent
            ? throw new ApplicationFitException(
                $"No arrival rate of {silent} was measured, and no other operator feeds it: let the monitor say what arrives, or how the nodes are connected.")
            : new(order, edges, sources, notes);
    }
}

/// <summary>How many instances there may be, as far as a recording shows it.</summary>
/// <param name="Limits">The limits.</param>
/// <param name="Notes">What was assumed.</param>
internal sealed record RecordedLimits(ParallelismLimits Limits, IReadOnlyList<string> Notes)
{
    private const int AssumedMax = 64;

    internal static RecordedLimits Of(IReadOnlyList<Observation> observations)
    {
        var largest = observations.Max(one => one.Parallelism.Values.Max());
        // The policy's limit has cut a plan that asked for more.
        var isCut = observations.Zip(observations.Skip(1)).Any(pair =>
            pair.First.Plan?.Any(asked => asked.Value > pair.Second.Parallelism[asked.Key] && pair.Second.Parallelism[asked.Key] == largest) == true);
        return isCut ? new(new(1, largest), []) : new(
            new(1, Math.Max(AssumedMax, largest)),
            [FormattableString.Invariant($"No plan was cut at a limit: at most {largest} instances were seen, up to {Math.Max(AssumedMax, largest)} are allowed.")]);
    }
}
