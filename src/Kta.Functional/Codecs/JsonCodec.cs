using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

internal sealed class JsonCodec<T> : ResultCodec<T>
    where T : class
{
    private const string NotAnObject =
        "is not written as a JSON object, and the operator reads nothing else. " +
        "Wrap it into a record, for example: record Load(double RecordsPerSecond).";

    private readonly JsonTypeInfo<T> _type;

    /// <summary>Whether a value can be written with a name twice.</summary>
    private readonly bool _isOpen;

    internal JsonCodec(JsonSerializerOptions options)
        : this(Known(options))
    {
    }

    internal JsonCodec(JsonTypeInfo<T> type)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable || CannotBeAnObject(typeof(T)))
        {
            throw new ArgumentException(
                $"{TypeText.Of(typeof(T))} cannot be the result of a step: it {NotAnObject}");
        }

        if (type is { Kind: JsonTypeInfoKind.Object, Properties.Count: 0 } && HasHiddenMembers())
        {
            throw new ArgumentException(
                $"{TypeText.Of(typeof(T))} cannot be the result of a step: none of its members is public, so it would be written as {{}}. " +
                "Make them public; in F#, a private record has none.");
        }

        _isOpen = ResultCheck.Of(type);

        _type = type;
    }

    private static JsonTypeInfo<T> Known(JsonSerializerOptions options)
    {
        try
        {
            return (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        }
        catch (NotSupportedException error)
        {
            throw new ArgumentException($"{TypeText.Of(typeof(T))} cannot be the result of a step: {error.Message}", error);
        }
        catch (Exception error) when (error is InvalidOperationException or MissingMemberException)
        {
            throw new ArgumentException(
                $"{TypeText.Of(typeof(T))} cannot be the result of a step: System.Text.Json cannot work with it: {error.Message.TrimEnd('.')}. " +
                "Change it (a [JsonConverter] on an F# option has to be one of the option), " +
                "or give the algorithm a codec of your own with Codec.FromText (F#: Codec.ofText).",
                error);
        }
    }

    /// <summary>A number that is absent is not a zero: only members that can be null say nothing by their absence.</summary>
    internal override bool TakesNothing =>
        _type.Kind != JsonTypeInfoKind.Object
        || _type.Properties.All(member =>
            !member.PropertyType.IsValueType
            || Nullable.GetUnderlyingType(member.PropertyType) is not null
            || DefaultJson.IsFSharpOption(member.PropertyType));

    internal override bool IsShareable { get; } = Attribute.IsDefined(typeof(T), typeof(ImmutableResultAttribute), inherit: false);

    public override void Write(T value, IBufferWriter<byte> output)
    {
        if (_type.Kind != JsonTypeInfoKind.None && !_isOpen)
        {
            WriteAny(value, output);
            return;
        }

        // A converter decides what is written, or the value does: only the text tells whether it is an object, and a right one.
        var written = new ArrayBufferWriter<byte>();
        WriteAny(value, written);
        if (written.WrittenSpan is not [(byte)'{', ..])
        {
            throw new UdfResultException($"the result {TypeText.Of(typeof(T))} {NotAnObject}");
        }

        if (_isOpen && JsonErrorText.PathTwice(written.WrittenMemory) is { } path)
        {
            throw new UdfResultException($"the result {TypeText.Of(typeof(T))} has the member {SafeExcerpt.Of(path)} twice; readers take the first one, or the last.");
        }

        output.Write(written.WrittenSpan);
    }

    public override JsonNode? DescribeSchema() => ResultSchema.Of(_type);

    public override T Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, _type)
                   ?? throw new UnreadableResultException("$", "null");
        }
        catch (JsonException error)
        {
            throw new UnreadableResultException(error.Path ?? "$", JsonErrorText.Describe(error));
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException or ArgumentException or FormatException
                                          and not UnreadableResultException)
        {
            throw new UnreadableResultException("$", ThrownText.MessageOf(error));
        }
    }

    private void WriteAny(T value, IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(
            output,
            new JsonWriterOptions { Encoder = _type.Options.Encoder, MaxDepth = _type.Options.MaxDepth, SkipValidation = true });
        try
        {
            JsonSerializer.Serialize(writer, value, _type);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or JsonException or InvalidOperationException)
        {
            throw new UdfResultException(
                NotFinite.PathIn(value, _type) is { } path
                    ? $"the result {TypeText.Of(typeof(T))} has a number that JSON cannot hold (NaN or Infinity) at {path}. " +
                      "Decide in the step what shall be sent instead."
                    : $"the result {TypeText.Of(typeof(T))} cannot be written as JSON: {ThrownText.MessageOf(error)}",
                error);
        }
    }

    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "A trimmed member is not found, and then there is no complaint.")]
    private static bool HasHiddenMembers() =>
        typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic)
            .Any(member => member.GetMethod is { IsAssembly: true } or { IsFamilyOrAssembly: true });

    private static bool CannotBeAnObject(Type type) =>
        type == typeof(string)
        || type == typeof(Uri)
        || type == typeof(Version)
        || type == typeof(JsonArray)
        || type == typeof(JsonValue)
        || DefaultJson.IsFSharpOption(type)
        || type.IsArray
        || typeof(Delegate).IsAssignableFrom(type);
}

/// <summary>Finds the member that holds NaN or Infinity once writing has failed.</summary>
internal static class NotFinite
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Only improves a message; falls back to none.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Only improves a message; falls back to none.")]
    internal static string? PathIn<T>(T value, JsonTypeInfo<T> type)
    {
        try
        {
            var lenient = new JsonSerializerOptions(type.Options)
            {
                NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            };
            using var document = JsonSerializer.SerializeToDocument(value, (JsonTypeInfo<T>)lenient.GetTypeInfo(typeof(T)));
            return Find(document.RootElement, "$");
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException or JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? Find(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .Select(member => Find(member.Value, $"{path}.{member.Name}")).FirstOrDefault(found => found is not null),
        JsonValueKind.Array => element.EnumerateArray()
            .Select((item, i) => Find(item, $"{path}[{i}]")).FirstOrDefault(found => found is not null),
        JsonValueKind.String when element.GetString() is "NaN" or "Infinity" or "-Infinity" => path,
        _ => null,
    };
}
