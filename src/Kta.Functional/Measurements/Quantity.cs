using System.Text.Json;

namespace Kta.Functional;

/// <summary>The numbers that can be known about a node.</summary>
/// <remarks>Each has a member of <see cref="NodeMeasurements"/> with the same name, which says its unit and range.</remarks>
public enum Quantity
{
    /// <summary><see cref="NodeMeasurements.RecordsIn"/></summary>
    RecordsIn,

    /// <summary><see cref="NodeMeasurements.RecordsOut"/></summary>
    RecordsOut,

    /// <summary><see cref="NodeMeasurements.Busy"/></summary>
    Busy,

    /// <summary><see cref="NodeMeasurements.BackPressured"/></summary>
    BackPressured,

    /// <summary><see cref="NodeMeasurements.Idle"/></summary>
    Idle,

    /// <summary><see cref="NodeMeasurements.TrueProcessingRate"/></summary>
    TrueProcessingRate,

    /// <summary><see cref="NodeMeasurements.Lag"/></summary>
    Lag,

    /// <summary><see cref="NodeMeasurements.ArrivalRate"/></summary>
    ArrivalRate,

    /// <summary><see cref="NodeMeasurements.Cpu"/></summary>
    Cpu,

    /// <summary><see cref="NodeMeasurements.Parallelism"/></summary>
    Parallelism,

    /// <summary><see cref="NodeMeasurements.MaxParallelism"/></summary>
    MaxParallelism,

    /// <summary><see cref="NodeMeasurements.Partitions"/></summary>
    Partitions,

    /// <summary><see cref="NodeMeasurements.BufferUsage"/></summary>
    BufferUsage,

    /// <summary><see cref="NodeMeasurements.EndOffset"/></summary>
    EndOffset,
}

/// <summary>What is written for a quantity, and which numbers it can have.</summary>
internal static class Quantities
{
    internal const int Count = 14;

    /// <summary>How far above 1 the rounding of a division can lift a fraction of time.</summary>
    private const double Rounding = 1e-6;

    private static readonly JsonEncodedText[] s_names =
    [
        .. new[]
        {
            "recordsIn", "recordsOut", "busy", "backPressured", "idle", "trueRate", "lag", "arrivals", "cpu", "parallelism", "maxParallelism",
            "partitions", "bufferUsage", "endOffset",
        }.Select(name => JsonEncodedText.Encode(name)),
    ];

    /// <summary>The names on the wire, in the order of the quantities.</summary>
    internal static string[] Names { get; } = [.. s_names.Select(name => name.Value)];

    internal static JsonEncodedText WireName(this Quantity quantity) => s_names[(int)quantity];

    internal static Quantity? Named(ref Utf8JsonReader reader)
    {
        for (var i = 0; i < Count; i++)
        {
            if (reader.ValueTextEquals(s_names[i].EncodedUtf8Bytes))
            {
                return (Quantity)i;
            }
        }

        return null;
    }

    /// <summary>The number as it counts, or null if the quantity cannot have it: that is no number then.</summary>
    internal static double? Possible(this Quantity quantity, double value) => quantity switch
    {
        Quantity.Busy or Quantity.BackPressured or Quantity.Idle or Quantity.BufferUsage =>
            value is >= 0 and <= 1 + Rounding ? Math.Min(value, 1) : null,
        Quantity.Parallelism or Quantity.MaxParallelism or Quantity.Partitions =>
            value is >= 1 and <= int.MaxValue && Math.Floor(value) == value ? value : null,
        _ => value >= 0 && double.IsFinite(value) ? value : null,
    };
}
