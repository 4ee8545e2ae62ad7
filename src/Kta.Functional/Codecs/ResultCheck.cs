using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>Walks the types a result consists of, and finds the first place that would not come back as it was written.</summary>
internal sealed class ResultCheck
{
    private const int DeepestType = 64;

    private readonly HashSet<Type> _seen = [];

    /// <summary>Somebody else decides which members there are.</summary>
    private bool _isOpen;

    /// <exception cref="ArgumentException">Names the place, and what to do.</exception>
    /// <returns>Whether a value can be written with a name twice.</returns>
    internal static bool Of(JsonTypeInfo result)
    {
        var check = new ResultCheck();
        if (check.Walk(result, "$", 0) is { } trouble)
        {
            throw new ArgumentException(
                $"{TypeText.Of(result.Type)} cannot be the result of a step: {trouble.Path} {trouble.What}. {trouble.Remedy}, " +
                "or give the algorithm a codec of your own with Codec.FromText (F#: Codec.ofText).");
        }

        return check._isOpen;
    }

    private Trouble? Walk(Type type, JsonSerializerOptions options, string path, int depth)
    {
        try
        {
            return Walk(options.GetTypeInfo(type), path, depth);
        }
        catch (Exception error) when (error is InvalidOperationException or NotSupportedException or ArgumentException)
        {
            return new(path, $"is a {TypeText.Of(type)}, with which System.Text.Json cannot work: {error.Message.TrimEnd('.')}", "Change it");
        }
    }

    private Trouble? Walk(JsonTypeInfo type, string path, int depth)
    {
        _isOpen |= IsOpen(type);
        if (!_seen.Add(type.Type) || IsOfUser(type.Converter))
        {
            return null;
        }

        if (depth > DeepestType)
        {
            return new(path, $"is a {TypeText.Of(type.Type)} whose types have no end", "Change it");
        }

        if (DefaultJson.Inside(type) is { } inner)
        {
            return IsOptional(inner.Type)
                ? new(path, $"is a {TypeText.Of(type.Type)}, whose two kinds of nothing are both null", "Take one of them")
                : Walk(inner, path, depth + 1);
        }

        return type.Kind switch
        {
            JsonTypeInfoKind.None => Value(type, path),
            JsonTypeInfoKind.Enumerable => Collection(type, path, "[]"u8) ?? Walk(type.ElementType!, type.Options, path + "[*]", depth + 1),
            JsonTypeInfoKind.Dictionary => DictionaryKeys.Trouble(type) is { } keys
                ? new(path, keys, "Take text, a number, an enum or a TopologyNode as key, or a list of records")
                : Collection(type, path, "{}"u8) ?? Walk(type.ElementType!, type.Options, path + "[*]", depth + 1),
            _ => Polymorphism(type, path, depth) ?? Object(type, path, depth),
        };
    }

    private static Trouble? Value(JsonTypeInfo type, string path) =>
        type.Type == typeof(object) ? new(
            path, "can hold anything (object) and comes back as a JsonElement", "Name the type, or take JsonNode or JsonElement")
        : IsSupported(type) ? null
        : new(path, $"is a {TypeText.Of(type.Type)}, which System.Text.Json does not know", "Put a [JsonConverter] on it");

    private static Trouble? Collection(JsonTypeInfo type, string path, ReadOnlySpan<byte> empty)
    {
        var name = TypeText.Of(type.Type);
        return Reversed(type.Type) ? new(path, $"is a {name}, which comes back in reverse order", "Take a list")
            : typeof(IEnumerable).IsAssignableFrom(type.Type) || IsMemory(type.Type)
                ? !CanRead(type, empty) ? new(path, $"is a {name}, which cannot be read", "Take a list or a dictionary")
                : ObjectFields.Beside(type.Type) is { } field ? new(
                    path, $"is a {name}, of which only the items are written and not {ObjectFields.Name(field)}", "Make it a record that holds the collection")
                : null
            : new(path, $"is a {name}, which cannot be read", "Take a list or a dictionary");
    }

    private Trouble? Polymorphism(JsonTypeInfo type, string path, int depth)
    {
        foreach (var derived in type.PolymorphismOptions?.DerivedTypes ?? [])
        {
            if (derived.TypeDiscriminator is null && derived.DerivedType != type.Type)
            {
                return new(
                    path,
                    $"can be a {TypeText.Of(derived.DerivedType)}, which comes back as a {TypeText.Of(type.Type)}",
                    $"Give it a name: [JsonDerivedType(typeof({derived.DerivedType.Name}), \"…\")]");
            }

            if (Walk(derived.DerivedType, type.Options, path, depth + 1) is { } trouble)
            {
                return trouble;
            }
        }

        return null;
    }

    private Trouble? Object(JsonTypeInfo type, string path, int depth)
    {
        var isAbstract = type.Type.IsAbstract || type.Type.IsInterface;
        if (isAbstract && type.PolymorphismOptions?.DerivedTypes.Count > 0)
        {
            return null;
        }

        if (type.CreateObject is null && type.Properties.All(member => member.AssociatedParameter is null))
        {
            return ObjectFields.IsOfFramework(type.Type) ? OfFramework(type.Type, path) : new(
                path,
                $"is {(isAbstract ? "an abstract" : "a")} {TypeText.Of(type.Type)}, which can be written but not made again",
                isAbstract
                    ? "Name the types it can be with [JsonDerivedType(typeof(…), \"…\")], or take one of them"
                    : "It needs a public constructor, and if it has several, [JsonConstructor] on one of them");
        }

        if (ObjectFields.Lost(type) is { } lost)
        {
            if (lost.Field.IsPublic && !type.Options.IncludeFields)
            {
                return new(path, $"has the field {TypeText.Of(type.Type)}.{lost.Field.Name}, and the options do not write fields", "Set IncludeFields");
            }

            if (ObjectFields.IsOfFramework(type.Type))
            {
                return OfFramework(type.Type, path);
            }

            var owner = TypeText.Of(lost.Field.DeclaringType!);
            return lost.Member is { } shown
                ? new($"{path}.{shown.Name}", $"({owner}.{ObjectFields.Name(lost.Field)}) is written, but nothing reads it", MemberCheck.ByConstructor)
                : new(
                    path,
                    $"has the field {owner}.{ObjectFields.Name(lost.Field)}, which is not written",
                    "Show it as a public property with init or set, put [JsonIgnore] on it if it may be lost");
        }

        return type.Properties.Select(member => Member(type, member, $"{path}.{member.Name}", depth)).FirstOrDefault(trouble => trouble is not null);
    }

    private static Trouble OfFramework(Type type, string path) =>
        new(path, $"is a {TypeText.Of(type)}, which System.Text.Json writes but does not read", "Take text or numbers in its place");

    private Trouble? Member(JsonTypeInfo type, JsonPropertyInfo member, string path, int depth)
    {
        if (member.Get is null || member.CustomConverter is not null)
        {
            return member.CustomConverter is NumberMembers.IHandled ? MemberCheck.Text(type, member, path) : null;
        }

        var isRead = member.Set is not null || member.AssociatedParameter is not null;
        if (!isRead)
        {
            // Computed of others: it is written for readers elsewhere, and computed again here.
            return IsSupported(type.Options.GetTypeInfo(member.PropertyType)) ? null : new(
                path, $"is a {TypeText.Of(member.PropertyType)}, which cannot be written", "Put [JsonIgnore] on it");
        }

        return MemberCheck.Initial(type, member, path) ?? MemberCheck.Text(type, member, path) ?? Walk(member.PropertyType, type.Options, path, depth + 1);
    }

    private static bool IsOpen(JsonTypeInfo type) =>
        type.Type == typeof(JsonElement)
        || type.Type == typeof(JsonDocument)
        || (IsOfUser(type.Converter) && type.Converter.GetType().Assembly != typeof(ResultCheck).Assembly)
        || (type.Kind == JsonTypeInfoKind.Object && type.Properties.Any(member => member.IsExtensionData || member.CustomConverter is not (null or NumberMembers.IHandled)))
        || (type.KeyType is { } key && IsOpen(type.Options.GetTypeInfo(key)));

    private static bool IsOptional(Type type) =>
        Nullable.GetUnderlyingType(type) is not null || DefaultJson.IsFSharpOption(type) || type.FullName == "Microsoft.FSharp.Core.Unit";

    private static bool IsMemory(Type type) =>
        type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Memory<>) || type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>));

    private static bool IsOfUser(JsonConverter converter) => !ObjectFields.IsOfFramework(converter.GetType());

    private static bool IsSupported(JsonTypeInfo type) =>
        type.Kind != JsonTypeInfoKind.None || IsOfUser(type.Converter) || type.ElementType is not null || CanRead(type, "0"u8);

    private static bool CanRead(JsonTypeInfo type, ReadOnlySpan<byte> json)
    {
        try
        {
            JsonSerializer.Deserialize(json, type);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
        catch (Exception)
        {
            // Another value would do.
            return true;
        }
    }

    private static bool Reversed(Type type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if ((level.IsGenericType ? level.GetGenericTypeDefinition() : level).FullName is
                "System.Collections.Stack" or "System.Collections.Generic.Stack`1" or "System.Collections.Concurrent.ConcurrentStack`1"
                or "System.Collections.Immutable.ImmutableStack`1" or "System.Collections.Immutable.IImmutableStack`1")
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>What a result would lose, and what can be done about it.</summary>
internal sealed record Trouble(string Path, string What, string Remedy);
