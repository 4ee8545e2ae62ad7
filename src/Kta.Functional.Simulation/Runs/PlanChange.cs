namespace Kta.Functional.Simulation;

/// <summary>A change of the parallelism in a run.</summary>
/// <param name="At">When, since the start.</param>
/// <param name="From">The instances of every node before.</param>
/// <param name="To">The instances of every node after it.</param>
public sealed record PlanChange(
    TimeSpan At, IReadOnlyDictionary<TopologyNode, int> From, IReadOnlyDictionary<TopologyNode, int> To)
{
    /// <summary>Whether a node gets more instances; a change that raises none is one down.</summary>
    public bool IsUp => To.Any(pair => pair.Value > From[pair.Key]);
}
