using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kta.Functional;

/// <summary>Writes and reads measurements where they stand inside of other results.</summary>
/// <remarks>Applied to <see cref="Measurements"/> itself; needed by name only in source-generated serializer contexts.</remarks>
public sealed class MeasurementsJsonConverter : JsonConverter<Measurements>, ISchemaOwner
{
    /// <inheritdoc/>
    public override Measurements Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return MeasurementsReader.Read(ref reader);
        }
        catch (UnreadableResultException error)
        {
            throw new JsonException($"{error.Reason} (at {error.Path} of the measurements)", error);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Measurements value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        MeasurementsWriter.Write(writer, value);
    }

    JsonObject ISchemaOwner.DescribeSchema(Type type) => MeasurementsSchema.Make();
}
