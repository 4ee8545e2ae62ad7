namespace Kta.Functional;

/// <summary>One node feeds another.</summary>
/// <param name="From">The upstream node.</param>
/// <param name="To">The downstream node.</param>
public sealed record TopologyEdge(TopologyNode From, TopologyNode To)
{
    /// <summary>For logs: <c>Deployment/orders → Deployment/payments</c>.</summary>
    public override string ToString() => $"{From} → {To}";
}
