using System.Globalization;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional;

/// <summary>Reads measurements that this or a later version wrote, or a monitor in another language.</summary>
/// <remarks>
/// Lenient about what it does not know: unknown members and nodes are left out, and what is no number is an absent one. Strict
/// about shape: a list where numbers are due is an error that says where.
/// </remarks>
internal static class MeasurementsReader
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
            Expect(ref reader, JsonTokenType.StartObject, $"$.sources[{i}]", "an object with name, age and nodes");
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
            else
            {
                reader.Skip();
            }
        }

        return new MeasurementSource(
            string.IsNullOrEmpty(name) ? $"source {index + 1}" : name, age, staleAfter < TimeSpan.Zero ? null : staleAfter);
    }

    private static void ReadNodes(
        ref Utf8JsonReader reader, Dictionary<TopologyNode, NodeMeasurements> nodes, MeasurementSource source, string path)
    {
        Expect(ref reader, JsonTokenType.StartObject, path, "an object of nodes and their numbers");
        while (NextMember(ref reader))
        {
            var name = reader.GetString()!;
            var node = NodeName.Read(name);
            reader.Read();
            if (node is null)
            {
                reader.Skip();
                continue;
            }

            Expect(ref reader, JsonTokenType.StartObject, $"{path}['{Excerpt.Of(name)}']", "an object of numbers");
            var numbers = ReadNumbers(ref reader, source);
            nodes[node] = nodes.TryGetValue(node, out var known) ? known.And(numbers) : numbers;
        }
    }

    private static NodeMeasurements ReadNumbers(ref Utf8JsonReader reader, MeasurementSource source)
    {
        var readings = new Reading[Quantities.Count];
        List<InstanceMeasurements>? instances = null;
        while (NextMember(ref reader))
        {
            if (Quantities.Named(ref reader) is { } quantity)
            {
                reader.Read();
                readings[(int)quantity] = new Reading(ReadNumber(ref reader) ?? double.NaN, source).As(quantity);
            }
            else if (reader.ValueTextEquals("instances"u8))
            {
                reader.Read();
                instances = ReadInstances(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new NodeMeasurements(readings, instances, instances is null ? MeasurementSource.Unnamed : source);
    }

    private static List<InstanceMeasurements>? ReadInstances(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        var instances = new List<InstanceMeasurements>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                instances.Add(ReadInstance(ref reader));
            }
            else
            {
                reader.Skip();
            }
        }

        return instances;
    }

    /// <summary>An instance whose state this version does not know takes no part in the work, as far as anyone can tell.</summary>
    private static InstanceMeasurements ReadInstance(ref Utf8JsonReader reader)
    {
        var state = InstanceState.Unready;
        double? usage = null, request = null;
        while (NextMember(ref reader))
        {
            if (reader.ValueTextEquals("state"u8))
            {
                reader.Read();
                state = (reader.TokenType == JsonTokenType.String ? InstanceStates.Named(reader.GetString()!) : null) ?? InstanceState.Unready;
            }
            else if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                usage = ReadNumber(ref reader);
            }
            else if (reader.ValueTextEquals("request"u8))
            {
                reader.Read();
                request = ReadNumber(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return new InstanceMeasurements(state, usage, request);
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
            Expect(ref reader, JsonTokenType.StartArray, $"$.edges[{i}]", "a pair of nodes");
            var ends = new List<TopologyNode?>(2);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ends.Add(reader.TokenType == JsonTokenType.String ? NodeName.Read(reader.GetString()!) : null);
                reader.Skip();
            }

            if (ends is [{ } from, { } to])
            {
                edges.Add(new TopologyEdge(from, to));
            }
        }

        return [.. edges];
    }

    /// <summary>A number, or null for anything else. Java writes infinities as text; other languages sometimes all numbers.</summary>
    private static double? ReadNumber(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetDouble(out var number) && double.IsFinite(number):
                return number;
            case JsonTokenType.String when double.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                                           && double.IsFinite(number):
                return number;
            default:
                reader.Skip();
                return null;
        }
    }

    private static TimeSpan? Seconds(double? seconds) =>
        seconds is { } known ? TimeSpan.FromSeconds(Math.Clamp(known, -1e11, 1e11)) : null;

    private static bool NextMember(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token, string path, string expected)
    {
        if (reader.TokenType != token)
        {
            throw new UnreadableResultException(path, $"{expected} is needed, not {JsonTroubles.Name(reader.TokenType)}");
        }
    }
}
