using System.Buffers;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>
/// The bytes of an entry that has been checked, with gaps where a value may differ without the verdict changing: text in
/// plain ASCII, numbers. A history repeats itself: most entries fit the pattern of their neighbour, and comparing runs at
/// the speed of memory.
/// </summary>
internal static class EntryPattern
{
    private const byte FirstDigit = (byte)'0';

    private static readonly SearchValues<byte> PlainText = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x60).Select(character => (byte)character).Where(character => character is not ((byte)'"' or (byte)'\\'))]);

    private enum Area
    {
        Free,
        Millis,
        Parallelism,
    }

    /// <summary>Makes a pattern of an entry that is in order. Gives the number of pieces, or 0 if they do not fit.</summary>
    internal static int Learn(ReadOnlySpan<byte> entry, Span<PatternPiece> pieces)
    {
        var reader = new Utf8JsonReader(entry, new JsonReaderOptions { MaxDepth = DefaultJson.DeepestNesting });
        var (count, start, area) = (0, 0, Area.Free);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                area = reader.CurrentDepth == 1 ? AreaOf(ref reader) : area;
                continue;
            }

            if (GapAt(ref reader, area) is not { } gap)
            {
                continue;
            }

            if (count + 1 >= pieces.Length)
            {
                return 0;
            }

            var quote = gap == Gap.Text ? 1 : 0;
            var end = (int)reader.TokenStartIndex + quote;
            pieces[count++] = new PatternPiece(start, end - start, gap);
            start = end + reader.ValueSpan.Length;
        }

        pieces[count++] = new PatternPiece(start, entry.Length - start, Gap.None);
        return count;
    }

    /// <summary>The length of the entry at the beginning of the text if it fits the pattern, otherwise -1.</summary>
    internal static int Match(ReadOnlySpan<byte> text, ReadOnlySpan<byte> learned, ReadOnlySpan<PatternPiece> pieces)
    {
        var at = 0;
        foreach (ref readonly var piece in pieces)
        {
            if (text.Length - at < piece.Length
                || !text.Slice(at, piece.Length).SequenceEqual(learned.Slice(piece.Start, piece.Length)))
            {
                return -1;
            }

            at += piece.Length;
            var length = piece.Gap switch
            {
                Gap.None => 0,
                Gap.Text => TextLength(text[at..]),
                Gap.Millis => DigitsLength(text[at..], 18),
                Gap.Parallelism => DigitsLength(text[at..], 9),
                _ => NumberLength(text[at..]),
            };
            if (length < 0)
            {
                return -1;
            }

            at += length;
        }

        return at;
    }

    private static Area AreaOf(ref Utf8JsonReader reader) =>
        Members.IsNamed(ref reader, WireNames.Start) || Members.IsNamed(ref reader, WireNames.End) ? Area.Millis
        : Members.IsNamed(ref reader, WireNames.PlanResult) || Members.IsNamed(ref reader, WireNames.Parallelism) ? Area.Parallelism
        : Area.Free;

    private static Gap? GapAt(ref Utf8JsonReader reader, Area area) => (reader.TokenType, area) switch
    {
        (JsonTokenType.String, Area.Free) when !reader.ValueSpan.ContainsAnyExcept(PlainText) => Gap.Text,
        (JsonTokenType.Number, Area.Free) => Gap.Number,
        (JsonTokenType.Number, Area.Millis) when DigitsLength(reader.ValueSpan, 18) == reader.ValueSpan.Length => Gap.Millis,
        (JsonTokenType.Number, Area.Parallelism) when DigitsLength(reader.ValueSpan, 9) == reader.ValueSpan.Length => Gap.Parallelism,
        _ => null,
    };

    /// <summary>What stands behind the text is compared with the next piece, which begins with the closing quote.</summary>
    private static int TextLength(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(PlainText);

    private static int DigitsLength(ReadOnlySpan<byte> text, int most)
    {
        var length = RunOfDigits(text);
        return length == 0 || length > most || (length > 1 && text[0] == FirstDigit) ? -1 : length;
    }

    private static int NumberLength(ReadOnlySpan<byte> text)
    {
        var at = text is [(byte)'-', ..] ? 1 : 0;
        var whole = RunOfDigits(text[at..]);
        if (whole == 0 || (whole > 1 && text[at] == FirstDigit))
        {
            return -1;
        }

        at += whole;
        if (at < text.Length && text[at] == '.')
        {
            var fraction = RunOfDigits(text[(at + 1)..]);
            if (fraction == 0)
            {
                return -1;
            }

            at += fraction + 1;
        }

        if (at < text.Length && (text[at] | 0x20) == 'e')
        {
            at++;
            at += at < text.Length && text[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = RunOfDigits(text[at..]);
            return exponent == 0 ? -1 : at + exponent;
        }

        return at;
    }

    private static int RunOfDigits(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && (uint)(text[length] - FirstDigit) <= 9)
        {
            length++;
        }

        return length;
    }
}

/// <summary>What may differ from the learned entry behind a piece.</summary>
internal enum Gap : byte
{
    None,
    Text,
    Number,
    Millis,
    Parallelism,
}

/// <summary>Bytes that have to be the same, by their place in the learned entry, and what follows them.</summary>
internal readonly record struct PatternPiece(int Start, int Length, Gap Gap);
