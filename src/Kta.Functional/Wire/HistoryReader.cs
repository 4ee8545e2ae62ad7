using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Wire;

/// <summary>Checks a history of which nothing is remembered but where it stands.</summary>
internal ref struct HistoryReader
{
    /// <summary>A policy makes one or two shapes of entries; a shared history a few more.</summary>
    private const int MostPatterns = 4;
    private const int MostPieces = 1024;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonReaderState _insideList;
    private Patterns? _patterns;
    private int _position;

    private HistoryReader(ReadOnlySpan<byte> utf8, int position, JsonReaderState insideList)
    {
        _utf8 = utf8;
        _position = position;
        _insideList = insideList;
    }

    /// <summary>
    /// Moves from the start of the list to its end, entry by entry. False: something is not as it should be, and a careful
    /// reading has to say what.
    /// </summary>
    /// <param name="reader">Stands on the start of the list; afterwards it has it behind itself, seen as empty.</param>
    /// <param name="utf8">The whole request.</param>
    /// <param name="topology">The topology of the request, if it is known by now.</param>
    /// <param name="origin">Where the reader's own text begins in the request.</param>
    /// <param name="list">What is between the brackets.</param>
    internal static bool TryPass(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Topology? topology, ref int origin, out Slice list)
    {
        var start = origin + (int)reader.BytesConsumed;
        list = new Slice(start, 0);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var history = new HistoryReader(utf8, start, reader.CurrentState);
        try
        {
            if (!history.TryPass(topology))
            {
                return false;
            }
        }
        finally
        {
            history._patterns?.GiveBack();
        }

        list = new Slice(start, history._position - start);
        origin = history._position;
        reader = new Utf8JsonReader(utf8[origin..], isFinalBlock: true, history._insideList);
        return reader.Read();
    }

    private bool TryPass(Topology? topology)
    {
        _position += JsonText.SpaceLength(_utf8[_position..]);
        if (_utf8[_position..] is [(byte)']', ..])
        {
            return true;
        }

        NodeKeys? keys = null;
        for (var index = 0; ; index++)
        {
            var length = _patterns?.Match(_utf8, _position) ?? -1;
            if (length < 0 && !TryCheck(index, keys ??= new NodeKeys(topology), out length))
            {
                return false;
            }

            _position += length;
            _position += JsonText.SpaceLength(_utf8[_position..]);
            switch (_utf8[_position..])
            {
                case [(byte)']', ..]:
                    return true;
                case [(byte)',', ..]:
                    _position++;
                    _position += JsonText.SpaceLength(_utf8[_position..]);
                    break;
                default:
                    return false;
            }
        }
    }

    private bool TryCheck(int index, NodeKeys keys, out int length)
    {
        var problems = new Problems();
        var rest = _utf8[_position..];
        var reader = new Utf8JsonReader(rest, isFinalBlock: true, _insideList);
        reader.Read();
        EntryReader.Check(ref reader, new EntryPath(index), keys, problems);
        length = (int)reader.BytesConsumed;
        if (problems.Any || !Utf8.IsValid(rest[..length]))
        {
            return false;
        }

        (_patterns ??= new Patterns()).Learn(_utf8, new Slice(_position, length));
        return true;
    }

    /// <summary>The patterns of one request, in memory of the pool.</summary>
    private sealed class Patterns
    {
        private readonly (Slice Entry, int Pieces)[] _known = new (Slice, int)[MostPatterns];
        private PatternPiece[]? _pieces;
        private int _count;
        private int _last;

        internal int Match(ReadOnlySpan<byte> utf8, int position)
        {
            for (var i = 0; i < _count; i++)
            {
                var candidate = (_last + i) % _count;
                var (entry, pieces) = _known[candidate];
                var length = EntryPattern.Match(
                    utf8[position..], utf8.Slice(entry.Start, entry.Length), _pieces.AsSpan(candidate * MostPieces, pieces));
                if (length >= 0)
                {
                    _last = candidate;
                    return length;
                }
            }

            return -1;
        }

        internal void Learn(ReadOnlySpan<byte> utf8, Slice entry)
        {
            if (_count == MostPatterns)
            {
                return;
            }

            _pieces ??= ArrayPool<PatternPiece>.Shared.Rent(MostPatterns * MostPieces);
            var pieces = EntryPattern.Learn(utf8.Slice(entry.Start, entry.Length), _pieces.AsSpan(_count * MostPieces, MostPieces));
            if (pieces > 0)
            {
                _known[_count] = (entry, pieces);
                _last = _count++;
            }
        }

        internal void GiveBack()
        {
            if (_pieces is not null)
            {
                ArrayPool<PatternPiece>.Shared.Return(_pieces);
            }
        }
    }
}
