using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Kta.Functional.Wire;

namespace Kta.Functional;

/// <summary>The default codec of measurements: no reflection, so that native programs need no metadata for them.</summary>
internal sealed class MeasurementsCodec : ResultCodec<Measurements>
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    internal static MeasurementsCodec Instance { get; } = new();

    public override void Write(Measurements value, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, s_options);
        MeasurementsWriter.Write(writer, value);
    }

    public override Measurements Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = DefaultJson.DeepestNesting });
            reader.Read();
            return MeasurementsReader.Read(ref reader);
        }
        catch (JsonException error)
        {
            throw new UnreadableResultException("$", JsonTroubles.Describe(error));
        }
        catch (InvalidOperationException)
        {
            throw new UnreadableResultException("$", "a text is not Unicode (half a surrogate pair)");
        }
    }
}

/// <summary>Writes and reads measurements where they stand inside of other results.</summary>
/// <remarks>Applied to <see cref="Measurements"/> itself; needed by name only in source-generated serializer contexts.</remarks>
public sealed class MeasurementsJsonConverter : JsonConverter<Measurements>
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
}
