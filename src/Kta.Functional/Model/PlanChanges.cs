using System.Globalization;
using System.Text;

namespace Kta.Functional;

/// <summary>What a plan changes: the parallelism that is applied, as the newest entry of the history has it, and the one that is planned.</summary>
/// <remarks>Immutable. For logs and reports: its text is one line, however many nodes there are.</remarks>
public sealed class PlanChanges
{
    private const int MostShown = 10;

    internal PlanChanges(Topology topology, IReadOnlyDictionary<TopologyNode, int>? applied, IReadOnlyDictionary<TopologyNode, int> plan)
    {
        Nodes = topology.Count;
        var changes = new List<ParallelismChange>();
        foreach (var node in topology)
        {
            int? before = applied is not null && applied.TryGetValue(node, out var known) ? known : null;
            if (before != plan[node])
            {
                changes.Add(new(node, before, plan[node]));
            }
        }

        Changes = changes;
    }

    /// <summary>The nodes whose parallelism changes, in the order of the topology. Empty: everything stays as it is.</summary>
    public IReadOnlyList<ParallelismChange> Changes { get; }

    /// <summary>How many nodes the topology has.</summary>
    public int Nodes { get; }

    /// <summary>The changes as one line, for example <c>Deployment/orders 4 → 2, Deployment/mails → 3, 1 unchanged</c>; of many changes the first ten.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var change in Changes.Take(MostShown))
        {
            text.Append(text.Length > 0 ? ", " : "").Append(change);
        }

        AppendCount(text, Changes.Count - MostShown, "more");
        AppendCount(text, Nodes - Changes.Count, "unchanged");
        return text.ToString();
    }

    private static void AppendCount(StringBuilder text, int count, string what)
    {
        if (count > 0)
        {
            text.Append(text.Length > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"{count} {what}");
        }
    }
}

/// <summary>A node whose parallelism changes.</summary>
/// <param name="Node">The node.</param>
/// <param name="Before">What is applied now, or null if the newest entry of the history does not have the node.</param>
/// <param name="After">What is planned.</param>
public readonly record struct ParallelismChange(TopologyNode Node, int? Before, int After)
{
    /// <summary>The change as text: <c>Deployment/orders 4 → 2</c>, or <c>Deployment/orders → 2</c>.</summary>
    public override string ToString() => Before is { } before
        ? string.Create(CultureInfo.InvariantCulture, $"{SafeExcerpt.Of(Node.ToString()!)} {before} → {After}")
        : string.Create(CultureInfo.InvariantCulture, $"{SafeExcerpt.Of(Node.ToString()!)} → {After}");
}
