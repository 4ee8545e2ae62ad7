using System.Globalization;
using System.Text;

namespace Kta.Functional;

/// <summary>Why a plan has the numbers it has, node by node. Made by <c>algorithm.Explain(context)</c>.</summary>
/// <remarks>Immutable. Its text is made for people: one line for each node, the reasons below it.</remarks>
public sealed class Explanation
{
    internal Explanation(Topology topology, Plan plan, IReadOnlyDictionary<TopologyNode, int>? current)
    {
        Plan = plan;
        Nodes =
        [
            .. topology.Select(node =>
            {
                int? count = current is not null && current.TryGetValue(node, out var applied) ? applied : null;
                var isHeldBack = plan.IsHeldBack(node) && (count ?? plan[node]) == plan[node];
                return new NodeExplanation(node, count, plan[node], isHeldBack, plan.LacksData(node), plan.ReasonsOf(node));
            }),
        ];
    }

    /// <summary>The plan.</summary>
    public Plan Plan { get; }

    /// <summary>The nodes in the order of the topology.</summary>
    public IReadOnlyList<NodeExplanation> Nodes { get; }

    /// <summary>All of it, for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var node in Nodes)
        {
            text.Append(text.Length > 0 ? Environment.NewLine : "").Append(node.Headline());
            foreach (var reason in node.Reasons)
            {
                text.AppendLine().Append("  ").Append(reason);
            }
        }

        return text.ToString();
    }
}

/// <summary>Why a node has the number it has.</summary>
/// <param name="Node">The node.</param>
/// <param name="Current">What the operator applied last; null if the history does not tell.</param>
/// <param name="Planned">The number of the plan.</param>
/// <param name="IsHeldBack">Whether it keeps what it has although a rule or strategy proposed another number.</param>
/// <param name="LacksData">Whether the number is no decision, because measurements are missing.</param>
/// <param name="Reasons">What rules and strategies said about it, in the order they said it.</param>
public sealed record NodeExplanation(
    TopologyNode Node, int? Current, int Planned, bool IsHeldBack, bool LacksData, IReadOnlyList<Reason> Reasons)
{
    /// <summary>One line: <c>Deployment/orders 4 → 5: DS2: … ; Cooldown: …</c></summary>
    public override string ToString() =>
        Reasons.Count == 0 ? Headline() : $"{Headline()}: {string.Join("; ", Reasons)}";

    /// <summary>Whether there is something to tell: the number changes, or it would have, had it not been held back.</summary>
    internal bool IsDecision => Current != Planned || IsHeldBack;

    /// <summary>One line for a log: what is foreign in it is shortened, and makes no line of its own.</summary>
    internal string LogLine()
    {
        var headline = Headline(SafeExcerpt.Of(Node.ToString()!));
        return Reasons.Count == 0 ? headline : $"{headline}: {string.Join("; ", Reasons.Select(reason => SafeExcerpt.OfLine(reason.ToString())))}";
    }

    internal string Headline() => Headline(Node.ToString()!);

    private string Headline(string name) => Current is { } current && current != Planned
        ? string.Create(CultureInfo.InvariantCulture, $"{name} {current} → {Planned}")
        : string.Create(CultureInfo.InvariantCulture, $"{name} {(Current is null ? "→ " : "keeps ")}{Planned}");
}
