namespace Kta.Functional.Simulation;

/// <summary>
/// A clock that moves only when it is told to. A <see cref="LocalOperator"/> moves it instead of waiting, so that days
/// of a loop take no time and every run has the same timestamps.
/// </summary>
/// <param name="start">The first time it shows.</param>
/// <remarks>It tells the time of the loop. Time limits of steps are real time and do not follow it.</remarks>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private DateTimeOffset _now = start;

    /// <summary>A clock that starts at 2025-01-01 00:00 UTC.</summary>
    public VirtualClock()
        : this(new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
    }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock forward.</summary>
    /// <param name="time">Not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        lock (_gate)
        {
            _now += time;
        }
    }
}
