using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace Kta.Functional.Recording;

/// <summary>Writes one line of a recording. The format is described in <c>docs/record-and-replay.md</c>.</summary>
internal static class CallRecordWriter
{
    internal const int FormatVersion = 1;

    /// <summary>What an editor may have put before the first line.</summary>
    internal static ReadOnlySpan<byte> Bom => "\uFEFF"u8;

    /// <summary>What every line begins with.</summary>
    internal static ReadOnlySpan<byte> Beginning => "{\"v\":1,"u8;

    /// <summary>A request may be as deep as we accept it, and stands one level deeper in its line.</summary>
    internal const int DeepestNesting = JsonFormat.DeepestNesting + 1;

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JsonFormat.Encoder,
        MaxDepth = DeepestNesting,
    };

    internal static void Write(CallRecord call, ArrayBufferWriter<byte> output)
    {
        using (var writer = new Utf8JsonWriter(output, WriterOptions))
        {
            Begin(writer, call.At);
            writer.WriteString(CallNames.Algorithm, call.Algorithm);
            if (call.Version.Length > 0)
            {
                writer.WriteString(CallNames.Version, call.Version);
            }

            writer.WriteString(CallNames.Step, call.Step.Name());
            writer.WriteNumber(CallNames.Milliseconds, call.Duration.Ticks / (decimal)TimeSpan.TicksPerMillisecond);
            if (call.Status is { } status)
            {
                writer.WriteNumber(CallNames.Status, status);
            }

            if (call.Error is { } error)
            {
                writer.WriteStartObject(CallNames.Error);
                writer.WriteString(CallNames.Type, error.Type);
                writer.WriteString(CallNames.Message, error.Message);
                writer.WriteEndObject();
            }

            WriteReasons(writer, call.Reasons);
            WriteBody(writer, call.Reply.Span, CallNames.Reply, CallNames.ReplyBase64);
            WriteBody(writer, call.Request.Span, CallNames.Request, CallNames.RequestBase64);
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    /// <summary>Says in the recording itself that calls are missing from it.</summary>
    internal static void WriteGap(DateTimeOffset at, long dropped, ArrayBufferWriter<byte> output)
    {
        using (var writer = new Utf8JsonWriter(output, WriterOptions))
        {
            Begin(writer, at);
            writer.WriteNumber(CallNames.Dropped, dropped);
            writer.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void Begin(Utf8JsonWriter writer, DateTimeOffset at)
    {
        writer.WriteStartObject();
        writer.WriteNumber(CallNames.Format, FormatVersion);
        writer.WriteString(CallNames.At, at.UtcDateTime);
    }

    private static void WriteReasons(Utf8JsonWriter writer, IReadOnlyDictionary<string, IReadOnlyList<string>> reasons)
    {
        if (reasons.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(CallNames.Reasons);
        foreach (var (node, texts) in reasons)
        {
            writer.WriteStartArray(node);
            foreach (var text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, ReadOnlySpan<byte> body, JsonEncodedText name, JsonEncodedText base64Name)
    {
        if (FitsIntoLine(body))
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(body, skipInputValidation: true);
        }
        else if (!body.IsEmpty)
        {
            writer.WriteBase64String(base64Name, body);
        }
    }

    /// <summary>Whether the bytes can stand in a line as they are and be cut out of it again without a difference.</summary>
    private static bool FitsIntoLine(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body.IndexOfAny((byte)'\n', (byte)'\r') >= 0 || IsSpace(body[0]) || IsSpace(body[^1]) || !Utf8.IsValid(body))
        {
            return false;
        }

        var reader = new Utf8JsonReader(body, JsonFormat.Reading);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }

        static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t';
    }
}

/// <summary>The member names of a line.</summary>
internal static class CallNames
{
    internal static readonly JsonEncodedText Format = JsonEncodedText.Encode("v");
    internal static readonly JsonEncodedText Recording = JsonEncodedText.Encode("recording");
    internal static readonly JsonEncodedText File = JsonEncodedText.Encode("file");
    internal static readonly JsonEncodedText Oldest = JsonEncodedText.Encode("oldest");
    internal static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    internal static readonly JsonEncodedText Algorithm = JsonEncodedText.Encode("algorithm");
    internal static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    internal static readonly JsonEncodedText Step = JsonEncodedText.Encode("step");
    internal static readonly JsonEncodedText Milliseconds = JsonEncodedText.Encode("ms");
    internal static readonly JsonEncodedText Status = JsonEncodedText.Encode("status");
    internal static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");
    internal static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    internal static readonly JsonEncodedText Message = JsonEncodedText.Encode("message");
    internal static readonly JsonEncodedText Reasons = JsonEncodedText.Encode("reasons");
    internal static readonly JsonEncodedText Reply = JsonEncodedText.Encode("reply");
    internal static readonly JsonEncodedText ReplyBase64 = JsonEncodedText.Encode("replyBase64");
    internal static readonly JsonEncodedText Request = JsonEncodedText.Encode("request");
    internal static readonly JsonEncodedText RequestBase64 = JsonEncodedText.Encode("requestBase64");
    internal static readonly JsonEncodedText Dropped = JsonEncodedText.Encode("dropped");
}
