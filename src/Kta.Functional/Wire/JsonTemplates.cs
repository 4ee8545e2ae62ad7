using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Wire;

/// <summary>The shapes that the results of one step have in a history.</summary>
internal sealed class JsonTemplates
{
    private const int Most = 4;

    /// <summary>A result stands inside of the request, the history and an entry.</summary>
    private const int DeepestNesting = JsonFormat.DeepestNesting - 3;

    private readonly JsonTemplate[] _known = new JsonTemplate[Most];
    private readonly TemplateLiterals _pieces = new();
    private int _count;
    private int _last;

    /// <summary>The length of the object at a position, or -1 if there is none that is in order.</summary>
    internal int Measure(ReadOnlySpan<byte> utf8, int position)
    {
        var text = utf8[position..];
        for (var i = 0; i < _count; i++)
        {
            var candidate = _last + i < _count ? _last + i : _last + i - _count;
            var length = _known[candidate].Match(utf8, text, _pieces.All);
            if (length >= 0)
            {
                _last = candidate;
                return length;
            }
        }

        var read = ReadLength(text);
        if (read >= 0 && _count < Most)
        {
            Learn(utf8, new Slice(position, read));
        }

        return read;
    }

    internal void Forget()
    {
        _count = 0;
        _last = 0;
        _pieces.Keep(0);
    }

    private void Learn(ReadOnlySpan<byte> utf8, Slice result)
    {
        var first = _pieces.Count;
        if (JsonTemplate.TryLearn(utf8.Slice(result.Start, result.Length), _pieces))
        {
            _known[_count] = new JsonTemplate(result, new Slice(first, _pieces.Count - first));
            _last = _count++;
        }
        else
        {
            _pieces.Keep(first);
        }
    }

    private static int ReadLength(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = DeepestNesting });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return -1;
            }

            reader.Skip();
        }
        catch (JsonException)
        {
            return -1;
        }

        var length = (int)reader.BytesConsumed;
        return Utf8.IsValid(text[..length]) ? length : -1;
    }
}
