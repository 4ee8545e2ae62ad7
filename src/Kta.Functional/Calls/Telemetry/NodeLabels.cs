using System.Collections.Concurrent;

namespace Kta.Functional.Calls;

/// <summary>The nodes that have series of their own: so many, the first that come. All others share one, so that none is lost without a trace.</summary>
internal sealed class NodeLabels
{
    internal const int Most = 1000;

    /// <summary>As OpenTelemetry names what does not fit among the values of an attribute.</summary>
    internal const string Others = "_OTHER";

    private readonly ConcurrentDictionary<TopologyNode, string> _known = new();
    private readonly HashSet<string> _taken = [Others];
    private readonly Lock _gate = new();
    private int _count;

    internal string Of(TopologyNode node)
    {
        if (_known.TryGetValue(node, out var known))
        {
            return known;
        }

        if (Volatile.Read(ref _count) == Most)
        {
            return Others;
        }

        lock (_gate)
        {
            if (_count == Most || _known.ContainsKey(node))
            {
                return _known.GetValueOrDefault(node, Others);
            }

            _count++;
            return _known[node] = Free(SafeExcerpt.OfLine(node.ToString()!));
        }
    }

    /// <summary>Other nodes may read alike: vertices have any id, and long names are cut.</summary>
    private string Free(string text)
    {
        var label = text;
        for (var i = 2; !_taken.Add(label); i++)
        {
            label = FormattableString.Invariant($"{text} ({i})");
        }

        return label;
    }
}
