namespace Kta.Functional.Algorithms;

/// <summary>How far a ratio may be away from 1 before anything is changed, in each direction. The bounds themselves are inside.</summary>
internal readonly record struct HpaTolerance(double Down, double Up)
{
    internal bool Admits(double ratio) => ratio >= 1 - Down && ratio <= 1 + Up;
}

/// <summary>What one metric proposes, or why it cannot propose anything.</summary>
/// <param name="Replicas">The proposal.</param>
/// <param name="Utilization">The use in percent, cut to a whole number; only of utilization targets.</param>
/// <param name="Average">The use of a pod, or the whole use, in thousandths.</param>
/// <param name="Problem">Why there is no proposal; null if there is one.</param>
internal readonly record struct HpaProposal(int Replicas, int Utilization, long Average, string? Problem = null)
{
    internal static HpaProposal Failed(string problem) => new(0, 0, 0, problem);
}
