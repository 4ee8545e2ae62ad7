using System.Text.Json;

namespace Kta.Functional.Wire;

internal static class TopologyReader
{
    internal static List<TopologyNode> Read(ref Utf8JsonReader reader, Problems problems)
    {
        var nodes = new List<TopologyNode>();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.AddAndSkip(ref reader, "$.topology", "a list of at least one topology node");
            return nodes;
        }

        var seen = new Dictionary<TopologyNode, int>();
        var index = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            using var element = JsonDocument.ParseValue(ref reader);
            var read = NodeText.Read(element.RootElement);
            if (read.Node is null)
            {
                problems.Add($"$.topology[{index}]", $"a topology node such as {NodeText.Example}", $"none: {read.Problem}");
            }
            else if (!seen.TryAdd(read.Node, index))
            {
                problems.Add($"$.topology[{index}]", "each node once", $"{read.Node}, which is also node {seen[read.Node]}");
            }
            else
            {
                nodes.Add(read.Node);
            }
        }

        if (index == 0)
        {
            problems.Add("$.topology", "a list of at least one topology node", "an empty list");
        }

        return nodes;
    }
}
