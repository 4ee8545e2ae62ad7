using System.Reflection;
using Kta.Functional.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>Something that outlives a call: the step's own object, or what a field of it or a static leads to.</summary>
/// <param name="Name">What a programmer calls it.</param>
/// <param name="Type">The declared type.</param>
/// <param name="Get">Reads the object there is.</param>
/// <param name="Root">What its parts are said to be of; null for the step's own object.</param>
internal sealed record Kept(string Name, Type Type, Func<object?> Get, string? Root = null) : Origin
{
    private readonly Lazy<object?> _value = new(() =>
    {
        try
        {
            return Get();
        }
        catch (Exception error) when (error is ArgumentException or TargetException or TargetInvocationException or TypeInitializationException or NotSupportedException or InvalidOperationException or MemberAccessException)
        {
            return null;
        }
    });

    /// <summary>The parent of all statics.</summary>
    internal static Kept Statics { get; } = new("statics", typeof(void), () => null);

    /// <summary>A static is read only where it has to be: that may run code.</summary>
    internal object? Value => _value.Value;

    /// <summary>The type the object has at run time, if it is known.</summary>
    internal Type? ExactType => Value?.GetType() ?? (Type.IsSealed ? Type : null);

    internal bool IsClosure => MemberNames.IsMadeByCompiler(_value.IsValueCreated ? ExactType ?? Type : Type);

    internal Kept Field(FieldInfo field)
    {
        var (name, root) = this == Statics ? ($"the static '{MemberNames.Label(field)}'", null)
            : IsClosure ? ($"the captured variable '{MemberNames.Variable(field)}'", null)
            : Root is null ? ($"the field '{MemberNames.Label(field)}'", null)
            : ($"'{MemberNames.Label(field)}' of {Root}", Root);
        var isStep = IsClosure && (MemberNames.Variable(field) == "this" || MemberNames.IsMadeByCompiler(field.FieldType));
        return new(name, field.FieldType, () => field.IsStatic ? field.GetValue(null) : Value is { } owner ? field.GetValue(owner) : null, isStep ? null : root ?? name);
    }

    internal Kept Item(Type itemType) => new($"an item of {Root ?? Name}", itemType, () => null, Root ?? Name);

    public bool Equals(Kept? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}
