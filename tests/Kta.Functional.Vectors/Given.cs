using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Vectors;

/// <summary>A case cannot be run because an input is missing or has another shape. That is no refusal by the function under test.</summary>
public sealed class CaseException(string message) : Exception(message);

/// <summary>An input of a case, and where it stands.</summary>
public readonly record struct Given(JsonElement Json, string Path)
{
    /// <summary>A member that has to be there.</summary>
    public Given this[string name] =>
        Optional(name) ?? throw new CaseException($"{Path} has no member '{name}'");

    /// <summary>A member, or null where it is absent or null.</summary>
    public Given? Optional(string name) =>
        Json.ValueKind == JsonValueKind.Object && Json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? new Given(value, $"{Path}.{name}")
            : null;

    /// <summary>The items of a list.</summary>
    public IReadOnlyList<Given> Items
    {
        get
        {
            var path = Path;
            return Json.ValueKind == JsonValueKind.Array
                ? [.. Json.EnumerateArray().Select((item, i) => new Given(item, $"{path}[{i}]"))]
                : throw Wrong("a list");
        }
    }

    /// <summary>The members of an object, in order.</summary>
    public IReadOnlyList<(string Name, Given Value)> Members
    {
        get
        {
            var path = Path;
            return Json.ValueKind == JsonValueKind.Object
                ? [.. Json.EnumerateObject().Select(member => (member.Name, new Given(member.Value, $"{path}.{member.Name}")))]
                : throw Wrong("an object");
        }
    }

    /// <summary>Text.</summary>
    public string Text => Json.ValueKind == JsonValueKind.String ? Json.GetString()! : throw Wrong("text");

    /// <summary>One of some words.</summary>
    public T Word<T>()
        where T : struct, Enum =>
        Enum.TryParse<T>(Text, ignoreCase: true, out var value) ? value : throw Wrong($"one of {string.Join(", ", Enum.GetNames<T>())}");

    /// <summary>Yes or no.</summary>
    public bool Flag => Json.ValueKind is JsonValueKind.True or JsonValueKind.False ? Json.GetBoolean() : throw Wrong("true or false");

    /// <summary>A number; the words of the non-finite doubles count as them.</summary>
    public double Number => Json.ValueKind switch
    {
        JsonValueKind.Number => Json.GetDouble(),
        JsonValueKind.String when double.TryParse(Json.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => throw Wrong("a number"),
    };

    /// <summary>A whole number within 32 bits.</summary>
    public int Int => Long is var whole and >= int.MinValue and <= int.MaxValue ? (int)whole : throw Wrong("a whole number within 32 bits");

    /// <summary>A whole number within 64 bits.</summary>
    public long Long =>
        Json.ValueKind != JsonValueKind.Number ? throw Wrong("a whole number")
        : Json.TryGetInt64(out var whole) ? whole
        : Json.GetDouble() is var number && Math.Abs(number) < 1L << 53 && Math.Truncate(number) == number ? (long)number
        : throw Wrong("a whole number");

    /// <summary>Pairs of names, as their places in a list.</summary>
    public IEnumerable<(int From, int To)> PairsOf(IReadOnlyList<string> names) =>
        Items.Select(pair => (pair.Items[0].PlaceIn(names), pair.Items[1].PlaceIn(names)));

    /// <summary>Whether the input is null.</summary>
    public bool IsNull => Json.ValueKind == JsonValueKind.Null;

    private int PlaceIn(IReadOnlyList<string> names)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i] == Text)
            {
                return i;
            }
        }

        throw Wrong($"one of {string.Join(", ", names)}");
    }

    private CaseException Wrong(string expected) => new($"{Path} has to be {expected}, found {Json.GetRawText()}");
}
