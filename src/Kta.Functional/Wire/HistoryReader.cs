using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Wire;

/// <summary>Checks a history of which nothing is remembered but where it stands.</summary>
internal ref struct HistoryReader
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonReaderState _insideList;
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
    /// <param name="spare">A reader of entries for one thread at a time; nothing while it is used.</param>
    /// <param name="reader">Stands on the start of the list; afterwards it has it behind itself, seen as empty.</param>
    /// <param name="utf8">The whole request.</param>
    /// <param name="topology">The topology of the request, if it is known by now.</param>
    /// <param name="origin">Where the reader's own text begins in the request.</param>
    /// <param name="list">What is between the brackets.</param>
    internal static bool TryPass(
        ref CanonicalEntryReader? spare, ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8, Topology? topology, ref int origin, out Slice list)
    {
        var start = origin + (int)reader.BytesConsumed;
        list = new Slice(start, 0);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        var history = new HistoryReader(utf8, start, reader.CurrentState);
        if (!history.TryPass(ref spare, topology))
        {
            return false;
        }

        list = new Slice(start, history._position - start);
        origin = history._position;
        reader = new Utf8JsonReader(utf8[origin..], isFinalBlock: true, history._insideList);
        return reader.Read();
    }

    private bool TryPass(ref CanonicalEntryReader? spare, Topology? topology)
    {
        _position += JsonText.SpaceLength(_utf8[_position..]);
        if (_utf8[_position..] is [(byte)']', ..])
        {
            return true;
        }

        var keys = new NodeKeyCache(topology);
        var entries = Interlocked.Exchange(ref spare, null) ?? new CanonicalEntryReader();
        entries.Begin(keys);
        var isPassed = TryPassEntries(entries, keys);
        entries.End();
        spare = entries;
        return isPassed;
    }

    private bool TryPassEntries(CanonicalEntryReader entries, NodeKeyCache keys)
    {
        for (var index = 0; ; index++)
        {
            var length = entries.Measure(_utf8, _position);
            if (length < 0 && !TryCheck(index, keys, out length))
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

    private readonly bool TryCheck(int index, NodeKeyCache keys, out int length)
    {
        var problems = new RequestProblems();
        var rest = _utf8[_position..];
        var reader = new Utf8JsonReader(rest, isFinalBlock: true, _insideList);
        reader.Read();
        LenientEntryReader.Check(ref reader, new ObjectPath(index), keys, problems);
        length = (int)reader.BytesConsumed;
        return !problems.Any && Utf8.IsValid(rest[..length]);
    }
}
