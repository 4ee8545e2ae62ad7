using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Kta.Functional.Recording;

/// <summary>What the first line of a file tells about the file, so that copies and the files of others are known as such.</summary>
/// <param name="Recording">The same in all files of a recording; eight hexadecimal digits.</param>
/// <param name="Number">The number of the file, which gets into its name when it is full.</param>
/// <param name="Oldest">The number of the oldest file that was kept when this one was begun.</param>
internal sealed record FileMark(string Recording, long Number, long Oldest)
{
    private const int LongestBeginning = 512;

    internal static string NewRecording() => Guid.NewGuid().ToString("N")[..8];

    /// <summary>Null if there is no such file, or its first line tells nothing.</summary>
    internal static FileMark? Of(string file)
    {
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            Span<byte> beginning = stackalloc byte[LongestBeginning];
            ReadOnlySpan<byte> read = beginning[..stream.ReadAtLeast(beginning, LongestBeginning, throwOnEndOfStream: false)];
            return Parse(read.StartsWith(CallRecordWriter.Bom) ? read[3..] : read);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>A first line: the mark comes before all that is long.</summary>
    internal void WriteFirst(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> output)
    {
        output.Write(line[..CallRecordWriter.Beginning.Length]);
        output.Write(Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"\"{CallNames.Recording}\":\"{Recording}\",\"{CallNames.File}\":{Number},\"{CallNames.Oldest}\":{Oldest},")));
        output.Write(line[CallRecordWriter.Beginning.Length..]);
    }

    private static FileMark? Parse(ReadOnlySpan<byte> beginning)
    {
        var reader = new Utf8JsonReader(beginning, isFinalBlock: false, default);
        string? recording = null;
        long? number = null, oldest = null;
        reader.Read();
        while ((recording is null || number is null || oldest is null) && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            if (!reader.Read())
            {
                return null;
            }

            switch (name)
            {
                case "recording": recording = reader.GetString(); break;
                case "file": number = reader.GetInt64(); break;
                case "oldest": oldest = reader.GetInt64(); break;
                default:
                    if (!reader.TrySkip())
                    {
                        return null;
                    }

                    break;
            }
        }

        return recording is not null && number is { } file ? new(recording, file, oldest ?? file) : null;
    }
}
