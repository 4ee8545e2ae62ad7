namespace Kta.Functional.Hosting;

/// <summary>Calls that most likely end before anybody looks at them: they come and go without a lock.</summary>
internal sealed class BriefCalls
{
    private const int Apart = 8;

    /// <summary>Processors begin to look in places that do not share a line of their caches.</summary>
    private readonly WatchedCall?[] _places = new WatchedCall?[Apart * Math.Min(64, Environment.ProcessorCount + 1)];

    internal bool IsEmpty
    {
        get
        {
            foreach (var call in _places)
            {
                if (call is not null)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>False: there is no place.</summary>
    internal bool TryAdd(WatchedCall call)
    {
        var first = Thread.GetCurrentProcessorId() * Apart;
        for (var i = 0; i < _places.Length; i++)
        {
            var place = (first + i) % _places.Length;
            if (Volatile.Read(ref _places[place]) is null)
            {
                call.BriefPlace = place;
                if (Interlocked.CompareExchange(ref _places[place], call, null) is null)
                {
                    return true;
                }
            }
        }

        call.BriefPlace = -1;
        return false;
    }

    /// <summary>False: the call is not here.</summary>
    internal bool TryRemove(WatchedCall call) =>
        call.BriefPlace >= 0 && Interlocked.CompareExchange(ref _places[call.BriefPlace], null, call) == call;

    internal void AddOver(long now, ref List<WatchedCall>? over)
    {
        foreach (ref var place in _places.AsSpan())
        {
            if (Volatile.Read(ref place) is { } call && call.IsOver(now))
            {
                (over ??= []).Add(call);
            }
        }
    }
}
