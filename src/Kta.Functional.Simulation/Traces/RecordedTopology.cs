namespace Kta.Functional.Simulation;

/// <summary>What arrived at the sources of one topology.</summary>
/// <remarks>
/// A measurement is a mean over the time before it: each rate holds from the measurement before to its own. The traces begin at the first
/// measurement, whose own rate holds for an instant only, and are as long as the recording.
/// </remarks>
public sealed class RecordedTopology
{
    private RecordedTopology(Topology topology, DateTimeOffset from, DateTimeOffset to, IReadOnlyDictionary<TopologyNode, Trace> traces)
    {
        Topology = topology;
        From = from;
        To = to;
        Traces = traces;
    }

    /// <summary>The nodes.</summary>
    public Topology Topology { get; }

    /// <summary>When it was measured first.</summary>
    public DateTimeOffset From { get; }

    /// <summary>When it was measured last.</summary>
    public DateTimeOffset To { get; }

    /// <summary>What arrived at each node that had an arrival rate at least once. Where it was missing, the next one holds, or the last one.</summary>
    public IReadOnlyDictionary<TopologyNode, Trace> Traces { get; }

    internal static RecordedTopology Of(Topology topology, SortedDictionary<long, Measurements> measured)
    {
        var (from, to) = (measured.Keys.First(), measured.Keys.Last());
        var traces = new Dictionary<TopologyNode, Trace>();
        foreach (var node in topology)
        {
            var rates = measured
                .Select(pair => (Second: (pair.Key - from) / 1000.0, Rate: pair.Value[node].ArrivalRate.LastValue))
                .Where(point => point.Rate is not null)
                .ToList();
            if (rates.Count > 0)
            {
                traces.Add(node, TraceOf(rates.ConvertAll(point => (point.Second, point.Rate!.Value)), TimeSpan.FromMilliseconds(to - from)));
            }
        }

        return new(topology, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(to), traces);
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
