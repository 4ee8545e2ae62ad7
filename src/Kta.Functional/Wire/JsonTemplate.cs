using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>
/// The bytes of a result that has been found to be in order, with gaps where other text, another number or a list of
/// another length would change nothing about that. What a step answers has one shape, or a few: most results fit that of
/// their neighbour, and comparing runs at the speed of memory.
/// </summary>
/// <param name="Learned">Where the result stands.</param>
/// <param name="Pieces">What has to be the same, by its place among the pieces of all shapes.</param>
internal readonly record struct JsonTemplate(Slice Learned, Slice Pieces)
{
    /// <summary>The length of the result at the beginning of a text if it has this shape, otherwise -1.</summary>
    internal int Match(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> text, ReadOnlySpan<TemplateLiteral> pieces)
    {
        var learned = utf8.Slice(Learned.Start, Learned.Length);
        var at = 0;
        foreach (ref readonly var piece in pieces.Slice(Pieces.Start, Pieces.Length))
        {
            if (!text[at..].StartsWith(learned.Slice(piece.Start, piece.Length)))
            {
                return -1;
            }

            at += piece.Length;
            var length = piece.Hole switch
            {
                Hole.None => 0,
                Hole.Scalar => JsonText.ScalarLength(text[at..]),
                _ => JsonText.ScalarsLength(text[at..]),
            };
            if (length < 0)
            {
                return -1;
            }

            at += length;
        }

        return at;
    }

    /// <summary>Learns the pieces of a result that is in order; false if they are too many.</summary>
    internal static bool TryLearn(ReadOnlySpan<byte> result, TemplateLiterals pieces)
    {
        var reader = new Utf8JsonReader(result, JsonFormat.Reading);
        var start = 0;
        while (reader.Read())
        {
            var gap = GapAt(reader);
            if (gap == Hole.None)
            {
                continue;
            }

            var at = (int)reader.TokenStartIndex;
            reader.Skip();
            if (!pieces.TryAdd(new TemplateLiteral(start, at - start, gap)))
            {
                return false;
            }

            start = (int)reader.BytesConsumed;
        }

        return pieces.TryAdd(new TemplateLiteral(start, result.Length - start, Hole.None));
    }

    private static Hole GapAt(Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => Hole.Scalar,
        JsonTokenType.StartArray when IsFlat(reader) => Hole.Scalars,
        _ => Hole.None,
    };

    private static bool IsFlat(Utf8JsonReader list)
    {
        while (list.Read() && list.TokenType != JsonTokenType.EndArray)
        {
            if (list.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>What may differ from the learned result behind a piece.</summary>
internal enum Hole : byte
{
    None,
    Scalar,
    Scalars,
}

/// <summary>Bytes that have to be the same, by their place in the learned result, and what follows them.</summary>
internal readonly record struct TemplateLiteral(int Start, int Length, Hole Hole);
