using System.Globalization;
using System.Text.Json;

namespace Kta.Functional;

/// <content>The numbers of a node.</content>
internal static partial class MeasurementsReader
{
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

    /// <summary>A moment between the years 1 and 9999 and a number of milliseconds since 1970.</summary>
    private static DateTimeOffset? Moment(double? milliseconds) =>
        milliseconds is >= -62_135_596_800_000 and <= 253_402_300_799_999 and { } known ? DateTimeOffset.FromUnixTimeMilliseconds((long)known) : null;

    private static TimeSpan? Seconds(double? seconds) =>
        seconds is { } known ? TimeSpan.FromSeconds(Math.Clamp(known, -1e11, 1e11)) : null;
}
