using System.Diagnostics;

namespace Kta.Functional.Hosting;

/// <summary>
/// Whether a function has been quick so far. Nothing but the choice of a thread depends on it; to err costs time, not a
/// result.
/// </summary>
internal sealed class UdfPace
{
    private const long Unknown = long.MaxValue;

    /// <summary>So many quick calls make up for a slow one: on a busy machine any call can have to wait for a processor.</summary>
    private const int QuickForSlow = 16;

    private static readonly long Memory = 10 * Stopwatch.Frequency;
    private long _slowUntil = Unknown;
    private int _debt;

    /// <summary>Longer than a busy machine lets a computation wait for its turn, shorter than anybody would notice.</summary>
    internal static long Quick { get; } = Stopwatch.Frequency / 50;

    /// <summary>False before the first quick call, and for a while after slow ones that were not far apart.</summary>
    internal bool IsQuick(long now) => now > Volatile.Read(ref _slowUntil);

    internal void Learn(long started)
    {
        var now = Stopwatch.GetTimestamp();
        var isQuick = now - started <= Quick;
        if (!isQuick)
        {
            Remember(now);
        }
        else if (Volatile.Read(ref _slowUntil) == Unknown)
        {
            Volatile.Write(ref _slowUntil, now);
        }
        else if (_debt > 0)
        {
            _debt--;
        }
    }

    private void Remember(long now)
    {
        if (_debt > 0 && Volatile.Read(ref _slowUntil) != Unknown)
        {
            Volatile.Write(ref _slowUntil, now + Memory);
        }

        _debt = QuickForSlow;
    }
}
