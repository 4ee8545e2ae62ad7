namespace Kta.Functional.Algorithms;

/// <summary>Who feeds whom, by positions.</summary>
internal sealed class Graph
{
    private int[][]? _sources;

    private Graph(int[][] upstream, int[] order)
    {
        Upstream = upstream;
        Order = order;
    }

    /// <summary>For each position those that feed it.</summary>
    internal int[][] Upstream { get; }

    /// <summary>The positions, upstream before downstream.</summary>
    internal int[] Order { get; }

    internal int Count => Order.Length;

    internal bool IsSource(int position) => Upstream[position].Length == 0;

    /// <summary>The positions from which a position is fed in the end; itself if it is a source.</summary>
    internal int[] Sources(int position) =>
        (_sources ??= Downstream<int[]>((i, upstream) => IsSource(i) ? [i] : [.. upstream.SelectMany(from => from).Distinct()]))[position];

    /// <summary>Something of every position that depends on the same of those that feed it, each worked out once.</summary>
    internal T[] Downstream<T>(Func<int, IEnumerable<T>, T> of)
    {
        var all = new T[Count];
        foreach (var i in Order)
        {
            all[i] = of(i, Upstream[i].Select(from => all[from]));
        }

        return all;
    }

    /// <summary>The graph of the topology's nodes, by their places in it.</summary>
    /// <exception cref="UdfResultException">The edges go in a circle.</exception>
    internal static Graph Of(Topology topology, Measurements measurements)
    {
        if (measurements.Edges is null)
        {
            return Chain(topology.Count);
        }

        var edges = measurements.EdgesOf(topology);
        var places = new Dictionary<TopologyNode, int>(topology.Count);
        for (var i = 0; i < topology.Count; i++)
        {
            places.Add(topology[i], i);
        }

        return Of(topology.Count, edges.Select(edge => (places[edge.From], places[edge.To])))
            ?? throw new UdfResultException(
                $"The edges of the measurements go in a circle: {string.Join(", ", edges)}. " +
                "Data has to flow one way; leave the edge out that leads back.");
    }

    /// <summary>The graph of some edges, or null if they go in a circle.</summary>
    internal static Graph? Of(int count, IEnumerable<(int From, int To)> edges)
    {
        var upstream = new List<int>[count];
        for (var i = 0; i < count; i++)
        {
            upstream[i] = [];
        }

        foreach (var (from, to) in edges)
        {
            upstream[to].Add(from);
        }

        var lists = Array.ConvertAll(upstream, list => list.ToArray());
        return Sorted(lists) is { } order ? new Graph(lists, order) : null;
    }

    /// <summary>The same with one more in front of each source, behind the others: position i of the sources is position Count + i.</summary>
    internal Graph WithVirtualSources()
    {
        var upstream = new List<int[]>(Upstream);
        var order = new List<int>();
        for (var i = 0; i < Count; i++)
        {
            if (IsSource(i))
            {
                order.Add(upstream.Count);
                upstream[i] = [upstream.Count];
                upstream.Add([]);
            }
        }

        order.AddRange(Order);
        return new Graph([.. upstream], [.. order]);
    }

    private static Graph Chain(int count)
    {
        var (upstream, order) = (new int[count][], new int[count]);
        for (var i = 0; i < count; i++)
        {
            upstream[i] = i == 0 ? [] : [i - 1];
            order[i] = i;
        }

        return new Graph(upstream, order);
    }

    private static int[]? Sorted(int[][] upstream)
    {
        var order = new List<int>(upstream.Length);
        var done = new bool[upstream.Length];
        while (order.Count < upstream.Length)
        {
            var before = order.Count;
            for (var i = 0; i < upstream.Length; i++)
            {
                if (!done[i] && Array.TrueForAll(upstream[i], from => done[from]))
                {
                    order.Add(i);
                }
            }

            for (var i = before; i < order.Count; i++)
            {
                done[order[i]] = true;
            }

            if (order.Count == before)
            {
                return null;
            }
        }

        return [.. order];
    }
}
