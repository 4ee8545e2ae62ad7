using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kta.Functional;

/// <summary>Writes and reads topology nodes, as values and as object keys, the way the KTA operator does.</summary>
/// <remarks>Applied to the node types themselves; needed by name only in source-generated serializer contexts.</remarks>
public sealed class TopologyNodeJsonConverter : JsonConverter<TopologyNode>, ISchemaOwner
{
    /// <inheritdoc/>
    public override bool CanConvert(Type typeToConvert) => typeof(TopologyNode).IsAssignableFrom(typeToConvert);

    /// <inheritdoc/>
    public override TopologyNode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return Checked(NodeNotation.Read(document.RootElement), typeToConvert);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TopologyNode value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WriteStartObject();
        writer.WriteString("type"u8, value.Type);
        writer.WriteString("fields"u8, value.Fields);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    public override TopologyNode ReadAsPropertyName(
        ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Checked(NodeNotation.ParseKey(reader.GetString()!), typeToConvert);

    /// <inheritdoc/>
    public override void WriteAsPropertyName(Utf8JsonWriter writer, TopologyNode value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        writer.WritePropertyName(value.Key);
    }

    JsonObject ISchemaOwner.DescribeSchema(Type type) => NodeSchema.Make(type);

    private static TopologyNode Checked(NodeReading read, Type asked)
    {
        // System.Text.Json asks the converter of what is inside of an option with the type of the option.
        var wanted = asked.IsGenericType ? asked.GenericTypeArguments[0] : asked;
        return read.Node is null ? throw new JsonException($"Not a topology node: {read.Problem}. Expected {NodeNotation.Example}.")
            : wanted.IsInstanceOfType(read.Node) ? read.Node
            : throw new JsonException($"The topology node is a {read.Node.Type}, expected a {wanted.Name}.");
    }
}
