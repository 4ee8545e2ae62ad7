using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>
/// Whole numbers as existing SDKs accept them in the operator's members: numbers, whole floats, digits in text
/// (<c>" +1_000 "</c>, <c>"17.0"</c>) and booleans. Always within 64 bits.
/// </summary>
internal static class WireInteger
{
    internal static bool TryRead(ref Utf8JsonReader reader, out long value)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                return Utf8Parser.TryParse(reader.ValueSpan, out value, out var used) && used == reader.ValueSpan.Length
                       || TryWhole(ref reader, out value);
            case JsonTokenType.String when reader.ValueSpan.Length <= 64:
                return TryText(Encoding.UTF8.GetString(reader.ValueSpan), out value);
            case JsonTokenType.True or JsonTokenType.False:
                value = reader.TokenType == JsonTokenType.True ? 1 : 0;
                return true;
            default:
                value = 0;
                return false;
        }
    }

    private static bool TryWhole(ref Utf8JsonReader reader, out long value)
    {
        value = 0;
        return reader.TryGetDouble(out var number) && TryWhole(number, out value);
    }

    private static bool TryWhole(double number, out long value)
    {
        value = 0;
        if (Math.Truncate(number) != number || number is < -9.2233720368547758E18 or >= 9.2233720368547758E18)
        {
            return false;
        }

        value = (long)number;
        return true;
    }

    private static bool TryText(string text, out long value)
    {
        value = 0;
        var digits = text.Trim();
        if (digits.Contains('_', StringComparison.Ordinal))
        {
            if (digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__", StringComparison.Ordinal))
            {
                return false;
            }

            digits = digits.Replace("_", "", StringComparison.Ordinal);
        }

        return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
               || double.TryParse(
                   digits, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
               && TryWhole(number, out value);
    }
}
