namespace Kta.Functional;

/// <summary>Nodes as keys inside of measurements and proposals: the short name where it says everything, the operator's notation otherwise.</summary>
internal static class NodeName
{
    internal static string Of(TopologyNode node)
    {
        var name = node.ToString();
        return Short(name) == node ? name : node.Key;
    }

    /// <summary>The node, or null for text that is none in this version.</summary>
    internal static TopologyNode? Read(string name) => name.StartsWith('{') ? NodeNotation.ParseKey(name).Node : Short(name);

    private static TopologyNode? Short(string name)
    {
        if (name.Length == 0 || name[0] == '{' || name.AsSpan().IndexOfAny('|', '=') >= 0)
        {
            return null;
        }

        var slash = name.IndexOf('/');
        return slash < 0 ? new FlinkStreamingGraphNode(name)
            : slash > 0 && slash < name.Length - 1 ? new ScaleTargetRef(name[..slash], name[(slash + 1)..])
            : null;
    }
}
