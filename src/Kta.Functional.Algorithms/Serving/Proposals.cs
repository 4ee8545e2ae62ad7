using System.Text.Json.Serialization;

namespace Kta.Functional.Algorithms;

/// <summary>What a rule says by itself, as the analyze step publishes it: a number for each node.</summary>
/// <param name="Parallelism">The proposed number of instances by the name of the node: <c>Deployment/orders</c>, or the id of a Flink vertex.</param>
/// <param name="LacksData">The names of the nodes whose number is no decision, because measurements are missing.</param>
/// <param name="Numbers">
/// By the name of the node what the rule computed before it rounded: DS2 and Break-even <c>neededRate</c> and <c>ratePerInstance</c> in
/// records per second and <c>instances</c>, Break-even <c>instancesWithReserve</c>, HPA for each metric its value and the replicas it
/// proposes (<c>busy</c>, <c>busyReplicas</c>), a rule of your own what it adds with <see cref="Plan.WithNumber"/>. Nodes without such
/// numbers are left out.
/// </param>
[ImmutableResult]
public sealed record Proposals(
    IReadOnlyDictionary<string, int> Parallelism,
    IReadOnlyList<string> LacksData,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, double>> Numbers)
{
    internal static Proposals Of(Plan plan, Topology topology) => new(
        topology.ToDictionary(node => node.ShortKey, node => plan[node]),
        [.. topology.Where(plan.LacksData).Select(node => node.ShortKey)],
        topology.Where(node => plan.NumbersOf(node).Count > 0).ToDictionary(node => node.ShortKey, plan.NumbersOf));
}

/// <summary>Metadata made by the compiler, so that it can be written by natively compiled programs.</summary>
[JsonSerializable(typeof(Proposals))]
internal sealed partial class ProposalsJson : JsonSerializerContext;
