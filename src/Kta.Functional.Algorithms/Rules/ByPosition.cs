namespace Kta.Functional.Algorithms;

/// <summary>Plans from numbers in the order of the topology.</summary>
internal static class ByPosition
{
    internal static Plan Plan(Topology topology, IReadOnlyList<int> counts)
    {
        var byNode = new Dictionary<TopologyNode, int>(topology.Count);
        for (var i = 0; i < topology.Count; i++)
        {
            byNode.Add(topology[i], counts[i]);
        }

        return Functional.Plan.Owning(byNode);
    }
}
