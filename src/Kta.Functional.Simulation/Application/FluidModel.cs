namespace Kta.Functional.Simulation;

/// <summary>A description as the steps need it: operators by their place, their consumers one after the other in one array.</summary>
internal sealed class FluidModel
{
    private readonly Dictionary<TopologyNode, int> _places = [];

    internal FluidModel(Application application)
    {
        Application = application;
        Topology = application.Topology;
        Edges = [.. application.AllEdges];
        for (var i = 0; i < Topology.Count; i++)
        {
            _places.Add(Topology[i], i);
        }

        Selectivity = [.. application.Operators.Select(one => one.Selectivity)];
        RoomPerRecord = [.. Selectivity.Select(one => 1 / one)];
        var consumers = Edges.ToLookup(edge => _places[edge.From], edge => _places[edge.To]);
        // What gives out nothing is never blocked.
        Consumers = [.. Topology.SelectMany((_, i) => Selectivity[i] > 0 ? consumers[i] : [])];
        FirstConsumer = new int[Topology.Count + 1];
        for (var i = 0; i < Topology.Count; i++)
        {
            FirstConsumer[i + 1] = FirstConsumer[i] + (Selectivity[i] > 0 ? consumers[i].Count() : 0);
        }

        Sources = [.. Enumerable.Range(0, Topology.Count).Where(i => application.Sources.ContainsKey(Topology[i]))];
        Traces = [.. Sources.Select(i => application.Sources[Topology[i]].Seeded(new RandomNumbers(application.Seed).Derived((ulong)i)))];
        InSourceRecords = PerSourceRecord();
        CheckpointSeconds = application.Checkpoints is { } checkpoints ? Seconds.Of(checkpoints.Interval) : long.MaxValue;
        Noise = new RandomNumbers(new RandomNumbers(application.Seed).Derived(ulong.MaxValue));
    }

    internal Application Application { get; }

    internal Topology Topology { get; }

    internal TopologyEdge[] Edges { get; }

    internal int Count => Topology.Count;

    internal double[] Selectivity { get; }

    internal double[] RoomPerRecord { get; }

    /// <summary>The consumers of operator i stand from FirstConsumer[i] to before FirstConsumer[i + 1].</summary>
    internal int[] Consumers { get; }

    internal int[] FirstConsumer { get; }

    internal int[] Sources { get; }

    internal Trace[] Traces { get; }

    /// <summary>What a record in a buffer is worth at the sources; 0 for the sources themselves.</summary>
    internal double[] InSourceRecords { get; }

    /// <summary>What measurements are multiplied with.</summary>
    internal RandomNumbers Noise { get; }

    /// <summary>From one checkpoint to the next; without checkpoints there is none.</summary>
    internal long CheckpointSeconds { get; }

    internal bool IsOutage(long second) =>
        Application.Outages.Any(outage => second >= Seconds.Of(outage.At) && second < Seconds.Of(outage.At + outage.Length));

    internal Trace TraceOf(TopologyNode source) => Traces[Array.IndexOf(Sources, _places[source])];

    internal int PlaceOf(TopologyNode node) => _places.GetValueOrDefault(node, -1);

    /// <summary>Rates of the sources to rates of all operators, or totals to totals.</summary>
    internal void Propagate(Span<double> taken)
    {
        for (var i = 0; i < Count; i++)
        {
            for (var k = FirstConsumer[i]; k < FirstConsumer[i + 1]; k++)
            {
                taken[Consumers[k]] += taken[i] * Selectivity[i];
            }
        }
    }

    private double[] PerSourceRecord()
    {
        var (records, reached) = (new double[Count], new int[Count]);
        foreach (var source in Sources)
        {
            var one = new double[Count];
            one[source] = 1;
            Propagate(one);
            for (var i = 0; i < Count; i++)
            {
                records[i] += one[i];
                reached[i] += one[i] > 0 ? 1 : 0;
            }
        }

        return [.. records.Select((made, i) => made > 0 && !Sources.Contains(i) ? reached[i] / made : 0)];
    }
}
