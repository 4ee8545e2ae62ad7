using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Statelessness;

/// <summary>Where a value comes from; null where that cannot be told.</summary>
internal abstract record Origin
{
    /// <summary>What is at an address, or the value itself.</summary>
    internal Origin? Here => this switch
    {
        Variable variable => variable.Value?.Here,
        Place place => place.Owner?.Here switch
        {
            Kept kept => place.Field is null ? kept.Item(kept.Type.GetElementType() ?? typeof(object)) : kept.Field(place.Field),
            Made made when place.Field is not null => made.Fields.TryGetValue(place.Field.Name, out var value) ? value : made.Source?.Field(place.Field),
            _ => null,
        },
        _ => this,
    };

    /// <summary>The same text for what is followed in the same way; bounded, so that following recursions ends.</summary>
    internal static string Key(Origin? origin, int depth = 0) => depth > 3 ? "…" : origin switch
    {
        Kept kept => $"{kept.Name}:{kept.Type}{(kept.IsClosure ? RuntimeHelpers.GetHashCode(kept.Value) : "")}",
        Made made => $"new {made.Type}({Key(made.Source, depth + 1)}{string.Concat(made.Fields.Select(field => $",{field.Key}={Key(field.Value, depth + 1)}"))})",
        Function function => $"{function.Method.Module}#{function.Method.MetadataToken}({Key(function.Target, depth + 1)})",
        Variable variable => "&" + Key(variable.Value, depth + 1),
        Place place => $"&{Key(place.Owner, depth + 1)}.{place.Field?.Name}",
        _ => "",
    };
}

/// <summary>An object or struct made during the call. A copy of something kept has its fields from there.</summary>
internal sealed record Made(Type Type, Kept? Source = null) : Origin
{
    internal Dictionary<string, Origin?> Fields { get; } = [];
}

/// <summary>A method, to be called on an object.</summary>
internal sealed record Function(MethodBase Method, Origin? Target) : Origin;

/// <summary>A local variable or parameter, or its address.</summary>
internal sealed record Variable : Origin
{
    internal Origin? Value { get; set; }
}

/// <summary>The address of a field, or of an element if there is no field.</summary>
internal sealed record Place(Origin? Owner, FieldInfo? Field) : Origin;
