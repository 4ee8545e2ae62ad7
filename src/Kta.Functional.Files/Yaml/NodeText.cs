namespace Kta.Functional.Files;

/// <summary>Nodes as reasons and measurements name them: Flink vertices by their ids, others as <c>Deployment/orders</c>.</summary>
internal static class NodeText
{
    private const string Words = "the id of a Flink vertex, or a kind and a name as in Deployment/orders";

    /// <summary>The node of a value, or null if it is none, which is a problem of the file.</summary>
    internal static TopologyNode? Of(YamlValue value) =>
        value.Text(Words) is not { } text ? null : Parse(text) ?? value.Wrong<TopologyNode>(Words);

    /// <summary>The node of a member's name, or null if it is none, which is a problem of the file.</summary>
    internal static TopologyNode? Of(string name, YamlValue value)
    {
        if (Parse(name) is { } node)
        {
            return node;
        }

        value.Add("is no id of a node");
        return null;
    }

    private static TopologyNode? Parse(string text)
    {
        try
        {
            return text.Split('/') switch
            {
                [var id] => TopologyNode.Flink(id),
                [var kind, var name] => new ScaleTargetRef(kind, name),
                _ => null,
            };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
