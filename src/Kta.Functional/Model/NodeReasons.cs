using System.Collections.Immutable;

namespace Kta.Functional;

/// <summary>What was said about the number of a node. Immutable: plans share what was said before.</summary>
/// <param name="Reasons">Why the number is what it is, in the order it was said.</param>
/// <param name="LacksData">Whether the number is no decision, for lack of measurements.</param>
/// <param name="IsHeldBack">Whether the node keeps what it has although another number was proposed.</param>
internal sealed record NodeReasons(ImmutableArray<Reason> Reasons, bool LacksData, bool IsHeldBack)
{
    private static readonly ImmutableSortedDictionary<string, double> NoNumbers = ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal);

    private const int Most = 20;

    internal static NodeReasons None { get; } = new([], false, false);

    internal static ImmutableDictionary<TopologyNode, NodeReasons> Nothing => ImmutableDictionary<TopologyNode, NodeReasons>.Empty;

    /// <summary>What was computed on the way to the number, by name.</summary>
    internal ImmutableSortedDictionary<string, double> Numbers { get; init; } = NoNumbers;

    internal NodeReasons And(Reason reason) => Reasons.Length < Most ? this with { Reasons = Reasons.Add(reason) } : this;

    internal NodeReasons And(NodeReasons other) =>
        new([.. Reasons.Concat(other.Reasons).Take(Most)], LacksData || other.LacksData, IsHeldBack || other.IsHeldBack)
        {
            Numbers = other.Numbers.SetItems(Numbers),
        };
}
