using System.Collections.Concurrent;
using System.Text.Json;

namespace Kta.Functional;

/// <summary>Nodes as keys inside of measurements and proposals: the short name where it says everything, the operator's notation otherwise.</summary>
internal static class NodeName
{
    private const int LongestKept = 200;
    private const int MostKept = 10_000;

    /// <summary>A history names the same few nodes thousands of times.</summary>
    private static readonly ConcurrentDictionary<string, TopologyNode> s_known = new();

    /// <summary>To count the entries would take every lock of the dictionary.</summary>
    private static int s_kept;

    internal static string Of(TopologyNode node)
    {
        var name = node.ToString();
        return Short(name) == node ? name : node.Key;
    }

    /// <summary>The node the reader stands on, or null for text that is none in this version.</summary>
    internal static TopologyNode? Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueSpan.Length > LongestKept)
        {
            return Parse(reader.GetString()!);
        }

        Span<char> text = stackalloc char[LongestKept];
        text = text[..reader.CopyString(text)];
        return s_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known) ? known : Remembered(text.ToString());
    }

    private static TopologyNode? Remembered(string name)
    {
        var node = Parse(name);
        if (node is not null && Volatile.Read(ref s_kept) < MostKept && s_known.TryAdd(name, node))
        {
            Interlocked.Increment(ref s_kept);
        }

        return node;
    }

    private static TopologyNode? Parse(string name) => name.StartsWith('{') ? NodeNotation.ParseKey(name).Node : Short(name);

    private static TopologyNode? Short(string name)
    {
        if (name.Length == 0 || name[0] == '{' || name.AsSpan().IndexOfAny('|', '=') >= 0)
        {
            return null;
        }

        var slash = name.IndexOf('/');
        return slash < 0 ? new FlinkStreamingGraphNode(name)
            : slash > 0 && slash < name.Length - 1 ? new ScaleTargetRef(name[..slash], name[(slash + 1)..])
            : null;
    }
}
