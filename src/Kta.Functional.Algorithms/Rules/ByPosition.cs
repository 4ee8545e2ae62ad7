namespace Kta.Functional.Algorithms;

/// <summary>Plans from numbers in the order of the topology.</summary>
internal static class ByPosition
{
    /// <summary>The largest parallelism of a plan.</summary>
    private const int Most = int.MaxValue - 1;

    internal static Plan Plan(Topology topology, IReadOnlyList<int> counts)
    {
        var byNode = new Dictionary<TopologyNode, int>(topology.Count);
        for (var i = 0; i < topology.Count; i++)
        {
            byNode.Add(topology[i], Math.Clamp(counts[i], 1, Most));
        }

        return Functional.Plan.Owning(byNode);
    }
}
