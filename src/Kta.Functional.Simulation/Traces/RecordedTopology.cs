namespace Kta.Functional.Simulation;

/// <summary>What arrived at the sources of one topology.</summary>
/// <remarks>
/// A measurement is a mean over the time before it: each rate holds from the measurement before to its own. The traces begin at the first
/// measurement, whose own rate holds for an instant only, and are as long as the recording.
/// </remarks>
public sealed class RecordedTopology
{
    private RecordedTopology(Topology topology, DateTimeOffset from, DateTimeOffset to, IReadOnlyDictionary<TopologyNode, Trace> traces, SortedDictionary<long, RecordedMoment> moments)
    {
        Topology = topology;
        From = from;
        To = to;
        Traces = traces;
        Moments = moments;
    }

    /// <summary>The nodes.</summary>
    public Topology Topology { get; }

    /// <summary>When it was measured first.</summary>
    public DateTimeOffset From { get; }

    /// <summary>When it was measured last.</summary>
    public DateTimeOffset To { get; }

    /// <summary>What arrived at each node that had an arrival rate at least once. Where it was missing, the next one holds, or the last one.</summary>
    public IReadOnlyDictionary<TopologyNode, Trace> Traces { get; }

    /// <summary>How often it was measured.</summary>
    public int Measurements => Moments.Count;

    /// <summary>What was measured and planned, by milliseconds.</summary>
    internal SortedDictionary<long, RecordedMoment> Moments { get; }

    internal static RecordedTopology Of(Topology topology, SortedDictionary<long, RecordedMoment> measured)
    {
        var (from, to) = (measured.Keys.First(), measured.Keys.Last());
        var traces = new Dictionary<TopologyNode, Trace>();
        foreach (var node in topology)
        {
            var rates = measured
                .Select(pair => (Second: (pair.Key - from) / 1000.0, Rate: pair.Value.Measured[node].ArrivalRate.LastValue))
                .Where(point => point.Rate is not null)
                .ToList();
            if (rates.Count > 0)
            {
                traces.Add(node, TraceOf(rates.ConvertAll(point => (point.Second, point.Rate!.Value)), TimeSpan.FromMilliseconds(to - from)));
            }
        }

        return new(topology, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to), traces, measured);
    }

    /// <summary>Each rate from the end of the one before: what was measured at the very start says nothing about the time after it.</summary>
    private static PointTrace TraceOf(List<(double Second, double Rate)> rates, TimeSpan length)
    {
        var points = new List<(double Second, double Rate)>();
        var since = 0.0;
        foreach (var (second, rate) in rates)
        {
            if (second > since)
            {
                points.Add((since, rate));
                since = second;
            }
        }

        return new("recorded", points.Count > 0 ? points : [(0, rates[0].Rate)], length);
    }
}

/// <summary>An iteration of a recording.</summary>
/// <param name="Measured">What plan was told.</param>
/// <param name="Plan">What it answered, before the limits; null if that cannot be read.</param>
internal sealed record RecordedMoment(Measurements Measured, IReadOnlyDictionary<TopologyNode, int>? Plan);
