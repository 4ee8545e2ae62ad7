namespace Kta.Functional.Algorithms;

/// <summary>How a parallelism is fitted to the partitions of a source, or to the key groups behind a keyed input.</summary>
public enum FlinkAlignment
{
    /// <summary>The next number that gives the fullest instance less to do, or divides them without rest. Of several, the smallest.</summary>
    Balanced,

    /// <summary>The next number that divides them without rest.</summary>
    EvenlySpread,

    /// <summary>Any number.</summary>
    Off,

    /// <summary>The deprecated way to spread evenly: where no such number is near, it goes below what is needed, or stays.</summary>
    LegacyEvenlySpread,

    /// <summary>The deprecated way to balance: where no such number is near, it goes below what is needed, or stays.</summary>
    MaximizeUtilisation,
}

/// <summary>What bounds the parallelism of a node.</summary>
/// <param name="Lower">The least one.</param>
/// <param name="Upper">The largest one that the settings allow.</param>
/// <param name="MaxParallelism">The largest one that Flink allows: its key groups.</param>
/// <param name="Partitions">The partitions a source reads; 0 if there are none, or nobody knows.</param>
/// <param name="IsKeyed">Whether its input is partitioned by key.</param>
internal readonly record struct FlinkLimits(int Lower, int Upper, int MaxParallelism, int Partitions, bool IsKeyed)
{
    /// <summary>The most that the alignment gives. A source has no use for more instances than partitions.</summary>
    private int Cap => Math.Min(Shares, Math.Min(MaxParallelism, Upper));

    /// <summary>What is shared out among the instances.</summary>
    private int Shares => Partitions > 0 ? Partitions : MaxParallelism;

    /// <summary>The parallelism times a factor, rounded up, within the limits, and aligned if that is a change.</summary>
    /// <exception cref="ArgumentException">The limits contradict each other.</exception>
    internal int Scale(int current, double factor, FlinkAlignment alignment)
    {
        if (Lower > Upper)
        {
            throw new ArgumentException($"The lower limit of {Lower} instances is above the upper one of {Upper}.");
        }

        var raw = (int)Math.Min(Math.Ceiling(factor * current), int.MaxValue);
        var limited = Math.Max(1, Math.Min(Math.Max(Lower, raw), Math.Min(MaxParallelism, Upper)));
        return limited == current ? current : Align(current, limited, alignment);
    }

    /// <summary>The parallelism that the alignment makes of one within the limits.</summary>
    internal int Align(int current, int target, FlinkAlignment alignment)
    {
        if (alignment == FlinkAlignment.Off || (Partitions <= 0 && !IsKeyed))
        {
            return target;
        }

        var acceptsLess = alignment is FlinkAlignment.Balanced or FlinkAlignment.MaximizeUtilisation;
        var end = target > current ? Cap : Math.Min(current, Cap);
        for (var count = target; count <= end; count++)
        {
            if (Shares % count == 0 || (acceptsLess && Shares / count < Shares / target))
            {
                return count;
            }
        }

        return alignment is FlinkAlignment.Balanced or FlinkAlignment.EvenlySpread
            ? Math.Min(target, Cap)
            : Relaxed(current, target);
    }

    /// <summary>Less than the target, if that does not turn the direction round.</summary>
    private int Relaxed(int current, int target)
    {
        var count = target;
        while (count > 0 && Shares / count <= Shares / target)
        {
            count--;
        }

        count = Math.Max(count > 0 && Shares % count != 0 ? count + 1 : count, Lower);
        var isReversed = target > current ? count <= current : count >= current;
        return isReversed ? Math.Min(current, Cap) : count;
    }
}
