using System.Globalization;
using System.Numerics;

namespace Kta.Functional.Wire;

/// <summary>
/// Decimal text of doubles as <c>Double.toString</c> of Java 17 gives it, the version the operator's image runs.
/// </summary>
/// <remarks>
/// <para>Below 10<sup>-3</sup> and from 10<sup>7</sup> on it is <c>1.0E7</c>, in between <c>0.001</c> or <c>1234567.0</c>; there is always
/// at least one digit behind the point.</para>
/// <para>Before version 19, Java does not always print the shortest text that reads back as the same number: 2<sup>62</sup> is
/// <c>4.6116860184273879E18</c>, a digit more than needed. Digits are generated one by one until they are within half of the
/// distance to the next double (Steele and White, 1990). Compared with Java 17 over millions of numbers; the only ones that
/// differ, by one in the 17th digit, are a few between 1.9E25 and 3.9E25, where Java's own arithmetic overflows.</para>
/// </remarks>
internal static class JavaDouble
{
    private const int SignificandBits = 53;
    private const int LeastExponent = -1074;

    /// <summary>The text of a number.</summary>
    /// <param name="value">Any double; <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c> give these words.</param>
    internal static string ToText(double value)
    {
        if (!double.IsFinite(value))
        {
            return value.ToString(CultureInfo.InvariantCulture);
        }

        var sign = double.IsNegative(value) ? "-" : "";
        if (value == 0)
        {
            return sign + "0.0";
        }

        var (digits, exponent) = Digits(Math.Abs(value));
        return sign + exponent switch
        {
            > 0 and < 8 => Plain(digits, exponent),
            > -3 and <= 0 => $"0.{new string('0', -exponent)}{digits}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent - 1}"),
        };
    }

    private static string Plain(string digits, int exponent) =>
        digits.Length > exponent
            ? $"{digits[..exponent]}.{digits[exponent..]}"
            : digits.PadRight(exponent, '0') + ".0";

    /// <summary>The digits behind <c>0.</c>, and the power of ten to multiply with.</summary>
    private static (string Digits, int Exponent) Digits(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var biased = (int)(bits >> (SignificandBits - 1));
        var fraction = bits & ((1L << (SignificandBits - 1)) - 1);
        var significand = biased == 0 ? fraction : fraction | (1L << (SignificandBits - 1));
        var power = biased == 0 ? LeastExponent : LeastExponent - 1 + biased;
        var topBit = power + 63 - BitOperations.LeadingZeroCount((ulong)significand);
        var isInteger = power + BitOperations.TrailingZeroCount(significand) >= 0;
        return isInteger && topBit < 63
            ? OfInteger((long)value, topBit)
            : OfFraction(significand, power, topBit);
    }

    /// <summary>Integers of up to 63 bits keep all digits that their 53 significant bits can tell apart.</summary>
    private static (string Digits, int Exponent) OfInteger(long value, int topBit)
    {
        var unknownBits = topBit - SignificandBits - 1;
        var dropped = unknownBits > 1 ? (int)(unknownBits * Math.Log10(2)) : 0;
        for (var i = 0; i < dropped; i++)
        {
            value = i == dropped - 1 ? (value + 5) / 10 : value / 10;
        }

        var digits = value.ToString(CultureInfo.InvariantCulture);
        return (digits.TrimEnd('0'), digits.Length + dropped);
    }

    private static (string Digits, int Exponent) OfFraction(long significand, int power, int topBit)
    {
        // The number is rest / unit; half is half of the distance to the next smaller double, in the same unit.
        var exponent = EstimatedExponent(significand, topBit);
        var shift = Math.Max(0, -power) + 2;
        var unit = BigInteger.Pow(10, Math.Max(0, exponent)) << shift;
        var scale = BigInteger.Pow(10, Math.Max(0, -exponent));
        var rest = (significand * scale) << (power + shift);
        var half = scale << (power + shift - (BitOperations.IsPow2(significand) ? 2 : 1));

        var digits = new List<char>(20);
        var needsTwo = exponent is < -3 or >= 8;
        bool isLow, isHigh;
        do
        {
            var digit = BigInteger.DivRem(rest, unit, out rest);
            rest *= 10;
            half *= 10;
            isLow = rest < half;
            isHigh = rest + half > unit * 10;
            if (digits.Count == 0 && digit.IsZero && !isHigh)
            {
                exponent--;
                needsTwo = exponent is < -3 or >= 8;
                isLow = false;
                continue;
            }

            digits.Add((char)('0' + (int)digit));
        }
        while ((!isLow && !isHigh) || (needsTwo && digits.Count == 1));

        var middle = (rest * 2).CompareTo(unit * 10);
        var roundsUp = isHigh && (!isLow || middle > 0 || (middle == 0 && digits[^1] % 2 == 1));
        if (roundsUp && RoundUp(digits))
        {
            exponent++;
        }

        return (new string([.. digits]), exponent + 1);
    }

    /// <summary>The power of ten of the first digit, or one more: a line through the logarithm's values at 1 and 2.</summary>
    private static int EstimatedExponent(long significand, int topBit)
    {
        var leading = Math.ScaleB((double)significand, BitOperations.LeadingZeroCount((ulong)significand) - 63);
        return (int)Math.Floor(((leading - 1.5) * 0.289529654) + 0.176091259 + (topBit * 0.301029995663981));
    }

    /// <summary>Adds one to the last digit. True: all were nines, and the first one is now a one of the next power of ten.</summary>
    private static bool RoundUp(List<char> digits)
    {
        for (var i = digits.Count - 1; i >= 0; i--)
        {
            if (digits[i] != '9')
            {
                digits[i]++;
                return false;
            }

            digits[i] = '0';
        }

        digits[0] = '1';
        return true;
    }
}
