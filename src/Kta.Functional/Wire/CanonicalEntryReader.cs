using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Kta.Functional.Wire;

/// <summary>
/// Reads entries as the operator writes them, member by member without a space, at the speed of memory. What is spelled in
/// another way, or wrong, is left to <see cref="LenientEntryReader"/>.
/// </summary>
internal sealed class CanonicalEntryReader
{
    private const int MostMillis = 18;
    private const int MostParallelism = 9;
    private readonly JsonTemplates _monitor = new();
    private readonly JsonTemplates _analyze = new();
    private NodeKeyCache _keys = NodeKeyCache.None;
    private int _nextNode;

    /// <summary>Begins with a request.</summary>
    internal void Begin(NodeKeyCache keys) => _keys = keys;

    /// <summary>Forgets the request; the room stays for the next one.</summary>
    internal void End()
    {
        _keys = NodeKeyCache.None;
        _nextNode = 0;
        _monitor.Forget();
        _analyze.Forget();
    }

    /// <summary>The length of the entry at a position, or -1. Takes it apart if there is something to put the parts in.</summary>
    internal int Measure(ReadOnlySpan<byte> utf8, int position, EntryParts? parts = null)
    {
        var at = position;
        return TryPass(utf8, ref at, "{\"id\":"u8)
               && TryId(utf8, ref at, parts)
               && TryPass(utf8, ref at, ",\"udfStartTimestampMillis\":"u8)
               && TryMillis(utf8, ref at, out var start, parts is not null)
               && TryPass(utf8, ref at, ",\"udfEndTimestampMillis\":"u8)
               && TryMillis(utf8, ref at, out var end, parts is not null)
               && TryPass(utf8, ref at, ",\"monitorResult\":"u8)
               && TryResult(utf8, ref at, _monitor, out var monitor)
               && TryPass(utf8, ref at, ",\"analyzeResult\":"u8)
               && TryResult(utf8, ref at, _analyze, out var analyze)
               && TryPass(utf8, ref at, ",\"planResult\":"u8)
               && TryNodes(utf8, ref at, isPlan: true, parts?.Plan)
               && TryPass(utf8, ref at, ",\"parallelism\":"u8)
               && TryNodes(utf8, ref at, isPlan: false, parts?.Parallelism)
               && TryPass(utf8, ref at, "}"u8)
            ? Measured(at - position)
            : -1;

        int Measured(int length)
        {
            parts?.Take(length, start, end, monitor.Offset(-position), analyze.Offset(-position));
            return length;
        }
    }

    /// <summary>Inlined, a comparison with a short constant is one or two of the processor's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPass(ReadOnlySpan<byte> utf8, ref int at, ReadOnlySpan<byte> expected)
    {
        if (!utf8[at..].StartsWith(expected))
        {
            return false;
        }

        at += expected.Length;
        return true;
    }

    private static bool TryId(ReadOnlySpan<byte> utf8, ref int at, EntryParts? parts)
    {
        var length = JsonText.TextLength(utf8[at..]);
        if (length < 0)
        {
            return false;
        }

        parts?.Id = Encoding.ASCII.GetString(utf8.Slice(at + 1, length - 2));
        at += length;
        return true;
    }

    private static bool TryMillis(ReadOnlySpan<byte> utf8, ref int at, out long millis, bool isWanted)
    {
        millis = 0;
        var length = JsonText.DigitsLength(utf8[at..], MostMillis);
        if (length < 0 || (isWanted && !Utf8Parser.TryParse(utf8.Slice(at, length), out millis, out _)))
        {
            return false;
        }

        at += length;
        return true;
    }

    private static bool TryResult(ReadOnlySpan<byte> utf8, ref int at, JsonTemplates shapes, out Slice result)
    {
        var length = shapes.Measure(utf8, at);
        result = new Slice(at, length);
        at += length;
        return length >= 0;
    }

    /// <summary>An object from node to what was planned, or to the number that was applied.</summary>
    private bool TryNodes(ReadOnlySpan<byte> utf8, ref int at, bool isPlan, Dictionary<TopologyNode, int>? counts)
    {
        if (TryPass(utf8, ref at, "{}"u8))
        {
            return true;
        }

        if (!TryPass(utf8, ref at, "{"u8))
        {
            return false;
        }

        while (true)
        {
            if (!_keys.TryFind(utf8[at..], ref _nextNode, out var node, out var length))
            {
                return false;
            }

            at += length;
            if (!(isPlan ? TryPass(utf8, ref at, ":{\"parallelism\":"u8) : TryPass(utf8, ref at, ":"u8)))
            {
                return false;
            }

            var digits = JsonText.DigitsLength(utf8[at..], MostParallelism);
            if (digits < 0 || (counts is not null && !TryCount(utf8.Slice(at, digits), isPlan ? 1 : 0, node, counts)))
            {
                return false;
            }

            at += digits;
            if (isPlan && !TryPass(utf8, ref at, "}"u8))
            {
                return false;
            }

            if (!TryPass(utf8, ref at, ","u8))
            {
                return TryPass(utf8, ref at, "}"u8);
            }
        }
    }

    private static bool TryCount(ReadOnlySpan<byte> digits, int least, TopologyNode node, Dictionary<TopologyNode, int> counts)
    {
        if (!Utf8Parser.TryParse(digits, out int count, out _) || count < least)
        {
            return false;
        }

        return counts.TryAdd(node, count);
    }
}
