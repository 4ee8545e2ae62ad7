using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>A call that was answered, in copies of its own.</summary>
internal sealed record RememberedCall(Step Step, string Id, byte[] Request, byte[] Reply);

/// <summary>A few calls that differ by more than id and time: the first ones for good, later ones in turn. Not thread-safe.</summary>
internal sealed class RememberedCalls
{
    internal const int Most = 8;
    internal const int MostBytes = 1 << 20;
    private const int ForGood = Most / 2;

    private readonly List<(RememberedCall Call, int Hash)> _calls = [];
    private int _replaced;
    private int _asked;

    /// <summary>Copies a call, unless it is too large or one like it is known.</summary>
    /// <returns>Whether it was new.</returns>
    internal bool Add(Step step, ReadOnlySpan<byte> request, ReadOnlySpan<byte> reply)
    {
        if (request.Length + reply.Length > MostBytes)
        {
            return false;
        }

        if (Identify(step, request) is not var (id, hash) || _calls.Exists(known => known.Hash == hash))
        {
            return false;
        }

        var isFull = _calls.Count == Most;
        var place = isFull ? ForGood + _replaced : _calls.Count;
        var others = _calls.Where((_, i) => i != place).Sum(known => known.Call.Request.Length + known.Call.Reply.Length);
        if (others + request.Length + reply.Length > MostBytes)
        {
            return false;
        }

        var added = (new RememberedCall(step, id, request.ToArray(), reply.ToArray()), hash);
        if (isFull)
        {
            _calls[place] = added;
            _replaced = (_replaced + 1) % (Most - ForGood);
        }
        else
        {
            _calls.Add(added);
        }

        return true;
    }

    /// <summary>The calls in turn; null if there is none.</summary>
    internal RememberedCall? Next() => _calls.Count == 0 ? null : _calls[_asked++ % _calls.Count].Call;

    /// <summary>Forgets the calls of a step.</summary>
    internal void Forget(Step step) => _calls.RemoveAll(known => known.Call.Step == step);

    internal void Clear() => _calls.Clear();

    /// <summary>The id of a request, and a hash of everything else but its time; null if the id is no text.</summary>
    private static (string Id, int Hash)? Identify(Step step, ReadOnlySpan<byte> request)
    {
        try
        {
            return Read(step, request);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (string Id, int Hash) Read(Step step, ReadOnlySpan<byte> request)
    {
        var hash = new HashCode();
        hash.Add(step);
        var (id, hashed, found) = ("", 0, 0);
        var reader = new Utf8JsonReader(request, JsonFormat.Reading);
        reader.Read();
        while (found < 2 && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals(WireNames.Id.EncodedUtf8Bytes);
            var isTime = reader.ValueTextEquals(WireNames.Start.EncodedUtf8Bytes);
            reader.Read();
            if (!isId && !isTime)
            {
                reader.Skip();
                continue;
            }

            id = isId ? reader.GetString() ?? "" : id;
            hash.AddBytes(request[hashed..(int)reader.TokenStartIndex]);
            hashed = (int)reader.BytesConsumed;
            found++;
        }

        hash.AddBytes(request[hashed..]);
        return (id, hash.ToHashCode());
    }
}
