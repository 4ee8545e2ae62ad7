using System.Text.Json.Serialization;

namespace Kta.Functional;

/// <summary>
/// What a monitor measured: the numbers of the nodes, where they came from and how old they are, and how the nodes are
/// connected. One record feeds every rule of <c>Kta.Functional.Algorithms</c>.
/// </summary>
/// <remarks>
/// <para>Immutable; compares by value. It is a result type of its own: the default codec writes and reads it without
/// reflection, so it works in native programs, and a node with all numbers takes about 300 bytes. Members that a later version
/// adds are ignored.</para>
/// <para>A node that is not named has no numbers; asking for it is no error. See <see cref="NodeMeasurements"/> for what
/// happens to numbers that cannot be right.</para>
/// </remarks>
/// <example>
/// <code>
/// Measurements.ForEach(ctx.Topology, node => new NodeMeasurements { RecordsIn = 12_000, Busy = 0.8, Parallelism = 4 })
///     .From("flink", age: TimeSpan.FromSeconds(5))
/// </code>
/// </example>
[JsonConverter(typeof(MeasurementsJsonConverter))]
public sealed class Measurements : IEquatable<Measurements>
{
    private readonly Dictionary<TopologyNode, NodeMeasurements> _nodes;
    private readonly TopologyEdge[]? _edges;

    internal Measurements(Dictionary<TopologyNode, NodeMeasurements> nodes, TopologyEdge[]? edges)
    {
        _nodes = nodes;
        _edges = edges;
    }

    /// <summary>Nothing measured at all.</summary>
    public static Measurements Nothing { get; } = new([], null);

    /// <summary>The nodes that something is known about, and what. Ask <see cref="this"/> for a node that may be missing.</summary>
    public IReadOnlyDictionary<TopologyNode, NodeMeasurements> Nodes => _nodes;

    /// <summary>How the nodes are connected; null if the monitor did not say: then they are a chain in the order of the topology.</summary>
    public IReadOnlyList<TopologyEdge>? Edges => _edges;

    /// <summary>The numbers of a node; all absent if nobody measured it.</summary>
    /// <param name="node">Any node.</param>
    public NodeMeasurements this[TopologyNode node] => _nodes.GetValueOrDefault(node, NodeMeasurements.Nothing);

    /// <summary>Asks a function for the numbers of every node of the topology.</summary>
    /// <param name="topology">The nodes, usually <c>ctx.Topology</c>.</param>
    /// <param name="numbersOf">Gives the numbers of a node, <see cref="NodeMeasurements.Nothing"/> if there are none.</param>
    public static Measurements ForEach(Topology topology, Func<TopologyNode, NodeMeasurements> numbersOf)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(numbersOf);
        return Of(topology.Select(node => KeyValuePair.Create(node, numbersOf(node))));
    }

    /// <summary>Takes pairs of node and numbers.</summary>
    /// <param name="nodes">Each node once.</param>
    /// <exception cref="ArgumentException">A node occurs twice, or something is null.</exception>
    public static Measurements Of(IEnumerable<KeyValuePair<TopologyNode, NodeMeasurements>> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        var byNode = new Dictionary<TopologyNode, NodeMeasurements>();
        foreach (var (node, numbers) in nodes)
        {
            if (node is null || numbers is null)
            {
                throw new ArgumentException(
                    node is null ? "A measured node is null." : $"The numbers of {node} are null. Use NodeMeasurements.Nothing if there are none.",
                    nameof(nodes));
            }

            if (!byNode.TryAdd(node, numbers))
            {
                throw new ArgumentException($"{node} is measured twice. Combine two sources with And.", nameof(nodes));
            }
        }

        return new(byNode, null);
    }

    /// <summary>Takes pairs of node and numbers.</summary>
    /// <param name="nodes">Each node once.</param>
    /// <exception cref="ArgumentException">A node occurs twice, or something is null.</exception>
    /// <example><code>Measurements.Of((source, new NodeMeasurements { ArrivalRate = 900, Lag = 0 }), (sink, new() { Busy = 0.4 }))</code></example>
    public static Measurements Of(params (TopologyNode Node, NodeMeasurements Numbers)[] nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        return Of(nodes.Select(pair => KeyValuePair.Create(pair.Node, pair.Numbers)));
    }

    /// <summary>The same, with a source for the numbers that have none yet.</summary>
    /// <param name="source">Its name for reasons and logs, for example <c>flink</c>.</param>
    /// <param name="age">How old the numbers are; null: not known, and then they are never stale.</param>
    /// <param name="staleAfter">From which age on they are too old to decide on; null: <see cref="MeasurementSource.DefaultStaleAfter"/>.</param>
    /// <exception cref="ArgumentException">The name is empty, or the limit is negative.</exception>
    public Measurements From(string source, TimeSpan? age = null, TimeSpan? staleAfter = null) =>
        From(new MeasurementSource(source, age, staleAfter));

    /// <inheritdoc cref="From(string, TimeSpan?, TimeSpan?)"/>
    /// <param name="source">Where the numbers come from.</param>
    public Measurements From(MeasurementSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new(_nodes.ToDictionary(pair => pair.Key, pair => pair.Value.From(source)), _edges);
    }

    /// <summary>
    /// The numbers of both. Where both know one, a current one is better than a stale one; of two that are as good, the other's
    /// counts. The edges are the other's if it has some.
    /// </summary>
    /// <param name="other">Numbers of another source.</param>
    /// <example><code>flink.And(kafka.From("kafka"))</code></example>
    public Measurements And(Measurements other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var nodes = new Dictionary<TopologyNode, NodeMeasurements>(_nodes);
        foreach (var (node, numbers) in other._nodes)
        {
            nodes[node] = this[node].And(numbers);
        }

        return new(nodes, other._edges ?? _edges);
    }

    /// <summary>The same with other numbers for a node.</summary>
    /// <param name="node">The node.</param>
    /// <param name="numbers">All its numbers.</param>
    public Measurements With(TopologyNode node, NodeMeasurements numbers)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(numbers);
        return new(new Dictionary<TopologyNode, NodeMeasurements>(_nodes) { [node] = numbers }, _edges);
    }

    /// <summary>The same with these connections. KTA's topology is a sorted list without edges, so a monitor that knows them says so here.</summary>
    /// <param name="edges">Who feeds whom; nothing at all for nodes that are not connected.</param>
    public Measurements WithEdges(params TopologyEdge[] edges)
    {
        ArgumentNullException.ThrowIfNull(edges);
        return new(_nodes, [.. edges]);
    }

    /// <summary>The connections between the nodes of a topology: those the monitor gave, otherwise a chain in the topology's order.</summary>
    /// <param name="topology">The nodes, usually <c>ctx.Topology</c>; edges to other nodes are left out.</param>
    public IReadOnlyList<TopologyEdge> EdgesOf(Topology topology)
    {
        ArgumentNullException.ThrowIfNull(topology);
        return _edges is null
            ? [.. Enumerable.Range(1, topology.Count - 1).Select(i => new TopologyEdge(topology[i - 1], topology[i]))]
            : [.. _edges.Where(edge => topology.Contains(edge.From) && topology.Contains(edge.To))];
    }

    /// <inheritdoc/>
    public bool Equals(Measurements? other) =>
        other is not null
        && _nodes.Count == other._nodes.Count
        && (_edges is null) == (other._edges is null)
        && _nodes.All(pair => other._nodes.TryGetValue(pair.Key, out var numbers) && numbers.Equals(pair.Value))
        && (_edges is null || _edges.AsSpan().SequenceEqual(other._edges));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Measurements);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _nodes.Aggregate(_edges?.Length ?? -1, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value));

    /// <summary>The numbers that are there, for logs.</summary>
    public override string ToString() => string.Join("; ", _nodes.Select(pair => $"{pair.Key}: {pair.Value}"));
}
