using System.Collections;
using System.Runtime.CompilerServices;

namespace Kta.Functional;

/// <summary>
/// The nodes one policy scales, in the policy's order: upstream before downstream, at least one, no node twice.
/// </summary>
/// <remarks>Immutable; compares by value, order included.</remarks>
/// <example><code>Topology topology = [TopologyNode.Deployment("orders"), TopologyNode.Deployment("payments")];</code></example>
[CollectionBuilder(typeof(Topology), nameof(Create))]
public sealed class Topology : IReadOnlyList<TopologyNode>, IEquatable<Topology>
{
    private readonly TopologyNode[] _nodes;

    /// <summary>Makes a topology of the given nodes.</summary>
    /// <param name="nodes">At least one node, topologically sorted.</param>
    /// <exception cref="ArgumentException">There is no node, a null, or a node that occurs twice.</exception>
    public Topology(IEnumerable<TopologyNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _nodes = [.. nodes];
        if (_nodes.Length == 0)
        {
            throw new ArgumentException("A topology has at least one node, none was given.", nameof(nodes));
        }

        var seen = new HashSet<TopologyNode>(_nodes.Length);
        for (var i = 0; i < _nodes.Length; i++)
        {
            if (_nodes[i] is null)
            {
                throw new ArgumentException($"Node {i} of the topology is null.", nameof(nodes));
            }

            if (!seen.Add(_nodes[i]))
            {
                throw new ArgumentException($"Node {i} of the topology, {_nodes[i]}, occurs twice.", nameof(nodes));
            }
        }
    }

    internal Topology(TopologyNode[] nodes, bool _) => _nodes = nodes;

    /// <summary>The number of nodes, at least 1.</summary>
    public int Count => _nodes.Length;

    /// <summary>The node at a position of the policy, starting at 0.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such position.</exception>
    public TopologyNode this[int index] =>
        (uint)index < (uint)_nodes.Length
            ? _nodes[index]
            : throw new ArgumentOutOfRangeException(
                nameof(index), index, $"The topology has {_nodes.Length} node(s), positions start at 0.");

    /// <summary>Makes a topology of the given nodes; the same as the constructor, shorter to write.</summary>
    /// <param name="nodes">At least one node, topologically sorted.</param>
    /// <exception cref="ArgumentException">There is no node, a null, or a node that occurs twice.</exception>
    public static Topology Of(params TopologyNode[] nodes) => new(nodes);

    /// <summary>Lets a collection expression make a topology.</summary>
    /// <param name="nodes">At least one node, topologically sorted.</param>
    public static Topology Create(ReadOnlySpan<TopologyNode> nodes) => new(nodes.ToArray());

    /// <summary>Whether a node is part of this topology.</summary>
    /// <param name="node">The node to look for.</param>
    public bool Contains(TopologyNode node) => Array.IndexOf(_nodes, node) >= 0;

    /// <inheritdoc/>
    public IEnumerator<TopologyNode> GetEnumerator() => ((IEnumerable<TopologyNode>)_nodes).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Topology? other) => other is not null && _nodes.AsSpan().SequenceEqual(other._nodes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Topology);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var node in _nodes)
        {
            hash.Add(node);
        }

        return hash.ToHashCode();
    }

    /// <summary>The nodes in order, for logs: <c>Deployment/orders, Deployment/payments</c>.</summary>
    public override string ToString() => string.Join(", ", (object[])_nodes);
}
