using System.Diagnostics;

namespace Kta.Functional.Hosting;

/// <summary>
/// Whether a function has been quick so far. Nothing but the choice of a thread depends on it; to err costs time, not a
/// result.
/// </summary>
internal sealed class UdfPace
{
    private static readonly long Memory = 10 * Stopwatch.Frequency;
    private long _slowUntil = long.MaxValue;

    /// <summary>Longer than a busy machine lets a computation wait for its turn, shorter than anybody would notice.</summary>
    internal static long Quick { get; } = Stopwatch.Frequency / 50;

    /// <summary>False before the first call, and for a while after a slow one.</summary>
    internal bool IsQuick => Stopwatch.GetTimestamp() > Volatile.Read(ref _slowUntil);

    internal void Learn(long started)
    {
        var now = Stopwatch.GetTimestamp();
        if (now - started > Quick)
        {
            Volatile.Write(ref _slowUntil, now + Memory);
        }
        else if (Volatile.Read(ref _slowUntil) == long.MaxValue)
        {
            Volatile.Write(ref _slowUntil, now);
        }
    }
}
