using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using static System.FormattableString;

namespace Kta.Functional;

/// <summary>
/// What the plan step answers: the parallelism each node of the topology shall have. It is the number itself, not a
/// metric; the operator only clamps it to the policy's minimum and maximum.
/// </summary>
/// <remarks>
/// <para>Immutable. Every parallelism is between 1 and 2,147,483,646; anything else is refused when the plan is made, because the
/// operator would scale a 0 to the minimum without a word, and 2,147,483,647 is what a cast makes of infinity. Scaling to zero
/// is not possible with KTA. <see cref="Parallelism.Of"/> makes a parallelism of a computed number.</para>
/// <para>A plan has to cover exactly the nodes of the topology. <see cref="ForEach"/> cannot get that wrong; for the other
/// forms it is checked when the step returns.</para>
/// <para>A plan can carry reasons, see <see cref="Because(TopologyNode, string)"/>. They never reach the operator, and two plans with
/// the same numbers are equal whatever their reasons.</para>
/// </remarks>
public sealed partial class Plan : IReadOnlyDictionary<TopologyNode, int>, IEquatable<Plan>
{
    private readonly Dictionary<TopologyNode, int> _byNode;

    private Plan(
        Dictionary<TopologyNode, int> byNode,
        int? single,
        ImmutableDictionary<TopologyNode, NodeReasons>? earlier = null,
        (TopologyNode? Node, NodeReasons Said) latest = default)
    {
        _byNode = byNode;
        SingleParallelism = single;
        (_earlier, _latest) = (earlier ?? NodeReasons.Nothing, latest);
    }

    /// <summary>The one number of a plan made with <see cref="Single"/>, otherwise null.</summary>
    public int? SingleParallelism { get; }

    /// <summary>The number of nodes the plan names; 0 for a plan made with <see cref="Single"/>.</summary>
    public int Count => _byNode.Count;

    /// <summary>The nodes the plan names.</summary>
    public IEnumerable<TopologyNode> Keys => _byNode.Keys;

    /// <summary>The parallelism per node, in the order of <see cref="Keys"/>.</summary>
    public IEnumerable<int> Values => _byNode.Values;

    internal Dictionary<TopologyNode, int> ByNode => _byNode;

    internal static Plan Empty { get; } = new([], null);

    /// <summary>The parallelism planned for a node.</summary>
    /// <param name="key">A node of the plan.</param>
    /// <exception cref="KeyNotFoundException">The plan does not name that node.</exception>
    public int this[TopologyNode key] =>
        TryGetValue(key, out var parallelism)
            ? parallelism
            : throw new KeyNotFoundException($"The plan does not name {key}; it names: {Names(_byNode.Keys)}.");

    /// <summary>A plan for a topology of one node.</summary>
    /// <param name="parallelism">At least 1.</param>
    /// <exception cref="UdfResultException">The parallelism is less than 1.</exception>
    public static Plan Single(int parallelism) => new([], Checked(null, parallelism));

    /// <summary>Asks a function for the parallelism of every node of the topology.</summary>
    /// <param name="topology">The nodes, usually <c>ctx.Topology</c>.</param>
    /// <param name="parallelismOf">Gives the parallelism of a node, at least 1.</param>
    /// <exception cref="UdfResultException">The function gave less than 1, or a number was not finite; the message names the node.</exception>
    /// <example><code>Plan.ForEach(ctx.Topology, node => Parallelism.Of(rate / 5_000).AtLeast(1))</code></example>
    public static Plan ForEach(Topology topology, Func<TopologyNode, int> parallelismOf)
    {
        ArgumentNullException.ThrowIfNull(topology);
        ArgumentNullException.ThrowIfNull(parallelismOf);
        var byNode = new Dictionary<TopologyNode, int>(topology.Count);
        for (var i = 0; i < topology.Count; i++)
        {
            byNode.Add(topology[i], Checked(topology[i], Asked(parallelismOf, topology[i])));
        }

        return new Plan(byNode, null);
    }

    /// <summary>Makes a plan of pairs of node and parallelism.</summary>
    /// <param name="parallelism">The parallelism per node; every node of the topology, each once, each at least 1.</param>
    /// <exception cref="UdfResultException">A node occurs twice or gets less than 1; the message names it.</exception>
    public static Plan Of(IEnumerable<KeyValuePair<TopologyNode, int>> parallelism)
    {
        ArgumentNullException.ThrowIfNull(parallelism);
        var byNode = new Dictionary<TopologyNode, int>();
        foreach (var (node, count) in parallelism)
        {
            if (node is null)
            {
                throw new UdfResultException("A plan names a node that is null. Take the nodes from ctx.Topology.");
            }

            if (!byNode.TryAdd(node, Checked(node, count)))
            {
                throw new UdfResultException($"A plan names {node} twice. Give each node one parallelism.");
            }
        }

        return new Plan(byNode, null);
    }

    /// <summary>Makes a plan of pairs of node and parallelism.</summary>
    /// <param name="parallelism">The parallelism per node; every node of the topology, each once, each at least 1.</param>
    /// <exception cref="UdfResultException">A node occurs twice or gets less than 1; the message names it.</exception>
    /// <example><code>Plan.Of((source, 2), (sink, 4))</code></example>
    public static Plan Of(params (TopologyNode Node, int Parallelism)[] parallelism)
    {
        ArgumentNullException.ThrowIfNull(parallelism);
        return Of(parallelism.Select(pair => KeyValuePair.Create(pair.Node, pair.Parallelism)));
    }

    /// <summary>Whether the plan names a node.</summary>
    /// <param name="key">The node to look for.</param>
    public bool ContainsKey(TopologyNode key) => _byNode.ContainsKey(key);

    /// <summary>Looks up the parallelism planned for a node.</summary>
    /// <param name="key">The node to look for.</param>
    /// <param name="value">Its parallelism, or 0.</param>
    public bool TryGetValue(TopologyNode key, [MaybeNullWhen(false)] out int value) =>
        _byNode.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<TopologyNode, int>> GetEnumerator() => _byNode.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Plan? other) =>
        other is not null
        && SingleParallelism == other.SingleParallelism
        && Count == other.Count
        && _byNode.All(pair => other._byNode.TryGetValue(pair.Key, out var count) && count == pair.Value);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Plan);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        _byNode.Aggregate(SingleParallelism ?? 0, (hash, pair) => hash ^ HashCode.Combine(pair.Key, pair.Value));

    /// <summary>The plan for logs: <c>Deployment/orders: 4, Deployment/payments: 2</c>.</summary>
    public override string ToString() =>
        SingleParallelism?.ToString(CultureInfo.InvariantCulture)
        ?? string.Join(", ", _byNode.Select(pair => Invariant($"{pair.Key}: {pair.Value}")));

    /// <summary>A plan of parallelisms that have been checked; the dictionary belongs to the plan from now on.</summary>
    internal static Plan Owning(Dictionary<TopologyNode, int> byNode) => byNode.Count == 0 ? Empty : new Plan(byNode, null);

    /// <summary>The plan with one entry for each node of the topology, or the error that says which node is wrong.</summary>
    internal Plan For(Topology topology)
    {
        if (SingleParallelism is { } single)
        {
            return topology.Count == 1
                ? new Plan(new Dictionary<TopologyNode, int>(1) { [topology[0]] = single }, null, Reasons)
                : throw new UdfResultException(
                    $"plan answered one parallelism ({single}) for a topology of {topology.Count} nodes: {topology}. " +
                    "Use Plan.ForEach(ctx.Topology, node => …) or Plan.Of with an entry for every node.");
        }

        return Fits(topology) ? this : throw Misfit(topology);
    }

    private bool Fits(Topology topology)
    {
        var fits = _byNode.Count == topology.Count;
        for (var i = 0; fits && i < topology.Count; i++)
        {
            fits = _byNode.ContainsKey(topology[i]);
        }

        return fits;
    }

    private UdfResultException Misfit(Topology topology)
    {
        var missing = topology.Where(node => !_byNode.ContainsKey(node)).ToArray();
        var foreign = _byNode.Count + missing.Length == topology.Count
            ? []
            : _byNode.Keys.Where(node => !topology.Contains(node)).ToArray();
        return new UdfResultException(
            "plan does not fit the topology."
            + (missing.Length > 0 ? $" Missing: {Names(missing)}." : "")
            + (foreign.Length > 0 ? $" Not in the topology: {Names(foreign)}." : "")
            + $" Expected exactly one entry for each of: {topology}. Plan.ForEach(ctx.Topology, node => …) gives that.");
    }

    private static int Asked(Func<TopologyNode, int> parallelismOf, TopologyNode node)
    {
        try
        {
            return parallelismOf(node);
        }
        catch (UdfResultException error)
        {
            throw new UdfResultException($"{node}: {error.Message}", error);
        }
    }

    private static int Checked(TopologyNode? node, int parallelism) =>
        parallelism is >= 1 and < int.MaxValue
            ? parallelism
            : throw new UdfResultException(
                Invariant($"A plan asks for parallelism {parallelism}{(node is null ? "" : $" of {node}")}. ") +
                (parallelism == int.MaxValue
                    ? "A cast makes that of a double that is infinite or too large: look for a division by zero. " +
                      "Parallelism.Of(number) in place of the cast refuses such numbers."
                    : "It has to be at least 1: KTA cannot scale to zero, and the operator would turn this into the policy's minimum. " +
                      "Parallelism.Of(number).AtLeast(1) raises the number for a rate of 0, and refuses NaN, of which a cast makes 0."));

    private static string Names(IEnumerable<TopologyNode> nodes)
    {
        var text = string.Join(", ", nodes);
        return text.Length == 0 ? "nothing" : text;
    }
}
