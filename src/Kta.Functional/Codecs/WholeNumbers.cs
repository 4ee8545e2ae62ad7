using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using static System.FormattableString;

namespace Kta.Functional;

/// <summary>
/// Whole numbers written as floats are still whole: Java's JSON libraries turn the <c>10000000.0</c> of another language
/// into <c>1.0E7</c>.
/// </summary>
internal static class WholeNumbers
{
    internal static void AddTo(IList<JsonConverter> converters)
    {
        converters.Add(new Converter<int>());
        converters.Add(new Converter<long>());
        converters.Add(new Converter<short>());
        converters.Add(new Converter<byte>());
        converters.Add(new Converter<sbyte>());
        converters.Add(new Converter<uint>());
        converters.Add(new Converter<ulong>());
        converters.Add(new Converter<ushort>());
    }

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                throw new JsonException($"a whole number is needed, not {Wire.JsonTroubles.Name(reader.TokenType)}");
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
                    Invariant($"a whole number from {T.MinValue} to {T.MaxValue} is needed, not {Wire.Excerpt.Of(Text(ref reader))}"));
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            Span<byte> digits = stackalloc byte[32];
            value.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
            writer.WriteRawValue(digits[..length], skipInputValidation: true);
        }

        public override T ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Parse(reader.ValueSpan)
            ?? throw new JsonException($"a whole number is needed as the name of a member, not '{Wire.Excerpt.Of(reader.GetString()!)}'");

        public override void WriteAsPropertyName(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WritePropertyName(value.ToString(null, CultureInfo.InvariantCulture));

        private static T? Parse(ReadOnlySpan<byte> digits) =>
            T.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

        private static string Text(ref Utf8JsonReader reader) => System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
    }
}
