using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Wire;

internal static class TopologyReader
{
    /// <param name="reader">Stands on the list.</param>
    /// <param name="text">The text the reader reads.</param>
    /// <param name="mostNodes">How many nodes there may be.</param>
    /// <param name="problems">Takes what is wrong.</param>
    internal static Topology? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, int mostNodes, Problems problems)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.AddAndSkip(ref reader, "$.topology", "a list of at least one topology node");
            return null;
        }

        var behind = reader;
        behind.Skip();
        var json = text[(int)reader.TokenStartIndex..(int)behind.BytesConsumed];
        if (KnownTopologies.TryFind(json, out var known) && known.Count <= mostNodes)
        {
            reader = behind;
            return known;
        }

        var nodes = new List<TopologyNode>();
        if (!TryReadNodes(ref reader, nodes, mostNodes, problems))
        {
            return null;
        }

        var topology = new Topology([.. nodes], true);
        KnownTopologies.Keep(json, topology);
        return topology;
    }

    private static bool TryReadNodes(
        ref Utf8JsonReader reader, List<TopologyNode> nodes, int mostNodes, Problems problems)
    {
        var seen = new Dictionary<TopologyNode, int>();
        var index = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; index++)
        {
            if (index >= mostNodes)
            {
                reader.Skip();
                continue;
            }

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

        if (index > mostNodes)
        {
            problems.Add(
                "$.topology",
                string.Create(CultureInfo.InvariantCulture, $"at most {mostNodes} nodes (MaxTopologyNodes)"),
                string.Create(CultureInfo.InvariantCulture, $"{index}"));
        }

        if (index == 0)
        {
            problems.Add("$.topology", "a list of at least one topology node", "an empty list");
        }

        return nodes.Count == index && index > 0;
    }
}
