using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Kta.Functional;

internal sealed class TextCodec<T>(Func<T, string> encode, Func<string, T> decode) : ResultCodec<T>
    where T : class
{
    public override void Write(T value, IBufferWriter<byte> output)
    {
        var text = encode(value)
            ?? throw new UdfResultException($"the codec's encode function gave null for a {TypeText.Of(typeof(T))}. It has to give JSON text.");
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var reader = new Utf8JsonReader(bytes, JsonFormat.Reading);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                throw new UdfResultException(
                    $"the codec's encode function gave {JsonErrorText.Name(reader.TokenType)} for a {TypeText.Of(typeof(T))}: " +
                    $"'{SafeExcerpt.Of(text)}'. It has to give the text of one JSON object.");
            }

            while (reader.Read())
            {
            }

            if (JsonErrorText.PathTwice(bytes) is { } path)
            {
                throw new UdfResultException(
                    $"the codec's encode function gave the member {SafeExcerpt.Of(path)} twice for a {TypeText.Of(typeof(T))}; readers take the first one, or the last.");
            }
        }
        catch (JsonException error)
        {
            throw new UdfResultException(
                $"the codec's encode function gave text that is not JSON for a {TypeText.Of(typeof(T))} " +
                $"({JsonErrorText.Describe(error)}): '{SafeExcerpt.Of(text)}'.",
                error);
        }

        output.Write(bytes);
    }

    public override T Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return decode(Encoding.UTF8.GetString(json))
                   ?? throw new UnreadableResultException("$", "the codec's decode function gave null");
        }
        catch (Exception error) when (error is not UnreadableResultException)
        {
            throw new UnreadableResultException("$", ThrownText.MessageOf(error));
        }
    }
}
