using System.Globalization;

namespace Kta.Functional;

/// <summary>What is known about a number.</summary>
public enum ReadingState
{
    /// <summary>Nobody measured it, or what was measured cannot be right.</summary>
    Absent,

    /// <summary>It was measured, but too long ago to decide on it.</summary>
    Stale,

    /// <summary>It was measured. It may be a zero, and is a real one then.</summary>
    Current,
}

/// <summary>A measured number, or the fact that there is none: absent, stale and zero are three different things.</summary>
/// <remarks>
/// <para>Immutable; numbers convert to it, so a monitor writes <c>Busy = 0.7</c>. The default is <see cref="Absent"/>.</para>
/// <para>There is no way to read a missing number as 0 by accident: <see cref="Value"/> is null for it.</para>
/// </remarks>
public readonly record struct Reading
{
    private readonly double _number;

    /// <summary>Null for an absent one, so that the default is absent.</summary>
    private readonly MeasurementSource? _source;

    internal Reading(double number, MeasurementSource source)
    {
        _number = number;
        _source = source;
    }

    /// <summary>No number.</summary>
    public static Reading Absent => default;

    /// <summary>Whether there is a number, and whether it is recent enough to decide on.</summary>
    public ReadingState State =>
        _source is null ? ReadingState.Absent
        : _source.IsStale ? ReadingState.Stale
        : ReadingState.Current;

    /// <summary>The number if it is <see cref="ReadingState.Current"/>, otherwise null.</summary>
    public double? Value => State == ReadingState.Current ? _number : null;

    /// <summary>The number, however old it is; null if it is <see cref="ReadingState.Absent"/>.</summary>
    public double? LastValue => _source is null ? null : _number;

    /// <summary>Where the number came from and how old it is; null if it is absent or its monitor did not say.</summary>
    public MeasurementSource? Source => ReferenceEquals(_source, MeasurementSource.Unnamed) ? null : _source;

    /// <summary>How old the number was when the monitor answered; null if it is absent or its monitor did not say.</summary>
    public TimeSpan? Age => _source?.Age;

    /// <summary>The number, or NaN if there is none to decide on: for arithmetic that has its own way with NaN.</summary>
    internal double OrNaN => _source is { IsStale: false } ? _number : double.NaN;

    /// <summary>A number of a source that is not named, measured just now. NaN and infinities are absent.</summary>
    /// <param name="number">The number in the unit of the member it is given to.</param>
    public static implicit operator Reading(double number) =>
        double.IsFinite(number) ? new(number, MeasurementSource.Unnamed) : default;

    /// <inheritdoc cref="op_Implicit(double)"/>
    public static implicit operator Reading(int number) => new(number, MeasurementSource.Unnamed);

    /// <summary>A number of a source that is not named, measured just now; null is absent.</summary>
    /// <param name="number">The number in the unit of the member it is given to, or null.</param>
    public static implicit operator Reading(double? number) => number is { } known ? known : default(Reading);

    /// <summary>For logs: <c>absent</c>, <c>12.5</c>, <c>12.5 (400 s old, kafka)</c>.</summary>
    public override string ToString() => State switch
    {
        ReadingState.Absent => "absent",
        ReadingState.Stale => string.Create(CultureInfo.InvariantCulture, $"{_number} ({Age!.Value.TotalSeconds:0} s old, {_source!.Name})"),
        _ => _number.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The same number from a source, if it has none yet.</summary>
    internal Reading From(MeasurementSource source) => ReferenceEquals(_source, MeasurementSource.Unnamed) ? new(_number, source) : this;

    /// <summary>Another number of the same source.</summary>
    internal Reading With(double number) => _source is { } source ? new Reading(number, source) : number;

    internal bool IsFrom(MeasurementSource source) => _source == source;

    internal MeasurementSource? SourceOrUnnamed => _source;

    /// <summary>The number as the quantity allows it, otherwise absent.</summary>
    internal Reading As(Quantity quantity) =>
        _source is not null && quantity.Possible(_number) is { } possible ? new(possible, _source) : default;
}
