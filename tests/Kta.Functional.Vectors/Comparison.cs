using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Kta.Functional.Vectors;

/// <summary>How far a number may be away from the expected one, as the file's <c>comparison</c> says.</summary>
/// <param name="Relative">As a part of the expected number.</param>
/// <param name="Absolute">As a number.</param>
/// <param name="WholeToo">Whether whole numbers may be away from the expected one, too.</param>
public sealed partial record Tolerance(double Relative, double Absolute, bool WholeToo = false)
{
    /// <summary>The tolerance that a file states in words.</summary>
    public static Tolerance Stated(JsonElement file)
    {
        var stated = file.TryGetProperty("comparison", out var text) ? text.ToString() : "";
        var found = Words().Match(stated);
        return found.Success
            ? new(Parse(found.Groups[1].Value), Parse(found.Groups[2].Value))
            : throw new CaseException($"'comparison' does not say how numbers are compared: '{stated}'");
    }

    /// <summary>A case can carry its own.</summary>
    public Tolerance OfCase(JsonElement item) =>
        item.TryGetProperty("tolerance", out var own) ? this with { Relative = own.GetDouble() } : this;

    /// <summary>Whether a number is near enough.</summary>
    public bool Admits(double expected, double actual) =>
        expected.Equals(actual) || Math.Abs(actual - expected) <= Math.Max(Absolute, Relative * Math.Abs(expected));

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"relative tolerance of ([0-9.e+-]+) \(absolute ([0-9.e+-]+) near zero")]
    private static partial Regex Words();
}

/// <summary>Compares what is expected with what a function said.</summary>
public static class Comparison
{
    /// <summary>Every difference, with its path.</summary>
    /// <param name="expected">What the case expects.</param>
    /// <param name="actual">What the function said.</param>
    /// <param name="toleranceAt">How far the number at a path may be away.</param>
    public static IReadOnlyList<string> Differences(JsonElement expected, JsonNode? actual, Func<string, Tolerance> toleranceAt)
    {
        var differences = new List<string>();
        Compare(expected, actual is null ? default : JsonSerializer.SerializeToElement(actual), "expect", toleranceAt, differences);
        return differences;
    }

    private static void Compare(JsonElement expected, JsonElement actual, string path, Func<string, Tolerance> toleranceAt, List<string> differences)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object when actual.ValueKind == JsonValueKind.Object:
                foreach (var member in expected.EnumerateObject())
                {
                    Compare(
                        member.Value, actual.TryGetProperty(member.Name, out var value) ? value : default, $"{path}.{member.Name}", toleranceAt, differences);
                }

                return;
            case JsonValueKind.Array when actual.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == actual.GetArrayLength():
                for (var i = 0; i < expected.GetArrayLength(); i++)
                {
                    Compare(expected[i], actual[i], $"{path}[{i}]", toleranceAt, differences);
                }

                return;
            default:
                if (!IsSame(expected, actual, toleranceAt(path)))
                {
                    var found = actual.ValueKind == JsonValueKind.Undefined ? "nothing" : actual.GetRawText();
                    differences.Add($"{path}: expected {expected.GetRawText()}, found {found}");
                }

                return;
        }
    }

    private static bool IsSame(JsonElement expected, JsonElement actual, Tolerance tolerance) => expected.ValueKind switch
    {
        JsonValueKind.Null => actual.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined,
        JsonValueKind.True or JsonValueKind.False => actual.ValueKind == expected.ValueKind,
        JsonValueKind.Number => actual.ValueKind == JsonValueKind.Number && IsSameNumber(expected, actual, tolerance),
        JsonValueKind.String => actual.ValueKind == JsonValueKind.String && actual.GetString() == expected.GetString(),
        _ => false,
    };

    /// <summary>An expected number without point and exponent is whole, and compared digit by digit.</summary>
    private static bool IsSameNumber(JsonElement expected, JsonElement actual, Tolerance tolerance) =>
        !tolerance.WholeToo && BigInteger.TryParse(expected.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? BigInteger.TryParse(actual.GetRawText(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var found)
                ? whole == found
                : actual.GetDouble().Equals(expected.GetDouble())
            : tolerance.Admits(expected.GetDouble(), actual.GetDouble());
}

/// <summary>What functions say, as JSON.</summary>
public static class Said
{
    /// <summary>A double; one that is not known is null, an infinity a word.</summary>
    public static JsonNode? Number(double value) =>
        double.IsNaN(value) ? null
        : double.IsInfinity(value) ? JsonValue.Create(value.ToString(CultureInfo.InvariantCulture))
        : JsonValue.Create(value);

    /// <summary>Whole numbers by name.</summary>
    public static JsonObject Counts(IReadOnlyList<string> names, IReadOnlyList<int> counts) =>
        new(names.Select((name, i) => KeyValuePair.Create(name, (JsonNode?)JsonValue.Create(counts[i]))));
}
