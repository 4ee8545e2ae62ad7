using System.Text;

namespace Kta.Functional.Wire;

/// <summary>
/// The bytes of one request. They may belong to a pool, so nobody may read them once the call has ended, not even a step
/// that was given up and still runs.
/// </summary>
internal sealed class RequestBody
{
    private const int Closed = 1 << 30;
    private ReadOnlyMemory<byte> _utf8;

    /// <summary>The reads that are under way, and whether new ones are refused.</summary>
    private int _state;

    internal RequestBody(ReadOnlyMemory<byte> received) => _utf8 = received;

    internal int Length => _utf8.Length;

    /// <summary>The same body, once what has come is in UTF-8.</summary>
    internal RequestBody InUtf8()
    {
        _utf8 = ToUtf8(_utf8);
        return this;
    }

    /// <summary>Runs a read over a part of the body, or fails if the call has ended.</summary>
    internal TResult Read<TArgument, TResult>(
        Slice slice, TArgument argument, Func<ReadOnlyMemory<byte>, TArgument, TResult> read)
    {
        try
        {
            if ((Interlocked.Increment(ref _state) & Closed) != 0)
            {
                throw new IllegalAccessException(
                    "The context of a call was read after the call had ended. A context is valid inside of its step only: " +
                    "take what you need from it there, and await all work before the step returns.");
            }

            return read(_utf8.Slice(slice.Start, slice.Length), argument);
        }
        finally
        {
            Interlocked.Decrement(ref _state);
        }
    }

    /// <summary>Ends the call. True: nobody reads the bytes any more and they may be used again.</summary>
    internal bool Close()
    {
        var isFree = (Interlocked.Or(ref _state, Closed) & ~Closed) == 0;
        if (isFree)
        {
            // A step that was given up may hold its context for long.
            _utf8 = default;
        }

        return isFree;
    }

    private static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> received) => received.Span switch
    {
        [0xEF, 0xBB, 0xBF, ..] => received[3..],
        [0xFF, 0xFE, ..] => Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(received.Span[2..])),
        [0xFE, 0xFF, ..] => Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(received.Span[2..])),
        _ => received,
    };
}

/// <summary>A part of the body.</summary>
internal readonly record struct Slice(int Start, int Length)
{
    internal int End => Start + Length;

    /// <summary>What is left behind the first bytes.</summary>
    internal Slice Skip(int length) => new(Start + length, Length - length);

    /// <summary>The same part, seen from another beginning.</summary>
    internal Slice Offset(int by) => new(Start + by, Length);
}
