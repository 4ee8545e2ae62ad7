namespace Kta.Functional;

/// <summary>The numbers of one node, averaged over the time between two measurements. Leave out what you do not measure.</summary>
/// <remarks>
/// <para>Immutable; compares by value. Change a copy with <c>with { … }</c>, in F# with <see cref="With"/>.</para>
/// <para>A number that the quantity cannot have (NaN, an infinity, a negative one, a fraction of time above 1, half an instance) is
/// no number: it is read as absent, never as 0 and never cut to the range, because -1 usually means "not known" and 350 another unit.
/// A fraction of time that rounding lifts above 1 by less than a millionth is 1.</para>
/// </remarks>
/// <example><code>new NodeMeasurements { RecordsIn = 12_000, Busy = 0.8, Parallelism = 4 }</code></example>
public sealed record NodeMeasurements
{
    private readonly Reading[] _readings;
    private readonly IReadOnlyList<InstanceMeasurements>? _instances;
    private readonly MeasurementSource _instancesFrom = MeasurementSource.Unnamed;

    /// <summary>Nothing measured yet: every number is absent.</summary>
    public NodeMeasurements() => _readings = new Reading[Quantities.Count];

    internal NodeMeasurements(Reading[] readings, IReadOnlyList<InstanceMeasurements>? instances, MeasurementSource instancesFrom)
    {
        _readings = readings;
        _instances = instances;
        _instancesFrom = instancesFrom;
    }

    private NodeMeasurements(NodeMeasurements original)
    {
        _readings = [.. original._readings];
        _instances = original._instances;
        _instancesFrom = original._instancesFrom;
    }

    /// <summary>A node nobody measured.</summary>
    public static NodeMeasurements Nothing { get; } = new();

    /// <summary>Records per second the node takes in, summed over its instances; at least 0.</summary>
    public Reading RecordsIn { get => this[Quantity.RecordsIn]; init => Set(Quantity.RecordsIn, value); }

    /// <summary>Records per second the node gives out, summed over its instances; at least 0.</summary>
    public Reading RecordsOut { get => this[Quantity.RecordsOut]; init => Set(Quantity.RecordsOut, value); }

    /// <summary>The share of time an instance works, 0 to 1, averaged over the instances.</summary>
    public Reading Busy { get => this[Quantity.Busy]; init => Set(Quantity.Busy, value); }

    /// <summary>The share of time an instance is blocked by what is downstream, 0 to 1, averaged over the instances.</summary>
    public Reading BackPressured { get => this[Quantity.BackPressured]; init => Set(Quantity.BackPressured, value); }

    /// <summary>The share of time an instance waits for input, 0 to 1, averaged over the instances.</summary>
    public Reading Idle { get => this[Quantity.Idle]; init => Set(Quantity.Idle, value); }

    /// <summary>
    /// Records per second the node could take in if it were never blocked or starved, summed over its instances; at least 0.
    /// Rules work it out from <see cref="RecordsIn"/> and <see cref="Busy"/> where it is absent. <c>trueRate</c> on the wire.
    /// </summary>
    public Reading TrueProcessingRate { get => this[Quantity.TrueProcessingRate]; init => Set(Quantity.TrueProcessingRate, value); }

    /// <summary>Records that wait in front of the node, of a source above all; at least 0.</summary>
    public Reading Lag { get => this[Quantity.Lag]; init => Set(Quantity.Lag, value); }

    /// <summary>
    /// Records per second that are offered to a source, whether it takes them or not; at least 0. A node that is no source has
    /// none. <c>arrivals</c> on the wire.
    /// </summary>
    public Reading ArrivalRate { get => this[Quantity.ArrivalRate]; init => Set(Quantity.ArrivalRate, value); }

    /// <summary>CPU in use as a fraction of what is requested, averaged over the instances; 1.2 is possible where requests are no limits.</summary>
    public Reading Cpu { get => this[Quantity.Cpu]; init => Set(Quantity.Cpu, value); }

    /// <summary>The number of instances, whole, at least 1.</summary>
    public Reading Parallelism { get => this[Quantity.Parallelism]; init => Set(Quantity.Parallelism, value); }

    /// <summary>The largest number of instances the system allows (Flink's key groups, for example), whole, at least 1.</summary>
    public Reading MaxParallelism { get => this[Quantity.MaxParallelism]; init => Set(Quantity.MaxParallelism, value); }

    /// <summary>The number of partitions of the topics a source reads, whole, at least 1.</summary>
    public Reading Partitions { get => this[Quantity.Partitions]; init => Set(Quantity.Partitions, value); }

    /// <summary>How full the input buffers are, 0 to 1, averaged over the instances. <c>inPoolUsage</c> of Flink.</summary>
    public Reading BufferUsage { get => this[Quantity.BufferUsage]; init => Set(Quantity.BufferUsage, value); }

    /// <summary>
    /// Records that have ever been offered to a source: a counter, the sum of the end offsets of its partitions; at least 0. What it grows
    /// by between two iterations are the arrivals.
    /// </summary>
    public Reading EndOffset { get => this[Quantity.EndOffset]; init => Set(Quantity.EndOffset, value); }

    /// <summary>The instances one by one; null if nobody measured them or what was measured is stale.</summary>
    public IReadOnlyList<InstanceMeasurements>? Instances
    {
        get => _instancesFrom.IsStale ? null : _instances;
        init => (_instances, _instancesFrom) = (value is null ? null : [.. value], MeasurementSource.Unnamed);
    }

    /// <summary>A number by its name.</summary>
    /// <param name="quantity">Which number.</param>
    public Reading this[Quantity quantity] => _readings[(int)quantity];

    /// <summary>A copy with another number.</summary>
    /// <param name="quantity">Which number.</param>
    /// <param name="reading">The number; one the quantity cannot have is absent.</param>
    public NodeMeasurements With(Quantity quantity, Reading reading)
    {
        var copy = new NodeMeasurements(this);
        copy.Set(quantity, reading);
        return copy;
    }

    /// <inheritdoc/>
    public bool Equals(NodeMeasurements? other) =>
        other is not null
        && _readings.AsSpan().SequenceEqual(other._readings)
        && (_instances is null) == (other._instances is null)
        && (_instances is null || (_instancesFrom == other._instancesFrom && _instances.SequenceEqual(other._instances!)));

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var reading in _readings)
        {
            hash.Add(reading);
        }

        return hash.ToHashCode();
    }

    /// <summary>The numbers that are there, for logs: <c>recordsIn 12000, busy 0.8, parallelism 4</c>.</summary>
    public override string ToString() => string.Join(
        ", ",
        Enumerable.Range(0, Quantities.Count)
            .Where(i => _readings[i].State != ReadingState.Absent)
            .Select(i => $"{((Quantity)i).WireName()} {_readings[i]}"));

    internal IReadOnlyList<InstanceMeasurements>? AnyInstances => _instances;

    internal MeasurementSource InstancesFrom => _instancesFrom;

    /// <summary>The same with a source for what has none yet.</summary>
    internal NodeMeasurements From(MeasurementSource source) => new(
        Array.ConvertAll(_readings, reading => reading.From(source)),
        _instances,
        ReferenceEquals(_instancesFrom, MeasurementSource.Unnamed) ? source : _instancesFrom);

    /// <summary>The better reading of each number: a current one before a stale one before none, and the other's where both are as good.</summary>
    internal NodeMeasurements And(NodeMeasurements other)
    {
        var readings = new Reading[Quantities.Count];
        for (var i = 0; i < readings.Length; i++)
        {
            var (mine, others) = (_readings[i], other._readings[i]);
            readings[i] = others.State >= mine.State && others.State != ReadingState.Absent ? others : mine;
        }

        var keep = other._instances is null || (_instances is not null && other._instancesFrom.IsStale && !_instancesFrom.IsStale);
        return keep
            ? new(readings, _instances, _instancesFrom)
            : new(readings, other._instances, other._instancesFrom);
    }

    private void Set(Quantity quantity, Reading reading) => _readings[(int)quantity] = reading.As(quantity);
}
