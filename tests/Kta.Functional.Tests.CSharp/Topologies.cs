namespace Kta.Functional.Tests.CSharp;

/// <summary>Topologies and plans as C# writes them.</summary>
public static class Topologies
{
    /// <summary>A collection expression.</summary>
    public static Topology OfTwo { get; } = [TopologyNode.Deployment("orders"), TopologyNode.Deployment("payments")];

    /// <summary>A collection expression with a spread.</summary>
    public static Topology OfThree { get; } = [.. OfTwo, TopologyNode.Deployment("audit")];

    /// <summary>A collection expression without a node.</summary>
    public static Topology OfNone() => [];

    /// <summary>A plan of tuples.</summary>
    public static Plan Tuples { get; } = Plan.Of((OfTwo[0], 4), (OfTwo[1], 2));

    /// <summary>A plan of a dictionary.</summary>
    public static Plan Dictionary { get; } = Plan.Of(new Dictionary<TopologyNode, int> { [OfTwo[0]] = 4, [OfTwo[1]] = 2 });

    /// <summary>A plan of a query.</summary>
    public static Plan Query { get; } = Plan.Of(OfTwo.Select((node, i) => KeyValuePair.Create(node, 4 - (2 * i))));

    /// <summary>A plan of a function.</summary>
    public static Plan Function { get; } = Plan.ForEach(OfTwo, node => node switch
    {
        ScaleTargetRef { Name: "orders" } => 4,
        _ => 2,
    });
}
