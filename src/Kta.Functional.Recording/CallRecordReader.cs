using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using static System.FormattableString;

namespace Kta.Functional.Recording;

/// <summary>Reads one line of a recording: what it does not know it skips, what it cannot read it says.</summary>
internal static class CallRecordReader
{
    private const int LongestRest = 200;

    /// <summary>Reads a line. The record keeps parts of <paramref name="line"/>, which must not change any more.</summary>
    internal static RecordedLine Read(string? file, long number, byte[] line, bool hasEnd)
    {
        try
        {
            // Not before: a line that was torn inside of a character is torn, not damaged.
            var read = Read(file, number, line);
            return Utf8.IsValid(line) ? read : new(file, number) { Problem = "the line is not UTF-8" };
        }
        catch (EndOfStreamException)
        {
            return new(file, number) { Problem = "the line is torn: it ends too early", IsTorn = true };
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            var problem = error is JsonException json ? $"the line is not JSON: {JsonErrorText.Describe(json)}" : $"the line is damaged: {error.Message}";
            return new(file, number) { Problem = problem, IsTorn = !hasEnd };
        }
    }

    private static RecordedLine Read(string? file, long number, byte[] line)
    {
        // Not the final block: so an end that comes too early can be told from an error.
        var reader = new Utf8JsonReader(line, isFinalBlock: false, new(new JsonReaderOptions { MaxDepth = CallRecordWriter.DeepestNesting }));
        var format = 0;
        long? dropped = null;
        string? step = null;
        var call = new CallRecord();
        Move(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException("it is no object");
        }

        while (Move(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            Move(ref reader);
            switch (name)
            {
                case "v": format = reader.GetInt32(); break;
                case "at": call = call with { At = reader.GetDateTimeOffset() }; break;
                case "algorithm": call = call with { Algorithm = reader.GetString() ?? "" }; break;
                case "version": call = call with { Version = reader.GetString() ?? "" }; break;
                case "step": step = reader.GetString(); break;
                case "ms": call = call with { Duration = Duration(reader.GetDecimal()) }; break;
                case "status": call = call with { Status = reader.GetInt32() }; break;
                case "error": call = call with { Error = ReadError(ref reader) }; break;
                case "reasons": call = call with { Reasons = ReadReasons(ref reader) }; break;
                case "reply": call = call with { Reply = Cut(ref reader, line) }; break;
                case "replyBase64": call = call with { Reply = reader.GetBytesFromBase64() }; break;
                case "request": call = call with { Request = Cut(ref reader, line) }; break;
                case "requestBase64": call = call with { Request = reader.GetBytesFromBase64() }; break;
                case "dropped": dropped = reader.GetInt64(); break;
                default: Skip(ref reader); break;
            }
        }

        var rest = line.AsSpan((int)reader.BytesConsumed).Trim(" \t\r"u8);
        if (!rest.IsEmpty)
        {
            throw new FormatException(
                $"after the call it goes on with '{SafeExcerpt.Of(Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, LongestRest)]))}', as if lines had been joined");
        }

        if (format != CallRecordWriter.FormatVersion)
        {
            throw new FormatException(Invariant($"its format \"v\" is {format}, this version reads {CallRecordWriter.FormatVersion}"));
        }

        return dropped is { } count
            ? new(file, number) { Dropped = count }
            : new(file, number) { Call = call with { Step = StepOf(step) } };
    }

    private static CallError ReadError(ref Utf8JsonReader reader)
    {
        string type = "", message = "";
        while (Move(ref reader) == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            Move(ref reader);
            switch (name)
            {
                case "type": type = reader.GetString() ?? ""; break;
                case "message": message = reader.GetString() ?? ""; break;
                default: Skip(ref reader); break;
            }
        }

        return new(type, message);
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadReasons(ref Utf8JsonReader reader)
    {
        var reasons = new Dictionary<string, IReadOnlyList<string>>();
        while (Move(ref reader) == JsonTokenType.PropertyName)
        {
            var (node, texts) = (reader.GetString()!, new List<string>());
            Move(ref reader);
            while (Move(ref reader) == JsonTokenType.String)
            {
                texts.Add(reader.GetString()!);
            }

            reasons[node] = texts;
        }

        return reasons;
    }

    private static ReadOnlyMemory<byte> Cut(ref Utf8JsonReader reader, byte[] line)
    {
        var start = (int)reader.TokenStartIndex;
        Skip(ref reader);
        return line.AsMemory(start, (int)reader.BytesConsumed - start);
    }

    private static JsonTokenType Move(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new EndOfStreamException();

    private static void Skip(ref Utf8JsonReader reader)
    {
        if (!reader.TrySkip())
        {
            throw new EndOfStreamException();
        }
    }

    private static TimeSpan Duration(decimal milliseconds) =>
        decimal.Abs(milliseconds) < long.MaxValue / TimeSpan.TicksPerMillisecond
            ? TimeSpan.FromTicks((long)(milliseconds * TimeSpan.TicksPerMillisecond))
            : throw new FormatException(Invariant($"its duration is {milliseconds} ms"));

    private static Step StepOf(string? name) => name switch
    {
        "monitor" => Step.Monitor,
        "analyze" => Step.Analyze,
        "plan" => Step.Plan,
        null => throw new FormatException("it names no step"),
        _ => throw new FormatException($"its step is '{SafeExcerpt.Of(name)}'"),
    };
}
