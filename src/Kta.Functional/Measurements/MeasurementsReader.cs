using System.Text.Json;

namespace Kta.Functional;

/// <summary>Reads measurements that this or a later version wrote, or a monitor in another language.</summary>
/// <remarks>
/// Lenient about what it does not know: unknown members and nodes are left out, and what is no number is an absent one. Strict
/// about shape: a list where numbers are due is an error that says where.
/// </remarks>
internal static partial class MeasurementsReader
{
    /// <summary>Reads the object the reader stands on, and leaves the reader on its end.</summary>
    /// <exception cref="UnreadableResultException">The JSON has another shape.</exception>
    internal static Measurements Read(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, "$", "an object with nodes, sources and edges");
        var nodes = new Dictionary<TopologyNode, NodeMeasurements>();
        TopologyEdge[]? edges = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("nodes"u8))
            {
                reader.Read();
                ReadNodes(ref reader, nodes, MeasurementSource.Unnamed, "$.nodes");
            }
            else if (reader.ValueTextEquals("sources"u8))
            {
                reader.Read();
                ReadSources(ref reader, nodes);
            }
            else if (reader.ValueTextEquals("edges"u8))
            {
                reader.Read();
                edges = ReadEdges(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new Measurements(nodes, edges);
    }

    private static void ReadSources(ref Utf8JsonReader reader, Dictionary<TopologyNode, NodeMeasurements> nodes)
    {
        Expect(ref reader, JsonTokenType.StartArray, "$.sources", "a list of sources");
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Unexpected(ref reader, $"$.sources[{i}]", "an object with name, age and nodes");
            }

            // The members may come in any order, and the numbers need their source.
            var ahead = reader;
            var source = ReadSource(ref ahead, i);
            while (NextMember(ref reader))
            {
                if (reader.ValueTextEquals("nodes"u8))
                {
                    reader.Read();
                    ReadNodes(ref reader, nodes, source, $"$.sources[{i}].nodes");
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static MeasurementSource ReadSource(ref Utf8JsonReader reader, int index)
    {
        string? name = null;
        TimeSpan? age = null, staleAfter = null;
        DateTimeOffset? at = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("name"u8))
            {
                reader.Read();
                name = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
            }
            else if (reader.ValueTextEquals("age"u8))
            {
                reader.Read();
                age = Seconds(ReadNumber(ref reader));
            }
            else if (reader.ValueTextEquals("staleAfter"u8))
            {
                reader.Read();
                staleAfter = Seconds(ReadNumber(ref reader));
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                reader.Read();
                at = Moment(ReadNumber(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }

        return new MeasurementSource(
            string.IsNullOrEmpty(name) ? $"source {index + 1}" : name, age, staleAfter < TimeSpan.Zero ? null : staleAfter)
        {
            At = at,
        };
    }

    private static void ReadNodes(
        ref Utf8JsonReader reader, Dictionary<TopologyNode, NodeMeasurements> nodes, MeasurementSource source, string path)
    {
        Expect(ref reader, JsonTokenType.StartObject, path, "an object of nodes and their numbers");
        while (NextMember(ref reader))
        {
            var node = NodeName.Read(ref reader);
            reader.Read();
            if (node is null)
            {
                reader.Skip();
                continue;
            }

            if (reader.TokenType != JsonTokenType.StartObject)
            {
                throw Unexpected(ref reader, $"{path}['{SafeExcerpt.Of(node.ShortKey)}']", "an object of numbers");
            }

            var numbers = ReadNumbers(ref reader, source);
            nodes[node] = nodes.TryGetValue(node, out var known) ? known.And(numbers) : numbers;
        }
    }

    private static TopologyEdge[]? ReadEdges(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Expect(ref reader, JsonTokenType.StartArray, "$.edges", "a list of pairs of nodes");
        var edges = new List<TopologyEdge>();
        for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
        {
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                throw Unexpected(ref reader, $"$.edges[{i}]", "a pair of nodes");
            }

            if (ReadEdge(ref reader) is { } edge)
            {
                edges.Add(edge);
            }
        }

        return [.. edges];
    }

    /// <summary>Two nodes, and words about how the first feeds the second; null if a node is none.</summary>
    private static TopologyEdge? ReadEdge(ref Utf8JsonReader reader)
    {
        var ends = new TopologyNode?[2];
        var (count, isKeyed) = (0, false);
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (count < ends.Length)
            {
                ends[count] = reader.TokenType == JsonTokenType.String ? NodeName.Read(ref reader) : null;
            }
            else
            {
                isKeyed |= reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("keyed"u8);
            }

            reader.Skip();
        }

        return ends is [{ } from, { } to] ? new TopologyEdge(from, to) { IsKeyed = isKeyed } : null;
    }

    private static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string path, string expected)
    {
        if (reader.TokenType != token)
        {
            throw Unexpected(ref reader, path, expected);
        }
    }

    private static UnreadableResultException Unexpected(ref Utf8JsonReader reader, string path, string expected) =>
        new(path, $"{expected} is needed, not {JsonErrorText.Name(reader.TokenType)}");
}
