using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary><c>[JsonNumberHandling]</c> for whole numbers, which our own converters read and write.</summary>
internal static class NumberMembers
{
    internal static void Apply(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        foreach (var member in type.Properties)
        {
            if (member is { CustomConverter: null } && (member.NumberHandling ?? type.NumberHandling) is { } handling and not JsonNumberHandling.Strict
                && IsOfWholeNumbers(member.PropertyType))
            {
                member.CustomConverter = ConverterOf(member.PropertyType, handling, type.Options);
                member.NumberHandling = JsonNumberHandling.Strict;
            }
        }
    }

    /// <summary>Numbers, or something of which the elements are numbers.</summary>
    internal static bool IsOfNumbers(JsonTypeInfo type) =>
        IsNumber(type.Type) || (type.ElementType is { } element && IsNumber(Nullable.GetUnderlyingType(element) ?? element));

    private static bool IsNumber(Type type) =>
        WholeNumbers.Types.Contains(type)
        || type == typeof(double) || type == typeof(float) || type == typeof(decimal)
        || type == typeof(Half) || type == typeof(Int128) || type == typeof(UInt128);

    private static bool IsOfWholeNumbers(Type type) =>
        WholeNumbers.Types.Contains(type)
        || (type.IsArray && IsOfWholeNumbers(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments() is [.., var last] && IsOfWholeNumbers(last));

    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Value types are listed; for all others there is one piece of code.")]
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The type is a member's, which the metadata describes.")]
    private static JsonConverter ConverterOf(Type member, JsonNumberHandling handling, JsonSerializerOptions options)
    {
        var inner = new Lazy<JsonSerializerOptions>(() => WithHandling(options, handling));
        return WholeNumbers.Handled(member, handling, inner)
            ?? (JsonConverter)Activator.CreateInstance(typeof(Handled<>).MakeGenericType(member), handling, inner)!;
    }

    private static JsonSerializerOptions WithHandling(JsonSerializerOptions options, JsonNumberHandling handling)
    {
        var inner = new JsonSerializerOptions(options) { NumberHandling = handling };
        inner.Converters.Clear();
        WholeNumbers.AddTo(inner.Converters, handling);
        inner.MakeReadOnly();
        return inner;
    }

    internal interface IHandled
    {
        JsonNumberHandling Handling { get; }

        /// <summary>The metadata of the type with the options that read it.</summary>
        JsonTypeInfo ReadWith { get; }
    }

    /// <summary>Reads and writes a member with other options.</summary>
    internal sealed class Handled<T>(JsonNumberHandling handling, Lazy<JsonSerializerOptions> inner) : JsonConverter<T>, IHandled
    {
        public JsonNumberHandling Handling => handling;

        public JsonTypeInfo ReadWith => inner.Value.GetTypeInfo(typeof(T));

        public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)inner.Value.GetTypeInfo(typeof(T)));

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, (JsonTypeInfo<T>)inner.Value.GetTypeInfo(typeof(T)));
    }
}
