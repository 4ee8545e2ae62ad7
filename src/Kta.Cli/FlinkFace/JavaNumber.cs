using System.Globalization;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>Numbers as Flink writes them: always with a fraction, <c>1.0E7</c> from ten million on, and NaN as a string.</summary>
internal static class JavaNumber
{
    /// <summary>As in the values of single metrics, which are strings.</summary>
    internal static string Text(double number)
    {
        if (!double.IsFinite(number) || number == 0)
        {
            return double.IsNaN(number) ? "NaN" : number == 0 ? "0.0" : number > 0 ? "Infinity" : "-Infinity";
        }

        var (digits, exponent) = Shortest(Math.Abs(number));
        var sign = number < 0 ? "-" : "";
        return exponent is < -3 or >= 7 ? string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{Rest(digits, 1)}E{exponent}")
            : exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}"
            : $"{sign}{digits.PadRight(exponent + 1, '0')[..(exponent + 1)]}.{Rest(digits, exponent + 1)}";
    }

    /// <summary>As in JSON.</summary>
    internal static JsonNode Json(double number) => double.IsFinite(number) ? JsonNode.Parse(Text(number))! : JsonValue.Create(Text(number));

    private static string Rest(string digits, int from) => digits.Length > from ? digits[from..] : "0";

    /// <summary>The fewest digits that name the number, the first of them before the point, and the power of ten.</summary>
    private static (string Digits, int Exponent) Shortest(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture).Split('E');
        var (whole, fraction) = text[0].Split('.') is [var left, var right] ? (left, right) : (text[0], "");
        var digits = (whole + fraction).TrimStart('0');
        var exponent = (whole == "0" ? digits.Length - fraction.Length : whole.Length) - 1;
        return (digits.TrimEnd('0'), exponent + (text.Length > 1 ? int.Parse(text[1], CultureInfo.InvariantCulture) : 0));
    }
}
