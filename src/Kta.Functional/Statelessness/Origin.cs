using System.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>Where a value comes from; null where that cannot be told.</summary>
internal abstract class Origin
{
    /// <summary>The same text for what is to be treated the same way; bounded, so that following recursions ends.</summary>
    internal abstract string Key(int depth);

    /// <summary>What the value at a place is, or the value itself.</summary>
    internal virtual Origin? Here => this;
}

/// <summary>Something that outlives a call: the step's own object, or what a field of it or a static leads to.</summary>
internal sealed class Kept(string name, Type type, Func<object?> read, string? root = null) : Origin
{
    private readonly Lazy<object?> _value = new(() =>
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is ArgumentException or TargetException or TargetInvocationException or TypeInitializationException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    });

    /// <summary>The parent of all statics.</summary>
    internal static Kept Statics { get; } = new("statics", typeof(void), () => null);

    internal string Name => name;

    internal Type Type => type;

    internal object? Value => _value.Value;

    /// <summary>The type the object has at run time, if it is known.</summary>
    internal Type? ExactType => Value?.GetType() ?? (type.IsSealed ? type : null);

    internal bool IsClosure => this != Statics && Names.IsMadeByCompiler(_value.IsValueCreated ? ExactType ?? type : type);

    internal Kept Field(FieldInfo field) =>
        this == Statics ? new($"the static '{Names.Label(field)}'", field.FieldType, () => field.GetValue(null), $"the static '{Names.Label(field)}'")
        : IsClosure ? Child($"the captured variable '{Names.Variable(field)}'", field, Names.Variable(field) == "this")
        : root is null ? Child($"the field '{Names.Label(field)}'", field)
        : Child($"'{Names.Label(field)}' of {root}", field);

    internal Kept Item(Type itemType) => new($"an item of {root ?? name}", itemType, () => null, root ?? name);

    internal override string Key(int depth) => $"{name}:{type}{(IsClosure ? System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(Value) : "")}";

    private Kept Child(string child, FieldInfo field, bool isStep = false) =>
        new(child, field.FieldType, () => Value is { } owner ? field.GetValue(owner) : null, isStep || Names.IsMadeByCompiler(field.FieldType) ? null : root ?? child);
}

/// <summary>An object or struct made during the call. A copy of something kept has its fields from there.</summary>
internal sealed class Made(Type type, Kept? source = null) : Origin
{
    internal Type Type => type;

    internal Kept? Source => source;

    internal Dictionary<string, Origin?> Fields { get; } = [];

    internal override string Key(int depth) =>
        depth > 3 ? "…" : $"new {type}({source?.Key(depth + 1)}{string.Join(',', Fields.Select(field => field.Key + "=" + field.Value?.Key(depth + 1)))})";
}

/// <summary>A method, to be called on an object.</summary>
internal sealed class Function(MethodBase method, Origin? target) : Origin
{
    internal MethodBase Method => method;

    internal Origin? Target => target;

    internal override string Key(int depth) => depth > 3 ? "…" : $"{method.Module}#{method.MetadataToken}({target?.Key(depth + 1)})";
}

/// <summary>The address of a local variable or parameter.</summary>
internal sealed class Variable : Origin
{
    internal Origin? Value { get; set; }

    internal override Origin? Here => Value?.Here;

    internal override string Key(int depth) => depth > 3 ? "…" : "&" + Value?.Key(depth + 1);
}

/// <summary>The address of a field, or of an element if there is no field.</summary>
internal sealed class Place(Origin? owner, FieldInfo? part) : Origin
{
    internal Origin? Owner => owner;

    internal FieldInfo? Field => part;

    internal override Origin? Here => owner?.Here switch
    {
        Kept kept => part is null ? kept.Item(kept.Type.GetElementType() ?? typeof(object)) : kept.Field(part),
        Made made when part is not null => made.Fields.TryGetValue(part.Name, out var value) ? value : made.Source?.Field(part),
        _ => null,
    };

    internal override string Key(int depth) => depth > 3 ? "…" : $"&{owner?.Key(depth + 1)}.{part?.Name}";
}
