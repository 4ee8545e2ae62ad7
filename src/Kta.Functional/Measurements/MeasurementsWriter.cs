using System.Text.Json;

namespace Kta.Functional;

/// <summary>Measurements as JSON, in the fewest words that people can still read.</summary>
/// <remarks>
/// <c>{"nodes": {node: numbers}, "sources": [{"name", "age", "staleAfter", "at", "nodes"}], "edges": [[from, to], [from, to, "keyed"]]}</c>: numbers whose source
/// was not named stand in <c>nodes</c>, the others with their source. Ages are seconds, moments milliseconds since 1970. What is not known is not written.
/// </remarks>
internal static class MeasurementsWriter
{
    private static readonly JsonEncodedText s_nodes = JsonEncodedText.Encode("nodes");

    internal static void Write(Utf8JsonWriter writer, Measurements value)
    {
        writer.WriteStartObject();
        WriteNodes(writer, value, MeasurementSource.Unnamed);
        var sources = SourcesOf(value);
        if (sources.Count > 0)
        {
            writer.WriteStartArray("sources"u8);
            foreach (var source in sources)
            {
                WriteSource(writer, value, source);
            }

            writer.WriteEndArray();
        }

        if (value.Edges is { } edges)
        {
            WriteEdges(writer, edges);
        }

        writer.WriteEndObject();
    }

    private static List<MeasurementSource> SourcesOf(Measurements value)
    {
        var sources = new List<MeasurementSource>();
        foreach (var numbers in value.Nodes.Values)
        {
            for (var i = 0; i < Quantities.Count; i++)
            {
                Add(numbers[(Quantity)i].Source);
            }

            Add(numbers.AnyInstances is null || ReferenceEquals(numbers.InstancesFrom, MeasurementSource.Unnamed) ? null : numbers.InstancesFrom);
        }

        return sources;

        void Add(MeasurementSource? source)
        {
            if (source is not null && !sources.Contains(source))
            {
                sources.Add(source);
            }
        }
    }

    private static void WriteSource(Utf8JsonWriter writer, Measurements value, MeasurementSource source)
    {
        writer.WriteStartObject();
        writer.WriteString("name"u8, source.Name);
        if (source.Age is { } age)
        {
            writer.WriteNumber("age"u8, age.TotalSeconds);
        }

        if (source.StaleAfter != MeasurementSource.DefaultStaleAfter)
        {
            writer.WriteNumber("staleAfter"u8, source.StaleAfter.TotalSeconds);
        }

        if (source.At is { } at)
        {
            writer.WriteNumber("at"u8, at.ToUnixTimeMilliseconds());
        }

        WriteNodes(writer, value, source);
        writer.WriteEndObject();
    }

    /// <summary>The numbers of one source; nodes without any are only written where nothing else would name them.</summary>
    private static void WriteNodes(Utf8JsonWriter writer, Measurements value, MeasurementSource source)
    {
        var isOpen = false;
        foreach (var (node, numbers) in value.Nodes)
        {
            var named = ReferenceEquals(source, MeasurementSource.Unnamed) ? IsOf(numbers, source) || IsEmpty(numbers) : IsOf(numbers, source);
            if (!named)
            {
                continue;
            }

            if (!isOpen)
            {
                writer.WriteStartObject(s_nodes);
                isOpen = true;
            }

            writer.WriteStartObject(node.ShortKey);
            WriteNumbers(writer, numbers, source);
            writer.WriteEndObject();
        }

        if (isOpen)
        {
            writer.WriteEndObject();
        }
    }

    private static bool IsEmpty(NodeMeasurements numbers)
    {
        for (var i = 0; i < Quantities.Count; i++)
        {
            if (numbers[(Quantity)i].State != ReadingState.Absent)
            {
                return false;
            }
        }

        return numbers.AnyInstances is null;
    }

    private static bool IsOf(NodeMeasurements numbers, MeasurementSource source)
    {
        for (var i = 0; i < Quantities.Count; i++)
        {
            if (IsOf(numbers[(Quantity)i], source))
            {
                return true;
            }
        }

        return numbers.AnyInstances is not null && IsSame(numbers.InstancesFrom, source);
    }

    private static bool IsOf(Reading reading, MeasurementSource source) =>
        reading.State != ReadingState.Absent && IsSame(reading.Source ?? MeasurementSource.Unnamed, source);

    private static bool IsSame(MeasurementSource one, MeasurementSource other) =>
        ReferenceEquals(one, other)
        || (!ReferenceEquals(one, MeasurementSource.Unnamed) && !ReferenceEquals(other, MeasurementSource.Unnamed) && one == other);

    private static void WriteNumbers(Utf8JsonWriter writer, NodeMeasurements numbers, MeasurementSource source)
    {
        for (var quantity = Quantity.RecordsIn; (int)quantity < Quantities.Count; quantity++)
        {
            if (IsOf(numbers[quantity], source))
            {
                writer.WriteNumber(quantity.WireName(), numbers[quantity].LastValue!.Value);
            }
        }

        if (numbers.AnyInstances is { } instances && IsSame(numbers.InstancesFrom, source))
        {
            writer.WriteStartArray("instances"u8);
            foreach (var instance in instances)
            {
                WriteInstance(writer, instance);
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteInstance(Utf8JsonWriter writer, InstanceMeasurements instance)
    {
        writer.WriteStartObject();
        writer.WriteString("state"u8, InstanceStates.WireName(instance.State));
        if (instance.Usage is { } usage && double.IsFinite(usage))
        {
            writer.WriteNumber("usage"u8, usage);
        }

        if (instance.Request is { } request && double.IsFinite(request))
        {
            writer.WriteNumber("request"u8, request);
        }

        writer.WriteEndObject();
    }

    private static void WriteEdges(Utf8JsonWriter writer, IReadOnlyList<TopologyEdge> edges)
    {
        writer.WriteStartArray("edges"u8);
        foreach (var edge in edges)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(edge.From.ShortKey);
            writer.WriteStringValue(edge.To.ShortKey);
            if (edge.IsKeyed)
            {
                writer.WriteStringValue("keyed"u8);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }
}
