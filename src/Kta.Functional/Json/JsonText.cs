using System.Buffers;

namespace Kta.Functional;

/// <summary>Measures what stands at the beginning of a text, without spaces; -1 if it is something else, or not certain to be in order.</summary>
internal static class JsonText
{
    private const byte FirstDigit = (byte)'0';

    /// <summary>What may stand between quotes without a second look: ASCII, nothing to escape.</summary>
    private static readonly SearchValues<byte> PlainText = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x60).Select(character => (byte)character).Where(character => character is not ((byte)'"' or (byte)'\\'))]);

    internal static bool IsEmptyObject(ReadOnlySpan<byte> json) =>
        json is [(byte)'{', .., (byte)'}'] && SpaceLength(json[1..]) == json.Length - 2;

    internal static int SpaceLength(ReadOnlySpan<byte> json)
    {
        var length = 0;
        while (length < json.Length && json[length] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            length++;
        }

        return length;
    }

    /// <summary>Text with its quotes.</summary>
    internal static int TextLength(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'"', ..])
        {
            return -1;
        }

        var inside = json[1..].IndexOfAnyExcept(PlainText);
        return inside >= 0 && json[inside + 1] == '"' ? inside + 2 : -1;
    }

    /// <summary>A whole number of so many digits at most, not negative.</summary>
    internal static int DigitsLength(ReadOnlySpan<byte> json, int most)
    {
        var length = RunOfDigits(json);
        return length == 0 || length > most || (length > 1 && json[0] == FirstDigit) ? -1 : length;
    }

    internal static int NumberLength(ReadOnlySpan<byte> json)
    {
        var at = json is [(byte)'-', ..] ? 1 : 0;
        var whole = RunOfDigits(json[at..]);
        if (whole == 0 || (whole > 1 && json[at] == FirstDigit))
        {
            return -1;
        }

        at += whole;
        if (at < json.Length && json[at] == '.')
        {
            var fraction = RunOfDigits(json[(at + 1)..]);
            if (fraction == 0)
            {
                return -1;
            }

            at += fraction + 1;
        }

        if (at < json.Length && (json[at] | 0x20) == 'e')
        {
            at++;
            at += at < json.Length && json[at] is (byte)'+' or (byte)'-' ? 1 : 0;
            var exponent = RunOfDigits(json[at..]);
            return exponent == 0 ? -1 : at + exponent;
        }

        return at;
    }

    /// <summary>Text, a number, true, false or null.</summary>
    internal static int ScalarLength(ReadOnlySpan<byte> json) => json switch
    {
        [(byte)'"', ..] => TextLength(json),
        [(byte)'-' or (>= FirstDigit and <= (byte)'9'), ..] => NumberLength(json),
        [(byte)'t', (byte)'r', (byte)'u', (byte)'e', ..] or [(byte)'n', (byte)'u', (byte)'l', (byte)'l', ..] => 4,
        [(byte)'f', (byte)'a', (byte)'l', (byte)'s', (byte)'e', ..] => 5,
        _ => -1,
    };

    /// <summary>A list of such values, with its brackets.</summary>
    internal static int ScalarsLength(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'[', ..])
        {
            return -1;
        }

        if (json is [_, (byte)']', ..])
        {
            return 2;
        }

        var at = 1;
        while (true)
        {
            var length = ScalarLength(json[at..]);
            at += length;
            if (length < 0 || at >= json.Length)
            {
                return -1;
            }

            switch (json[at++])
            {
                case (byte)',':
                    break;
                case (byte)']':
                    return at;
                default:
                    return -1;
            }
        }
    }

    private static int RunOfDigits(ReadOnlySpan<byte> json)
    {
        var length = 0;
        while (length < json.Length && (uint)(json[length] - FirstDigit) <= 9)
        {
            length++;
        }

        return length;
    }
}
