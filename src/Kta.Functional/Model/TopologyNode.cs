using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Kta.Functional;

/// <summary>
/// One scalable operator of a topology: the thing a plan gives a parallelism to.
/// </summary>
/// <remarks>
/// <para>Nodes are immutable and compare by value, so they can be dictionary keys. They may also stand inside your own
/// results, as values and as keys of dictionaries; they are then written the way the KTA operator writes them.</para>
/// <para>There are exactly two kinds: <see cref="FlinkStreamingGraphNode"/> and <see cref="ScaleTargetRef"/>.</para>
/// </remarks>
[JsonConverter(typeof(TopologyNodeJsonConverter))]
[SuppressMessage("Design", "CA1036", Justification = "The order serves sorted collections; 'less' means nothing to a user.")]
public abstract record TopologyNode : IComparable<TopologyNode>, IComparable
{
    private readonly int _hash;
    private byte[]? _quotedKey;
    private string? _shortKey;

    private protected TopologyNode(string type, string fields)
    {
        Type = type;
        Fields = fields;
        Key = NodeNotation.KeyOf(type, fields);
        _hash = Key.GetHashCode(StringComparison.Ordinal);
    }

    /// <summary>The kind of node as the operator names it: <c>flinkStreamingGraphNode</c> or <c>scaleTargetRef</c>.</summary>
    public string Type { get; }

    /// <summary>The properties of the node in the operator's notation, for example <c>kind=Deployment|name=orders</c>.</summary>
    public string Fields { get; }

    /// <summary>
    /// The node as a JSON object key: the compact JSON text of the node itself, for example
    /// <c>{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}</c>.
    /// </summary>
    public string Key { get; }

    /// <summary><see cref="Key"/> as a JSON string in UTF-8, escaped and with its quotes: as requests and replies carry it.</summary>
    internal ReadOnlySpan<byte> QuotedKey => _quotedKey ??= NodeNotation.Quoted(Key);

    /// <summary>The node as a key inside of measurements and proposals.</summary>
    internal string ShortKey => _shortKey ??= NodeName.Of(this);

    /// <summary>A vertex of a Flink job graph. See <see cref="FlinkStreamingGraphNode"/>.</summary>
    /// <param name="id">The vertex id, usually 32 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">The id is empty or holds a character the operator's notation cannot carry.</exception>
    public static FlinkStreamingGraphNode Flink(string id) => new(id);

    /// <summary>A Kubernetes Deployment, the only kind of scale target the operator supports today.</summary>
    /// <param name="name">The name of the Deployment.</param>
    /// <exception cref="ArgumentException">The name is empty or holds a character the operator's notation cannot carry.</exception>
    public static ScaleTargetRef Deployment(string name) => new("Deployment", name);

    /// <summary>Reads a node from the text of a JSON object key, the inverse of <see cref="Key"/>.</summary>
    /// <param name="key">JSON text of a node. White space and the order of members and fields are free.</param>
    /// <exception cref="FormatException">The text is not a complete topology node; the message says why.</exception>
    public static TopologyNode Parse(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return NodeNotation.ParseKey(key) is { Node: { } node } read
            ? node
            : throw new FormatException(
                $"'{SafeExcerpt.Of(key)}' is not a topology node: {NodeNotation.ParseKey(key).Problem}. " +
                $"Expected JSON text such as {NodeNotation.Example}.");
    }

    /// <summary>Orders nodes by <see cref="Key"/>, ordinal: for sorted collections and F# maps. It is not the order of a topology.</summary>
    /// <param name="other">The node to compare with.</param>
    public int CompareTo(TopologyNode? other) => string.CompareOrdinal(Key, other?.Key);

    int IComparable.CompareTo(object? obj) =>
        obj is null or TopologyNode
            ? CompareTo(obj as TopologyNode)
            : throw new ArgumentException($"A topology node cannot be compared with a {TypeText.Of(obj.GetType())}.", nameof(obj));

    /// <inheritdoc/>
    public virtual bool Equals(TopologyNode? other) => other is not null && Key == other.Key;

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}

/// <summary>A vertex of a Flink streaming graph, scaled through Flink's REST interface.</summary>
[JsonConverter(typeof(TopologyNodeJsonConverter))]
public sealed record FlinkStreamingGraphNode : TopologyNode
{
    /// <summary>Names a vertex by its id.</summary>
    /// <param name="id">The vertex id, usually 32 hexadecimal digits.</param>
    /// <exception cref="ArgumentException">The id is empty or holds a character the operator's notation cannot carry.</exception>
    public FlinkStreamingGraphNode(string id)
        : base(NodeType.Flink, $"id={NodeNotation.CheckedValue(id, nameof(id))}") => Id = id;

    /// <summary>The id of the vertex.</summary>
    public string Id { get; }

    /// <summary>A short name for logs and tables: the id.</summary>
    public override string ToString() => Id;
}

/// <summary>A Kubernetes object with replicas.</summary>
[JsonConverter(typeof(TopologyNodeJsonConverter))]
public sealed record ScaleTargetRef : TopologyNode
{
    /// <summary>Names an object by kind and name.</summary>
    /// <param name="kind">The kind; the operator supports <c>Deployment</c>.</param>
    /// <param name="name">The name of the object.</param>
    /// <exception cref="ArgumentException">A part is empty or holds a character the operator's notation cannot carry.</exception>
    public ScaleTargetRef(string kind, string name)
        : base(
            NodeType.ScaleTarget,
            $"kind={NodeNotation.CheckedValue(kind, nameof(kind))}|name={NodeNotation.CheckedValue(name, nameof(name))}")
    {
        Kind = kind;
        Name = name;
    }

    /// <summary>The kind of the object, for example <c>Deployment</c>.</summary>
    public string Kind { get; }

    /// <summary>The name of the object.</summary>
    public string Name { get; }

    /// <summary>A short name for logs and tables, for example <c>Deployment/orders</c>.</summary>
    public override string ToString() => $"{Kind}/{Name}";
}
