namespace Kta.Functional.Wire;

/// <summary>
/// A result that is handed over within this process. What Java would make of its text is made for who asks for the text, and a value
/// that nobody can change is read once.
/// </summary>
internal sealed class HandedResult
{
    private readonly ReadOnlyMemory<byte> _written;
    private Text? _text;
    private Known? _known;

    /// <summary>A result as it came back from the operator.</summary>
    internal HandedResult(ReadOnlyMemory<byte> json)
    {
        _written = json;
        _text = new(json);
    }

    private HandedResult(ReadOnlyMemory<byte> written, Text? text) => (_written, _text) = (written, text);

    /// <summary>What was written by a codec that reads it alike, whether Java has read and written it meanwhile or not.</summary>
    internal static HandedResult ReadAlike(ReadOnlyMemory<byte> written) => new(written, null);

    /// <summary>The text as it comes back from the operator.</summary>
    internal ReadOnlyMemory<byte> Json => (_text ??= new(JavaJson.RoundTrip(_written.Span))).Utf8;

    internal bool IsNothing => JsonText.IsEmptyObject(_written.Span);

    /// <summary>Decodes it, or says what does not fit.</summary>
    internal bool TryRead<T>(ResultCodec<T> codec, ResultPath path, out T? result, out RequestProblem? problem)
        where T : class
    {
        if (_known is { } known && known.Codec == codec)
        {
            (result, problem) = ((T)known.Value, null);
            return true;
        }

        var isRead = path.TryRead(codec, codec.IsShareable ? _written.Span : Json.Span, out result, out problem);
        if (isRead && codec.IsShareable)
        {
            _known = new(codec, result!);
        }

        return isRead;
    }

    private sealed record Text(ReadOnlyMemory<byte> Utf8);

    private sealed record Known(object Codec, object Value);
}
