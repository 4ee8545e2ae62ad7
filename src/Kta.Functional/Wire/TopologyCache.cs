using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional.Wire;

/// <summary>
/// Topologies that have been read before, by their bytes. A policy sends the same one with every call, for months; what
/// comes of the same bytes is the same, so this saves work and remembers nothing that matters.
/// </summary>
internal sealed class TopologyCache
{
    private const int Places = 64;
    private const int LongestKept = 4096;
    private readonly Known?[] _known = new Known?[Places];

    internal bool TryFind(ReadOnlySpan<byte> json, [NotNullWhen(true)] out Topology? topology)
    {
        topology = json.Length <= LongestKept && _known[PlaceOf(json)] is { } known && json.SequenceEqual(known.Json)
            ? known.Topology
            : null;
        return topology is not null;
    }

    /// <summary>A place holds one topology; the last one stays.</summary>
    internal void Keep(ReadOnlySpan<byte> json, Topology topology)
    {
        if (json.Length <= LongestKept)
        {
            _known[PlaceOf(json)] = new Known(json.ToArray(), topology);
        }
    }

    private static int PlaceOf(ReadOnlySpan<byte> json)
    {
        var hash = new HashCode();
        hash.AddBytes(json);
        return (int)((uint)hash.ToHashCode() % Places);
    }

    private sealed record Known(byte[] Json, Topology Topology);
}
