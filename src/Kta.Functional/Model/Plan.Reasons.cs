using System.Collections.Immutable;

namespace Kta.Functional;

/// <content>Why the plan has the numbers it has.</content>
public sealed partial class Plan
{
    private readonly ImmutableDictionary<TopologyNode, NodeReasons> _earlier;

    /// <summary>What was said last, beside the others: several things are said about a node, one after the other.</summary>
    private readonly (TopologyNode? Node, NodeReasons Said) _latest;

    private ImmutableDictionary<TopologyNode, NodeReasons> Reasons => _latest.Node is { } node ? _earlier.SetItem(node, _latest.Said) : _earlier;

    /// <summary>The plan with a reason more for the number of a node, or for leaving it as it is.</summary>
    /// <param name="node">The node the reason is about.</param>
    /// <param name="why">One sentence.</param>
    /// <remarks>At most 20 reasons are kept for a node, the first ones. An interpolated string is kept as template and numbers, and put
    /// together when it is shown; where reasons are not wanted it is not even evaluated.</remarks>
    /// <example><code>plan.Because(node, $"busy {busy:P0}, so {count} instances")</code></example>
    public Plan Because(TopologyNode node, string why)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(why);
        return ReasonsOff.InThisThread ? this : Because(node, Reason.Of(why));
    }

    /// <inheritdoc cref="Because(TopologyNode, string)"/>
    public Plan Because(TopologyNode node, Reason.Handler why)
    {
        ArgumentNullException.ThrowIfNull(node);
        return why.ToReason() is { } reason ? Because(node, reason) : this;
    }

    /// <summary>
    /// The plan with the reason why its number for a node is no decision: numbers were missing, and the node keeps what it has.
    /// </summary>
    /// <param name="node">The node the reason is about.</param>
    /// <param name="why">Which number is missing.</param>
    /// <remarks>Other than a reason it counts: <c>Rule.FirstOf</c> asks the next rule for such a node. See <see cref="LacksData"/>.</remarks>
    public Plan ForLackOfData(TopologyNode node, Reason.Handler why)
    {
        ArgumentNullException.ThrowIfNull(node);
        return LackingData(node, why.ToReason());
    }

    /// <inheritdoc cref="ForLackOfData(TopologyNode, Reason.Handler)"/>
    public Plan ForLackOfData(TopologyNode node, string why)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(why);
        return LackingData(node, ReasonsOff.InThisThread ? null : Reason.Of(why));
    }

    /// <summary>The plan with a number that was computed on the way to the parallelism of a node, before it was rounded.</summary>
    /// <param name="node">The node the number is about.</param>
    /// <param name="name">What it is, such as <c>instances</c>; a second number of the same name takes the place of the first.</param>
    /// <param name="value">The number. One that is not finite is left out.</param>
    /// <remarks>Such numbers never reach the operator with the plan. The analyze step of an <c>Autoscaler</c> publishes them.</remarks>
    /// <example><code>plan.WithNumber(node, "instances", rate / ratePerInstance)</code></example>
    public Plan WithNumber(TopologyNode node, string name, double value)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var said = SaidOf(node);
        return ReasonsOff.InThisThread || !double.IsFinite(value) ? this : Saying(node, said with { Numbers = said.Numbers.SetItem(name, value) });
    }

    /// <summary>The numbers that were computed on the way to the parallelism of a node, by name.</summary>
    /// <param name="node">Any node.</param>
    public IReadOnlyDictionary<string, double> NumbersOf(TopologyNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return SaidOf(node).Numbers;
    }

    /// <summary>Whether the number for a node is no decision, because measurements were missing.</summary>
    /// <param name="node">Any node.</param>
    public bool LacksData(TopologyNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return SaidOf(node).LacksData;
    }

    /// <summary>Whether a node keeps what it has although a rule or strategy proposed another number.</summary>
    /// <param name="node">Any node.</param>
    public bool IsHeldBack(TopologyNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return SaidOf(node).IsHeldBack;
    }

    /// <summary>The reasons given for a node, in the order they were given.</summary>
    /// <param name="node">Any node.</param>
    public IReadOnlyList<Reason> ReasonsOf(TopologyNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return SaidOf(node).Reasons;
    }

    /// <summary>The plan with another number for one node. It keeps its reasons.</summary>
    /// <param name="node">The node.</param>
    /// <param name="parallelism">At least 1.</param>
    /// <exception cref="UdfResultException">The parallelism is less than 1.</exception>
    public Plan With(TopologyNode node, int parallelism)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new(new(_byNode) { [node] = Checked(node, parallelism) }, null, Reasons);
    }

    /// <summary>Other numbers that have been checked, with the same reasons; the dictionary belongs to the plan from now on.</summary>
    internal Plan With(Dictionary<TopologyNode, int> byNode) => new(byNode, null, Reasons);

    /// <summary>The plan with the reasons of another one behind its own, for plans that are made of several.</summary>
    /// <param name="other">Whose reasons to take over.</param>
    public Plan WithReasonsOf(Plan other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var others = other.Reasons;
        return others.IsEmpty
            ? this
            : new(_byNode, SingleParallelism, Reasons.SetItems(others.Select(said => KeyValuePair.Create(said.Key, SaidOf(said.Key).And(said.Value)))));
    }

    /// <summary>The same with a node marked as one that keeps what it has although another number was proposed.</summary>
    internal Plan AsHeldBack(TopologyNode node) => Saying(node, SaidOf(node) with { IsHeldBack = true });

    /// <summary>The same with a node marked as one whose number is no decision.</summary>
    internal Plan LackingData(TopologyNode node, Reason? reason) =>
        Saying(node, (reason is null ? SaidOf(node) : SaidOf(node).And(reason)) with { LacksData = true });

    /// <summary>The same numbers with what another plan says about each node, in place of what this one does.</summary>
    internal Plan WithReasons(Func<TopologyNode, Plan> whose)
    {
        var said = _byNode.Keys.Select(node => KeyValuePair.Create(node, whose(node).SaidOf(node)));
        return new(_byNode, SingleParallelism, NodeReasons.Nothing.AddRange(said.Where(pair => !ReferenceEquals(pair.Value, NodeReasons.None))));
    }

    private NodeReasons SaidOf(TopologyNode node) =>
        _latest.Node == node ? _latest.Said : _earlier.GetValueOrDefault(node, NodeReasons.None);

    private Plan Saying(TopologyNode node, NodeReasons said) =>
        new(_byNode, SingleParallelism, _latest.Node == node ? _earlier : Reasons, (node, said));

    private Plan Because(TopologyNode node, Reason reason) => Saying(node, SaidOf(node).And(reason));
}
