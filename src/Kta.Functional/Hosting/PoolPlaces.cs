namespace Kta.Functional.Hosting;

/// <summary>The functions that run on the thread pool right now, by when they began.</summary>
internal sealed class PoolPlaces
{
    /// <summary>One thread of the pool stays free. None is left on a machine with one processor, the usual pod.</summary>
    private static readonly int MostSlow = Environment.ProcessorCount - 1;
    private readonly long[] _started = new long[Math.Max(16, 2 * Environment.ProcessorCount)];

    /// <summary>
    /// Takes a place if the pool can spare the thread: of functions that may be slow, few may run at once; of quick ones as
    /// many as like, unless others prove slow meanwhile.
    /// </summary>
    internal bool TryTake(UdfPace pace, long started, out int place)
    {
        place = -1;
        var (running, slow) = (0, 0);
        for (var i = 0; i < _started.Length; i++)
        {
            var other = Volatile.Read(ref _started[i]);
            running += other == 0 ? 0 : 1;
            slow += other != 0 && started - other > UdfPace.Quick ? 1 : 0;
        }

        if (pace.IsQuick(started) ? slow >= Math.Max(1, MostSlow) : running >= MostSlow)
        {
            return false;
        }

        for (var i = 0; i < _started.Length && place < 0; i++)
        {
            place = Interlocked.CompareExchange(ref _started[i], started, 0) == 0 ? i : -1;
        }

        return place >= 0;
    }

    internal void Leave(int place) => Volatile.Write(ref _started[place], 0);
}
