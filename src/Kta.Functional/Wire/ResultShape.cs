using System.Buffers;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>
/// The bytes of a result that has been found to be in order, with gaps where other text, another number or a list of
/// another length would change nothing about that. What a step answers has one shape, or a few: most results fit that of
/// their neighbour, and comparing runs at the speed of memory.
/// </summary>
/// <param name="Learned">Where the result stands.</param>
/// <param name="Pieces">What has to be the same.</param>
internal readonly record struct ResultShape(Slice Learned, ShapePiece[] Pieces)
{
    private const int MostPieces = 1024;

    /// <summary>Learns the shape of a result that is in order; null if it has too many gaps.</summary>
    internal static ResultShape? Of(ReadOnlySpan<byte> utf8, Slice result)
    {
        var pieces = ArrayPool<ShapePiece>.Shared.Rent(MostPieces);
        try
        {
            var count = Learn(utf8.Slice(result.Start, result.Length), pieces.AsSpan(0, MostPieces));
            return count > 0 ? new ResultShape(result, pieces[..count]) : null;
        }
        finally
        {
            ArrayPool<ShapePiece>.Shared.Return(pieces);
        }
    }

    /// <summary>The length of the result at the beginning of a text if it has this shape, otherwise -1.</summary>
    internal int Match(ReadOnlySpan<byte> utf8, ReadOnlySpan<byte> text)
    {
        var learned = utf8.Slice(Learned.Start, Learned.Length);
        var at = 0;
        foreach (ref readonly var piece in Pieces.AsSpan())
        {
            if (!text[at..].StartsWith(learned.Slice(piece.Start, piece.Length)))
            {
                return -1;
            }

            at += piece.Length;
            var length = piece.Gap switch
            {
                Gap.None => 0,
                Gap.Scalar => JsonText.ScalarLength(text[at..]),
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

    private static int Learn(ReadOnlySpan<byte> result, Span<ShapePiece> pieces)
    {
        var reader = new Utf8JsonReader(result, new JsonReaderOptions { MaxDepth = DefaultJson.DeepestNesting });
        var (count, start) = (0, 0);
        while (reader.Read())
        {
            var gap = GapAt(reader);
            if (gap == Gap.None)
            {
                continue;
            }

            if (count + 1 >= pieces.Length)
            {
                return 0;
            }

            var at = (int)reader.TokenStartIndex;
            reader.Skip();
            pieces[count++] = new ShapePiece(start, at - start, gap);
            start = (int)reader.BytesConsumed;
        }

        pieces[count++] = new ShapePiece(start, result.Length - start, Gap.None);
        return count;
    }

    private static Gap GapAt(Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null => Gap.Scalar,
        JsonTokenType.StartArray when IsFlat(reader) => Gap.Scalars,
        _ => Gap.None,
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
internal enum Gap : byte
{
    None,
    Scalar,
    Scalars,
}

/// <summary>Bytes that have to be the same, by their place in the learned result, and what follows them.</summary>
internal readonly record struct ShapePiece(int Start, int Length, Gap Gap);
