using System.Text.Json.Serialization;

#pragma warning disable CS1591 // Each type is its own description.

namespace Kta.Functional.Tests.CSharp.Shapes;

// The ways a type can hold a value: generated types are made of these.
public sealed record Positional<T>(T Value);

public sealed record PositionalAndInit<T>(int Count)
{
    public T Value { get; init; } = default!;
}

public sealed record Init<T>
{
    public T Value { get; init; } = default!;
}

public sealed class Required<T>
{
    public required T Value { get; set; }
}

public class Settable<T>
{
    public T Value { get; set; } = default!;
}

public sealed class Derived<T> : Settable<T>
{
    public int More { get; set; }
}

public sealed class PrivateSetter<T>
{
    public T Value { get; private set; } = default!;
}

public sealed class Field<T>
{
    public T Value = default!;
}

public sealed class ReadonlyField<T>
{
    public readonly T Value = default!;
}

public sealed class OwnField<T>
{
    private T _value = default!;

    public T Value
    {
        get => _value;
        set => _value = value;
    }
}

public sealed class ShownField<T>
{
    private T _value = default!;

    public T Value => _value;

    public void Set(T value) => _value = value;
}

public sealed class HiddenField<T>
{
    private T _value = default!;

    public int Count { get; set; }

    public void Set(T value) => _value = value;

    public T Get() => _value;
}

public sealed class InternalMember<T>
{
    public int Count { get; set; }

    internal T Value { get; set; } = default!;
}

public sealed class ByConstructor<T>(T value)
{
    public T Value { get; } = value;
}

public sealed class CapturedByConstructor<T>(T value)
{
    public T Value => value;
}

public sealed class NeverSet<T>
{
    public T Value { get; } = default!;
}

public sealed class TwoConstructors<T>
{
    public TwoConstructors(T value) => Value = value;

    public TwoConstructors(T value, int count) => (Value, Count) = (value, count);

    public T Value { get; }

    public int Count { get; }
}

public sealed class ChosenConstructor<T>
{
    [JsonConstructor]
    public ChosenConstructor(T value, int count) => (Value, Count) = (value, count);

    public ChosenConstructor(T value) => Value = value;

    public T Value { get; }

    public int Count { get; }
}

public sealed class ParameterlessBeside<T>
{
    public ParameterlessBeside()
    {
    }

    public ParameterlessBeside(T value) => Value = value;

    public T Value { get; } = default!;
}

public readonly struct StructByConstructor<T>(T value)
{
    public T Value { get; } = value;
}

[method: JsonConstructor]
public readonly struct ChosenStruct<T>(T value)
{
    public T Value { get; } = value;
}

public readonly record struct StructRecord<T>(T Value);
