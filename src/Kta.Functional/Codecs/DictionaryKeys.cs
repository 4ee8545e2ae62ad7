using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>What can be the name of a JSON member and be read from it again.</summary>
internal static class DictionaryKeys
{
    private static readonly HashSet<Type> s_known =
    [
        typeof(string), typeof(char), typeof(bool), typeof(Guid), typeof(Uri), typeof(Version),
        typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(float), typeof(double), typeof(decimal), typeof(Half), typeof(Int128), typeof(UInt128),
        typeof(sbyte), typeof(byte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
    ];

    internal static string? Trouble(JsonTypeInfo dictionary)
    {
        var key = dictionary.KeyType!;
        if (dictionary.Options.DictionaryKeyPolicy is not null)
        {
            return "has keys that the DictionaryKeyPolicy of the options changes when they are written";
        }

        var converter = dictionary.Options.GetTypeInfo(key).Converter;
        var isKnown = s_known.Contains(key) || key.IsEnum;
        return (isKnown && ObjectFields.IsOfFramework(converter.GetType())) || CanBeNames(converter)
            ? null
            : $"has keys of the type {TypeText.Of(key)}, which cannot be the names of JSON members";
    }

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Overrides of methods that are called are not trimmed.")]
    private static bool CanBeNames(JsonConverter converter) =>
        !ObjectFields.IsOfFramework(converter.GetType())
        // Natively there may be no names of methods to ask for.
        && (!RuntimeFeature.IsDynamicCodeSupported || new[] { nameof(JsonConverter<>.ReadAsPropertyName), nameof(JsonConverter<>.WriteAsPropertyName) }
            .All(name => converter.GetType().GetMethod(name)?.DeclaringType is { } owner && !ObjectFields.IsOfFramework(owner)));
}
