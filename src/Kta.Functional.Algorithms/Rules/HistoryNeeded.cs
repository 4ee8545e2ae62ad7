using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <summary>How much history a rule looks at when it is there. A rule works with less; its documentation says how.</summary>
/// <param name="Entries">So many entries, at least 0.</param>
/// <param name="Period">And those of this time before the iteration, however many they are.</param>
public readonly record struct HistoryNeeded(int Entries, TimeSpan Period = default)
{
    /// <summary>No history at all.</summary>
    public static HistoryNeeded None => default;

    /// <summary>For messages: <c>10 entries and 300 s</c>.</summary>
    public override string ToString()
    {
        var entries = Entries == 1 ? "1 entry" : Invariant($"{Entries} entries");
        return Period > TimeSpan.Zero ? Invariant($"{entries} and {Period.TotalSeconds} s") : entries;
    }

    /// <summary>Enough for both.</summary>
    /// <param name="other">What another rule needs.</param>
    public HistoryNeeded And(HistoryNeeded other) =>
        new(Math.Max(Entries, other.Entries), Period > other.Period ? Period : other.Period);

    /// <summary>Enough for one after the other: what is computed again reaches back once more.</summary>
    /// <param name="other">What the other one needs.</param>
    public HistoryNeeded Plus(HistoryNeeded other) =>
        new((int)Math.Min(int.MaxValue, (long)Entries + other.Entries), Period + other.Period);

    /// <summary>All there is.</summary>
    internal static HistoryNeeded Everything => new(int.MaxValue);

    /// <summary>All there is, if nobody has said how much.</summary>
    internal HistoryNeeded OrEverything => this == None ? Everything : this;

    /// <summary>What is needed of a past, newest first. Nothing beyond it is looked at, not even to see that it is.</summary>
    /// <param name="at">An item by age, or null if there are not so many.</param>
    /// <param name="ageOf">How long ago an item was.</param>
    internal IEnumerable<T> Of<T>(Func<int, T?> at, Func<T, TimeSpan> ageOf)
        where T : class
    {
        var isCovered = Period <= TimeSpan.Zero;
        for (var i = 0; (i < Entries || !isCovered) && at(i) is { } item; i++)
        {
            yield return item;
            isCovered |= ageOf(item) >= Period;
        }
    }

    /// <summary>How many entries that are if iterations follow each other in this time.</summary>
    /// <param name="interval">The time between two iterations, more than 0.</param>
    public int EntriesAt(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return Math.Max(Entries, (int)Math.Min(int.MaxValue, Math.Ceiling(Period / interval)));
    }
}
