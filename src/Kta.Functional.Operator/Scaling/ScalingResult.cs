namespace Kta.Functional.Operator;

/// <summary>What became of a decision.</summary>
/// <param name="Nodes">Each node of the decision, in the order of the topology.</param>
/// <param name="Notes">What is no failure but worth knowing, such as task managers that were added.</param>
public sealed record ScalingResult(IReadOnlyList<NodeScaling> Nodes, IReadOnlyList<string> Notes)
{
    /// <summary>Whether every node has, or will have, what was decided.</summary>
    public bool IsComplete => Nodes.All(node => node.Outcome != ScalingOutcome.Failed);
}

/// <summary>What became of one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Observed">What it ran with before; null if that could not be seen.</param>
/// <param name="Wanted">What was decided.</param>
/// <param name="Outcome">Whether something was sent.</param>
/// <param name="Problem">Why it failed and what to do, or why it runs with something else although nothing was sent; null if all is well.</param>
public sealed record NodeScaling(TopologyNode Node, int? Observed, int Wanted, ScalingOutcome Outcome, string? Problem = null);

/// <summary>What was done about a node.</summary>
public enum ScalingOutcome
{
    /// <summary>It runs with what was decided, or was already told to; nothing was sent.</summary>
    Unchanged,

    /// <summary>It was told to run with what was decided.</summary>
    Sent,

    /// <summary>It would have been told, but nothing is to be sent: a dry run, or a policy that only recommends.</summary>
    Recommended,

    /// <summary>It could not be told. It is tried again with the next decision.</summary>
    Failed,
}

/// <summary>A change of parallelism that was watched until the application ran again.</summary>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="Took">How long the application was not running as a whole.</param>
public sealed record Rescale(DateTimeOffset StartedAt, TimeSpan Took);
