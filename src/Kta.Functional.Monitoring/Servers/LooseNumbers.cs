using System.Buffers;

namespace Kta.Functional.Monitoring.Servers;

/// <summary>Numbers that JSON does not have, but servers write.</summary>
internal static class LooseNumbers
{
    /// <summary>The same text with NaN and infinities in quotes; null if there are none outside of strings.</summary>
    internal static ReadOnlyMemory<byte>? Quoted(ReadOnlySpan<byte> text)
    {
        var output = new ArrayBufferWriter<byte>(text.Length + 64);
        var (isInString, hasFound) = (false, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (!isInString && WordAt(text[i..]) is { Length: > 0 } word)
            {
                output.Write("\""u8);
                output.Write(word);
                output.Write("\""u8);
                hasFound = true;
                i += word.Length - 1;
                continue;
            }

            if (text[i] == '"')
            {
                isInString = !isInString;
            }
            else if (isInString && text[i] == '\\' && i + 1 < text.Length)
            {
                output.Write(text.Slice(i++, 1));
            }

            output.Write(text.Slice(i, 1));
        }

        return hasFound ? output.WrittenMemory : null;
    }

    private static ReadOnlySpan<byte> WordAt(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? text[..3]
        : text.StartsWith("Infinity"u8) ? text[..8]
        : text.StartsWith("-Infinity"u8) ? text[..9]
        : default;
}
