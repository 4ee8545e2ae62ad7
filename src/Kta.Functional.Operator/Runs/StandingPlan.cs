using Kta.Functional.Simulation;

namespace Kta.Functional.Operator;

/// <summary>
/// What is to run when a plan is no decision. A rule without numbers keeps what it sees, and while a rescale is under way that
/// is what ran before: taken for a decision, it would call the rescale back.
/// </summary>
internal static class StandingPlan
{
    /// <summary>The iteration with what was applied last, where it decided nothing.</summary>
    /// <param name="finished">The iteration.</param>
    /// <param name="applied">What was applied last; null if nothing is known.</param>
    internal static FinishedIteration Of(FinishedIteration finished, IReadOnlyDictionary<TopologyNode, int>? applied)
    {
        var standing = Undecided(finished)
            .Where(node => applied?.ContainsKey(node) == true && applied[node] != finished.Parallelism[node])
            .ToDictionary(node => node, node => applied![node]);
        return standing.Count == 0 ? finished : new()
        {
            Id = finished.Id,
            UdfStartTimestampMillis = finished.UdfStartTimestampMillis,
            UdfEndTimestampMillis = finished.UdfEndTimestampMillis,
            MonitorResult = finished.MonitorResult,
            AnalyzeResult = finished.AnalyzeResult,
            PlanResult = finished.PlanResult,
            Parallelism = finished.Parallelism.ToDictionary(one => one.Key, one => standing.GetValueOrDefault(one.Key, one.Value)).AsReadOnly(),
            Explanation = finished.Explanation,
        };
    }

    /// <summary>Nodes without data, unless the bounds of the policy want something else than the plan.</summary>
    private static IEnumerable<TopologyNode> Undecided(FinishedIteration finished) => (finished.Explanation?.Nodes ?? [])
        .Where(node => node.LacksData && finished.PlanResult[node.Node] == finished.Parallelism[node.Node])
        .Select(node => node.Node);
}
