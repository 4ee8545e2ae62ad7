using System.Text.Json;
using System.Text.Json.Serialization;

#pragma warning disable CS1591 // Each type is its own description.

namespace Kta.Functional.Tests.CSharp.Shapes;

public sealed class ListInside<T>
{
    public List<T> Value { get; } = [];
}

public sealed record ListBeside<T>(int Count)
{
    public IList<T> Value { get; } = new List<T>();
}

public sealed class ListThatIsNotEmpty
{
    public List<int> Value { get; } = [1, 2];
}

public sealed class ListThatIsNeverThere
{
    public List<int>? Value { get; }
}

public sealed class DictionaryInside<T>
{
    public Dictionary<string, T> Value { get; } = [];
}

public sealed class SetInside<T>
{
    public HashSet<T> Value { get; } = [];
}

public sealed class QueueInside<T>
{
    public Queue<T> Value { get; } = new();
}

public sealed class FixedListInside<T>
{
    public IReadOnlyList<T> Value { get; } = [];
}

public sealed class ObjectInside<T>
{
    public Settable<T> Value { get; } = new();
}

public sealed class FilledInside<T>
{
    public ListInside<T> Value { get; } = new();
}

public sealed class FixedInside<T>
{
    public ByConstructor<T?> Value { get; } = new(default);
}

public sealed class Computed<T>
{
    public List<T> Value { get; set; } = [];

    public int Count => Value.Count;

    public T? First => Value.Count > 0 ? Value[0] : default;
}

public sealed record Recursive<T>(T Value, Recursive<T>? Next);

public sealed class WithName<T> : List<T>
{
    public string Name { get; set; } = "";
}

public sealed class NamedInside<T>
{
    public WithName<T> Value { get; set; } = [];
}

public sealed class Ignored<T>
{
    public T Value { get; set; } = default!;

    [JsonIgnore]
    public int Count => 3;
}

public sealed class LeftOutWhenDefault
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Count { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Text { get; set; }
}

public sealed record LeftOutParameter([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Count);

public sealed class LeftOutButFive
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Count { get; set; } = 5;
}

public sealed class Further
{
    public int Count { get; set; }

    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }
}

public sealed class FurtherObjects
{
    [JsonExtensionData]
    public Dictionary<string, object>? Others { get; set; }
}

public class Named<T>
{
    public virtual T Value { get; set; } = default!;
}

public sealed class Renamed<T> : Named<T>
{
    public override T Value { get; set; } = default!;

    public event EventHandler? Changed;

    public void Change() => Changed?.Invoke(this, EventArgs.Empty);
}

public sealed class Populated
{
    [JsonObjectCreationHandling(JsonObjectCreationHandling.Populate)]
    public List<int> Value { get; } = [1];
}

public interface IShape
{
    int Side { get; }
}

public sealed record Square(int Side) : IShape;

public abstract record Shape;

[JsonPolymorphic]
[JsonDerivedType(typeof(Busy), "busy")]
[JsonDerivedType(typeof(Calm), "calm")]
public abstract record Mood;

public sealed record Busy(int N) : Mood;

public sealed record Calm : Mood;

[JsonDerivedType(typeof(NamelessMore))]
public class Nameless
{
    public int Count { get; set; }
}

public sealed class NamelessMore : Nameless
{
    public int More { get; set; }
}

public sealed record NumbersAsText(
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] long Whole,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] int? Maybe,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] List<int> Many,
    [property: JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)] double Fraction,
    int Plain);

[JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
public sealed record AllNumbersAsText(long Whole, int[] Many, Dictionary<string, byte> ByName);

public sealed record NumbersAsTextOnly([property: JsonNumberHandling(JsonNumberHandling.WriteAsString)] int Whole);

public sealed record InitialValues
{
    public int Count { get; init; } = 7;

    public double Rate { get; init; } = 0.5;

    public string Text { get; init; } = "initial";

    public List<int> Many { get; init; } = [1];
}

public sealed record InitialValuesAndParameter(int First)
{
    public int Count { get; init; } = 7;

    public int Zero { get; init; }

    public string? Nothing { get; init; }
}

public enum Color
{
    Red,
    Green = 7,
}
