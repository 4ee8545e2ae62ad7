using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>
/// Remembers the node keys of a request by their bytes: a history names the same few nodes thousands of times. The nodes of
/// the topology itself need no remembering.
/// </summary>
internal sealed class NodeKeyCache(Topology? topology)
{
    private const int MostCompared = 8;
    private const int MostKept = 10_000;
    private Dictionary<byte[], NodeReading>? _known;

    internal static NodeKeyCache None { get; } = new(null);

    internal NodeReading Read(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (IsOfTopology(text, out var node))
        {
            return new NodeReading(node, null, false);
        }

        _known ??= new Dictionary<byte[], NodeReading>(KeyBytes.Instance);
        var byText = _known.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (!byText.TryGetValue(text, out var reading))
        {
            reading = Parse(ref reader);
            if (_known.Count < MostKept)
            {
                byText[text] = reading;
            }
        }

        return reading;
    }

    /// <summary>Finds the node whose key, in quotes, stands at the beginning of a text, if it is known by now.</summary>
    /// <param name="text">The text.</param>
    /// <param name="next">The position in the topology to try first; the one behind it afterwards.</param>
    /// <param name="node">The node.</param>
    /// <param name="length">The length of the key with its quotes.</param>
    internal bool TryFind(ReadOnlySpan<byte> text, ref int next, [NotNullWhen(true)] out TopologyNode? node, out int length)
    {
        for (var tried = 0; topology is not null && tried < topology.Count && tried < MostCompared; tried++)
        {
            next = next < topology.Count ? next : 0;
            node = topology[next++];
            length = node.QuotedKey.Length;
            if (text.StartsWith(node.QuotedKey))
            {
                return true;
            }
        }

        // A quote behind a brace is not escaped, so it ends the key.
        length = text.IndexOf("}\""u8) + 2;
        node = length > 2 && text[0] == '"' && _known is not null
               && _known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(text[1..(length - 1)], out var reading)
            ? reading.Node
            : null;
        return node is not null;
    }

    private bool IsOfTopology(ReadOnlySpan<byte> text, [NotNullWhen(true)] out TopologyNode? node)
    {
        for (var i = 0; topology is not null && i < topology.Count && i < MostCompared; i++)
        {
            node = topology[i];
            if (text.SequenceEqual(node.QuotedKey[1..^1]))
            {
                return true;
            }
        }

        node = null;
        return false;
    }

    private static NodeReading Parse(ref Utf8JsonReader reader)
    {
        try
        {
            return NodeNotation.ParseKey(reader.GetString()!);
        }
        catch (InvalidOperationException)
        {
            return NodeReading.Failed("the text is not Unicode (half a surrogate pair)", malformed: true);
        }
    }

    private sealed class KeyBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        internal static readonly KeyBytes Instance = new();

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());
    }
}
