namespace Kta.Functional;

/// <summary>One node feeds another.</summary>
/// <param name="From">The upstream node.</param>
/// <param name="To">The downstream node.</param>
/// <example><code>new TopologyEdge(source, sink) { IsKeyed = true }</code></example>
public sealed record TopologyEdge(TopologyNode From, TopologyNode To)
{
    /// <summary>Whether records are partitioned by key, so that key groups belong to instances (Flink's ship strategy HASH). Default false.</summary>
    public bool IsKeyed { get; init; }

    /// <summary>For logs: <c>Deployment/orders → Deployment/payments</c>, with <c>(keyed)</c> behind it where it is.</summary>
    public override string ToString() => $"{From} → {To}{(IsKeyed ? " (keyed)" : "")}";
}
