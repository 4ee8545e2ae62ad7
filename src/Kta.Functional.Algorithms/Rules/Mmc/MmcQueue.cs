namespace Kta.Functional.Algorithms;

/// <summary>A node as a queue in front of its instances, with a number of instances that grows.</summary>
/// <param name="arrivals">Records per second, at least 0.</param>
/// <param name="perInstance">Records per second of an instance, more than 0.</param>
/// <param name="variability">How much longer the waits are than those of exponential times.</param>
/// <param name="isKeyed">Whether each instance has a queue of its own.</param>
/// <param name="most">The largest number of instances.</param>
internal sealed class MmcQueue(double arrivals, double perInstance, double variability, bool isKeyed, int most)
{
    /// <summary>Beyond this nobody waits as long as there is anything to spare, and the recursion would take long.</summary>
    private const int Crowd = 1_000_000;

    private readonly double _load = arrivals / perInstance;

    /// <summary>Erlang's B: the share of records that find all instances busy if none of them waits.</summary>
    private double _blocked = 1;

    internal double Arrivals => arrivals;

    /// <summary>Instances that would always be busy.</summary>
    internal double Load => _load;

    internal int Count { get; private set; }

    internal bool IsFull => Count >= most;

    internal double Utilization => _load / Count;

    /// <summary>The share of the records that wait: Erlang's C.</summary>
    internal double Delayed => DelayedWith(Count, _blocked);

    /// <summary>Seconds that a record waits on average; infinite if more arrives than can be done.</summary>
    internal double MeanWait => MeanWaitWith(Count, _blocked);

    /// <summary>Seconds that a record is there on average.</summary>
    internal double Response => MeanWait + (1 / perInstance);

    /// <summary>Seconds per second, of all records together, that one more instance saves.</summary>
    internal double Gain => arrivals * (MeanWait - MeanWaitWith(Count + 1, Next()));

    /// <summary>Seconds within which a share of the records is served.</summary>
    internal double WaitOf(double quantile) => Utilization >= 1 ? double.PositiveInfinity
        : Delayed > 1 - quantile ? variability * Math.Log(Delayed / (1 - quantile)) / Spare(Count)
        : 0;

    internal void Add()
    {
        _blocked = Next();
        Count++;
    }

    /// <summary>So many instances, or as many as there may be.</summary>
    internal void GrowTo(double count)
    {
        if (Math.Min(count, most) > Crowd)
        {
            (Count, _blocked) = ((int)Math.Min(count, most), 0);
        }

        while (Count < count && !IsFull)
        {
            Add();
        }
    }

    private double Next() => _load * _blocked / (Count + 1 + (_load * _blocked));

    private double MeanWaitWith(int count, double blocked) => arrivals == 0 ? 0
        : _load >= count ? double.PositiveInfinity
        : variability * DelayedWith(count, blocked) / Spare(count);

    private double DelayedWith(int count, double blocked) => _load >= count ? 1
        : isKeyed ? _load / count
        : blocked / (1 - (_load / count * (1 - blocked)));

    /// <summary>Records per second that whoever serves a queue could do beside what arrives there.</summary>
    private double Spare(int count) => isKeyed ? perInstance - (arrivals / count) : (count * perInstance) - arrivals;
}
