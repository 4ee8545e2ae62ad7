using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Kta.Functional;

/// <summary>
/// Whole numbers written as floats are still whole: Java's JSON libraries turn the <c>10000000.0</c> of another language
/// into <c>1.0E7</c>.
/// </summary>
internal static class WholeNumbers
{
    private static readonly Kind[] s_kinds =
    [
        new Kind<int>(), new Kind<long>(), new Kind<short>(), new Kind<byte>(),
        new Kind<sbyte>(), new Kind<uint>(), new Kind<ulong>(), new Kind<ushort>(),
    ];

    /// <summary>The types of whole numbers, and the same with null.</summary>
    internal static HashSet<Type> Types { get; } = [.. s_kinds.SelectMany(kind => kind.Types)];

    /// <summary>The least and the greatest number of one of <see cref="Types"/>; null for other types.</summary>
    internal static (decimal Least, decimal Most)? Limits(Type type) => s_kinds.FirstOrDefault(kind => kind.Types.Contains(type))?.Limits;

    internal static void AddTo(IList<JsonConverter> converters, JsonNumberHandling handling = JsonNumberHandling.Strict)
    {
        foreach (var kind in s_kinds)
        {
            converters.Add(kind.Converter(handling));
        }
    }

    /// <summary>A converter for one of <see cref="Types"/> that reads and writes with other options; null for other types.</summary>
    internal static JsonConverter? Handled(Type type, JsonNumberHandling handling, Lazy<JsonSerializerOptions> inner) =>
        s_kinds.FirstOrDefault(kind => kind.Types.Contains(type))?.Handled(type, handling, inner);

    private abstract class Kind
    {
        internal abstract Type[] Types { get; }

        internal abstract (decimal Least, decimal Most) Limits { get; }

        internal abstract JsonConverter Converter(JsonNumberHandling handling);

        internal abstract JsonConverter Handled(Type type, JsonNumberHandling handling, Lazy<JsonSerializerOptions> inner);
    }

    private sealed class Kind<T> : Kind
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        internal override Type[] Types { get; } = [typeof(T), typeof(T?)];

        internal override (decimal Least, decimal Most) Limits { get; } = (decimal.CreateChecked(T.MinValue), decimal.CreateChecked(T.MaxValue));

        internal override JsonConverter Converter(JsonNumberHandling handling) => new Converter<T>(handling);

        internal override JsonConverter Handled(Type type, JsonNumberHandling handling, Lazy<JsonSerializerOptions> inner) =>
            type == typeof(T) ? new NumberMembers.Handled<T>(handling, inner) : new NumberMembers.Handled<T?>(handling, inner);
    }

    private sealed class Converter<T>(JsonNumberHandling handling) : JsonConverter<T>, ISchemaOwner
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String && handling.HasFlag(JsonNumberHandling.AllowReadingFromString))
            {
                return Parse(reader.ValueSpan)
                    ?? throw new JsonException($"a whole number is needed, not the text '{SafeExcerpt.Of(reader.GetString()!)}'");
            }

            if (reader.TokenType != JsonTokenType.Number)
            {
                throw new JsonException($"a whole number is needed, not {JsonErrorText.Name(reader.TokenType)}");
            }

            if (Parse(reader.ValueSpan) is { } whole)
            {
                return whole;
            }

            // Beyond 2^53 a float is no longer exact, and what came from one is a guess.
            return reader.TryGetDouble(out var number) && Math.Abs(number) < 1L << 53 && Math.Truncate(number) == number
                   && number >= double.CreateSaturating(T.MinValue) && number <= double.CreateSaturating(T.MaxValue)
                ? T.CreateChecked(number)
                : throw new JsonException(
                    Invariant($"a whole number from {T.MinValue} to {T.MaxValue} is needed, not {SafeExcerpt.Of(Text(ref reader))}"));
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            Span<byte> digits = stackalloc byte[32];
            value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
            if (handling.HasFlag(JsonNumberHandling.WriteAsString))
            {
                writer.WriteStringValue(digits[..length]);
            }
            else
            {
                writer.WriteRawValue(digits[..length], skipInputValidation: true);
            }
        }

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.ValueSpan)
            ?? throw new JsonException($"a whole number is needed as the name of a member, not '{SafeExcerpt.Of(reader.GetString()!)}'");

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.ToString(null, CultureInfo.InvariantCulture));

        public JsonObject DescribeSchema(Type type) => ValueSchema.Whole(
            typeof(T), decimal.CreateChecked(T.MinValue), decimal.CreateChecked(T.MaxValue), handling.HasFlag(JsonNumberHandling.AllowReadingFromString));

        private static T? Parse(ReadOnlySpan<byte> digits) =>
            T.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

        private static string Text(ref Utf8JsonReader reader) => System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
    }
}
