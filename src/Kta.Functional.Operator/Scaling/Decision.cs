namespace Kta.Functional.Operator;

/// <summary>What an iteration decided.</summary>
/// <param name="Policy">The policy, as <c>namespace/name</c>.</param>
/// <param name="Id">The id of the iteration.</param>
/// <param name="At">When plan had answered.</param>
/// <param name="Parallelism">What each node should run with, within the bounds of the policy.</param>
/// <param name="Explanation">Why; null if whoever decided does not tell.</param>
public sealed record Decision(
    string Policy, string Id, DateTimeOffset At, IReadOnlyDictionary<TopologyNode, int> Parallelism, Explanation? Explanation = null);
