using System.Collections;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kta.Functional.Statelessness;

/// <summary>What is known of types without looking into them.</summary>
internal static class Mutability
{
    private static readonly FrozenSet<Type> Immutable = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(Half), typeof(Int128), typeof(UInt128), typeof(BigInteger), typeof(Complex),
        typeof(CancellationToken), typeof(Regex), typeof(CultureInfo), typeof(Rune), typeof(Range), typeof(Index), typeof(JsonEncodedText),
        typeof(Encoding), typeof(UTF8Encoding), typeof(DBNull), typeof(object), typeof(JsonSerializerOptions), typeof(TimeZoneInfo),
    }.ToFrozenSet();

    internal static bool IsImmutableLeaf(Type type) =>
        type.IsPrimitive
        || type.IsEnum
        || type.IsPointer
        || Immutable.Contains(type)
        || typeof(Type).IsAssignableFrom(type)
        || typeof(Exception).IsAssignableFrom(type)
        || typeof(Encoding).IsAssignableFrom(type)
        || typeof(StringComparer).IsAssignableFrom(type)
        || type.Assembly == typeof(Algorithm).Assembly
        || IsResultCodec(type)
        || IsFSharpCore(type) && type.Name is "Unit";

    /// <summary>Collections that cannot change; their items still can.</summary>
    internal static bool IsImmutableCollection(Type type) =>
        type.Namespace is "System.Collections.Immutable" or "System.Collections.Frozen" && !type.Name.Contains("Builder", StringComparison.Ordinal)
        || typeof(FrozenSet<>).Assembly == type.Assembly && type.Name.Contains("Frozen", StringComparison.Ordinal)
        || IsFSharpCore(type) && type.Name is "FSharpList`1" or "FSharpMap`2" or "FSharpSet`1" or "FSharpOption`1" or "FSharpValueOption`1";

    /// <summary>Why an object of this type can change, and what to write instead; null if only its fields can tell.</summary>
    internal static string? WhyMutable(Type type)
    {
        if (type.IsArray)
        {
            return "its elements can be set; capture an ImmutableArray or, in F#, a list";
        }

        if (type.IsGenericType && IsFSharpCore(type) && type.Name == "FSharpRef`1")
        {
            return "a ref cell can be set; bind the value itself";
        }

        if (typeof(StringBuilder).IsAssignableFrom(type))
        {
            return "text can be appended; capture a string";
        }

        if (typeof(IDictionary).IsAssignableFrom(type) || Implements(type, typeof(IDictionary<,>)))
        {
            return "entries can be set; capture a FrozenDictionary, an ImmutableDictionary or, in F#, a Map";
        }

        if (typeof(IList).IsAssignableFrom(type) || Implements(type, typeof(ICollection<>)) || IsQueueLike(type))
        {
            return "items can be added; capture an ImmutableArray, a FrozenSet or, in F#, a list";
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() is { } open && (open == typeof(StrongBox<>) || open == typeof(ThreadLocal<>) || open == typeof(AsyncLocal<>)))
        {
            return "its value can be set; capture the value itself";
        }

        return type.IsClass && IsFrameworkType(type) && !IsImmutableCollection(type) && !IsTupleOrLazy(type)
            ? "the framework does not promise that it never changes; wrap it into Service.Of(…) if it is a client or service"
            : null;
    }

    internal static bool IsFSharpCore(Type type) => type.Assembly.GetName().Name == "FSharp.Core";

    internal static bool IsFrameworkType(Type type) =>
        type.Namespace is { } name
        && (name == "System" || name.StartsWith("System.", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal));

    private static bool IsResultCodec(Type type)
    {
        for (var up = type; up is not null; up = up.BaseType)
        {
            if (up.IsGenericType && up.GetGenericTypeDefinition() == typeof(ResultCodec<>))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTupleOrLazy(Type type) =>
        type.IsGenericType && (type.FullName!.StartsWith("System.Tuple`", StringComparison.Ordinal)
            || type.GetGenericTypeDefinition() == typeof(Lazy<>)
            || type.GetGenericTypeDefinition() == typeof(ReadOnlyMemory<>));

    private static bool IsQueueLike(Type type) =>
        type.Namespace is "System.Collections" or "System.Collections.Generic" or "System.Collections.Concurrent"
        && typeof(IEnumerable).IsAssignableFrom(type);

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "An interface that was trimmed is not used.")]
    private static bool Implements(Type type, Type contract) =>
        !IsImmutableCollection(type)
        && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == contract);
}
