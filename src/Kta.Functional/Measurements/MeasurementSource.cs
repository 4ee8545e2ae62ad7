namespace Kta.Functional;

/// <summary>Where numbers came from, and how old they were when the monitor answered. One age for all numbers of a source.</summary>
/// <remarks>Given with <see cref="Measurements.From(MeasurementSource)"/>; readings name theirs.</remarks>
public sealed record MeasurementSource
{
    /// <summary>A source.</summary>
    /// <param name="name">Its name for reasons and logs, for example <c>flink</c>.</param>
    /// <param name="age">How old the numbers were when the monitor answered; null: not known, and then they are never stale.</param>
    /// <param name="staleAfter">From which age on the numbers are too old to decide on; null: <see cref="DefaultStaleAfter"/>.</param>
    /// <exception cref="ArgumentException">The name is empty, or the limit is negative.</exception>
    public MeasurementSource(string name, TimeSpan? age = null, TimeSpan? staleAfter = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (staleAfter < TimeSpan.Zero)
        {
            throw new ArgumentException($"staleAfter has to be at least 0, got {staleAfter}.", nameof(staleAfter));
        }

        Name = name;
        Age = age < TimeSpan.Zero ? TimeSpan.Zero : age;
        StaleAfter = staleAfter ?? DefaultStaleAfter;
    }

    /// <summary>Five minutes: as long as Prometheus lets a sample stand for the present.</summary>
    public static TimeSpan DefaultStaleAfter { get; } = TimeSpan.FromMinutes(5);

    /// <summary>The name, for reasons and logs.</summary>
    public string Name { get; }

    /// <summary>How old the numbers were when the monitor answered, at least 0; null if that is not known.</summary>
    public TimeSpan? Age { get; }

    /// <summary>
    /// When it measured, by its own clock; null if it does not say. Two of them are the time in which a counter grew, and so a rate, whatever
    /// the operator's clock shows. To the millisecond.
    /// </summary>
    public DateTimeOffset? At
    {
        get;
        init => field = value is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()) : null;
    }

    /// <summary>Numbers older than this are stale.</summary>
    public TimeSpan StaleAfter { get; }

    /// <summary>Whether the numbers are too old to decide on.</summary>
    public bool IsStale => Age > StaleAfter;

    /// <summary>Of numbers whose monitor named no source.</summary>
    internal static MeasurementSource Unnamed { get; } = new("the monitor");
}
