using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Functional;

/// <summary>The default codec of measurements: no reflection, so that native programs need no metadata for them.</summary>
internal sealed class MeasurementsCodec : ResultCodec<Measurements>
{
    internal static MeasurementsCodec Instance { get; } = new();

    internal override bool IsShareable => true;

    public override void Write(Measurements value, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, JsonFormat.Joining);
        MeasurementsWriter.Write(writer, value);
    }

    public override Measurements Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, JsonFormat.Reading);
            reader.Read();
            return MeasurementsReader.Read(ref reader);
        }
        catch (JsonException error)
        {
            throw new UnreadableResultException("$", JsonErrorText.Describe(error));
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableResultException("$", "a text is not Unicode (half a surrogate pair)");
        }
    }

    public override JsonNode? DescribeSchema() => MeasurementsSchema.Make();
}
