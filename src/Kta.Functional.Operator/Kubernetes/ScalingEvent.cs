using static System.FormattableString;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>What an event tells about an object.</summary>
/// <param name="Reason">One word for machines.</param>
/// <param name="IsWarning">Whether somebody should look.</param>
/// <param name="Note">The sentence for people.</param>
internal sealed record ScalingEvent(string Reason, bool IsWarning, string Note)
{
    /// <summary>What there is to tell of a node after a decision; null if there is nothing.</summary>
    internal static ScalingEvent? Of(Decision decision, NodeScaling node, int? before)
    {
        var why = decision.Explanation?.Nodes.FirstOrDefault(one => one.Node == node.Node);
        var reasons = why is null ? "" : string.Join("; ", why.Reasons);
        return node.Outcome switch
        {
            ScalingOutcome.Failed => Failed(decision.Policy, node.Problem ?? "The node could not be scaled."),
            ScalingOutcome.Sent => new("Scaled", false, Invariant($"Policy {decision.Policy}: {before} → {node.Wanted}{(reasons.Length > 0 ? $". {reasons}" : "")}")),
            _ when why is { LacksData: true } => new("DataMissing", true, Invariant($"Policy {decision.Policy} keeps {node.Wanted}, for lack of measurements. {reasons}")),
            _ when why is { IsHeldBack: true } => new("HeldBack", false, Invariant($"Policy {decision.Policy} keeps {node.Wanted}. {HolderIn(why)}. Reasons: {reasons}")),
            _ => null,
        };
    }

    internal static ScalingEvent Failed(string policy, string problem) => new("Failed", true, policy.Length == 0 ? problem : $"Policy {policy}: {problem}");

    /// <summary>The reason of the strategy that kept the number: the last that tells of another one. It begins with the strategy's name.</summary>
    private static string HolderIn(NodeExplanation why)
    {
        var texts = why.Reasons.Select(reason => reason.ToString()).ToList();
        var holder = texts.LastOrDefault(text => text.Contains(": kept ", StringComparison.Ordinal) || text.Contains(": keeps ", StringComparison.Ordinal) || text.Contains(" instead of ", StringComparison.Ordinal));
        return $"Held back by {(holder ?? texts.LastOrDefault() ?? "a strategy").TrimEnd('.')}";
    }
}
