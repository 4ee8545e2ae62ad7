using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>Ways to turn your results into JSON and back.</summary>
/// <example>
/// <code>
/// Algorithm.Create&lt;Load, Demand&gt;(…).WithMonitorCodec(Codec.Json(MyContext.Default.Load))
/// Algorithm.Create&lt;Load, Demand&gt;(…).WithMonitorCodec(Codec.FromText(load => load.ToJson(), Load.FromJson))
/// </code>
/// </example>
public static class Codec
{
    /// <summary>
    /// The codec for results without a type of their own: any JSON object, as a Python <c>dict</c>. Numbers keep their
    /// digits.
    /// </summary>
    public static ResultCodec<JsonObject> Untyped { get; } = new UntypedCodec();

    /// <summary>
    /// The default: System.Text.Json with camelCase names, so that steps written in other languages can share the loop.
    /// Missing members without a default value are errors, whole numbers may be written as <c>1.0E7</c>, NaN is refused.
    /// Every type of the result is looked at: it comes back as it was written, or is refused.
    /// </summary>
    /// <typeparam name="T">A class or record; C# and F# records, F# options, lists and maps, dictionaries with text or node keys.</typeparam>
    /// <exception cref="ArgumentException">The type cannot be a JSON object, or would not come back as it was written; names the member and what to do.</exception>
    public static ResultCodec<T> Json<[DynamicallyAccessedMembers(ResultTypes.Members)] T>()
        where T : class =>
        typeof(T) == typeof(JsonObject) ? (ResultCodec<T>)(object)Untyped
        : typeof(T) == typeof(Measurements) ? (ResultCodec<T>)(object)MeasurementsCodec.Instance
        : new JsonCodec<T>(DefaultJson.Options);

    /// <summary>System.Text.Json with your options, taken as they are; members without a public setter are read as well.</summary>
    /// <typeparam name="T">A type that is written as a JSON object.</typeparam>
    /// <param name="options">Your options. Without a type resolver the one that uses reflection is set.</param>
    /// <exception cref="ArgumentException">The type cannot be a JSON object with these options, or would not come back as it was written.</exception>
    public static ResultCodec<T> Json<[DynamicallyAccessedMembers(ResultTypes.Members)] T>(
        JsonSerializerOptions options)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(options);
        return new JsonCodec<T>(DefaultJson.WithResolver(options));
    }

    /// <summary>
    /// The default of <see cref="Json{T}()"/> with source-generated metadata: no reflection, so the process starts sooner
    /// and can be trimmed or compiled natively.
    /// </summary>
    /// <typeparam name="T">A type that is written as a JSON object.</typeparam>
    /// <param name="metadata">A context with <c>[JsonSerializable(typeof(T))]</c>, for example <c>MyContext.Default</c>. Its own options do not count.</param>
    /// <exception cref="ArgumentException">The context does not know the type, it cannot be a JSON object, or would not come back as it was written.</exception>
    public static ResultCodec<T> Json<T>(IJsonTypeInfoResolver metadata)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(metadata);
        return DefaultJson.Create(metadata).TryGetTypeInfo(typeof(T), out var type)
            ? new JsonCodec<T>((JsonTypeInfo<T>)type)
            : throw new ArgumentException(
                $"{metadata.GetType().Name} does not know {TypeText.Of(typeof(T))}. Put [JsonSerializable(typeof({typeof(T).Name}))] on it.", nameof(metadata));
    }

    /// <summary>System.Text.Json with source-generated metadata: no reflection, fit for trimming and native compilation.</summary>
    /// <typeparam name="T">A type that is written as a JSON object.</typeparam>
    /// <param name="typeInfo">The metadata, for example <c>MyContext.Default.Load</c>. Its options are taken as they are:
    /// put <c>[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]</c> on the context for camelCase names.</param>
    /// <exception cref="ArgumentException">The type cannot be a JSON object with this metadata, or would not come back as it was written.</exception>
    public static ResultCodec<T> Json<T>(JsonTypeInfo<T> typeInfo)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(typeInfo);
        var options = typeInfo.Options;
        return options.TypeInfoResolver is not null && options.TryGetTypeInfo(typeof(T), out var known) && known == typeInfo
            ? new JsonCodec<T>(Repairs.Of(options))
            : new JsonCodec<T>(typeInfo);
    }

    /// <summary>A codec of two text functions, for other JSON libraries.</summary>
    /// <typeparam name="T">The result type.</typeparam>
    /// <param name="encode">Gives the JSON text of a result.</param>
    /// <param name="decode">Reads JSON text, throws any exception if it does not fit.</param>
    public static ResultCodec<T> FromText<T>(Func<T, string> encode, Func<string, T> decode)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(encode);
        ArgumentNullException.ThrowIfNull(decode);
        return new TextCodec<T>(encode, decode);
    }
}
