using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Reads the topology of a request.</summary>
/// <param name="mostNodes">How many nodes there may be.</param>
internal sealed class TopologyReader(int mostNodes)
{
    private static readonly string Path = ObjectPath.Request.Member(WireNames.Topology);
    private readonly TopologyCache _known = new();

    /// <param name="reader">Stands on the list.</param>
    /// <param name="text">The text the reader reads.</param>
    /// <param name="problems">Takes what is wrong.</param>
    internal Topology? Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, RequestProblems problems)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            problems.AddAndSkip(ref reader, Path, "a list of at least one topology node");
            return null;
        }

        var behind = reader;
        behind.Skip();
        var json = text[(int)reader.TokenStartIndex..(int)behind.BytesConsumed];
        if (_known.TryFind(json, out var known) && known.Count <= mostNodes)
        {
            reader = behind;
            return known;
        }

        var nodes = new List<TopologyNode>();
        if (!TryReadNodes(ref reader, nodes, problems))
        {
            return null;
        }

        var topology = new Topology([.. nodes], true);
        _known.Keep(json, topology);
        return topology;
    }

    private bool TryReadNodes(ref Utf8JsonReader reader, List<TopologyNode> nodes, RequestProblems problems)
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
            var read = NodeNotation.Read(element.RootElement);
            if (read.Node is null)
            {
                problems.Add($"{Path}[{index}]", $"a topology node such as {NodeNotation.Example}", $"none: {read.Problem}");
            }
            else if (!seen.TryAdd(read.Node, index))
            {
                problems.Add($"{Path}[{index}]", "each node once", $"{read.Node}, which is also node {seen[read.Node]}");
            }
            else
            {
                nodes.Add(read.Node);
            }
        }

        if (index > mostNodes)
        {
            problems.Add(
                Path,
                string.Create(CultureInfo.InvariantCulture, $"at most {mostNodes} nodes (MaxTopologyNodes)"),
                string.Create(CultureInfo.InvariantCulture, $"{index}"));
        }

        if (index == 0)
        {
            problems.Add(Path, "a list of at least one topology node", "an empty list");
        }

        return nodes.Count == index && index > 0;
    }
}
