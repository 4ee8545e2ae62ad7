namespace Kta.Functional.Recording;

/// <summary>Reads recordings, lazily and line by line. Nothing in a file is an error: what cannot be read is reported as such.</summary>
/// <remarks>The recording of a process that still runs may be read, too.</remarks>
public static class CallRecording
{
    /// <summary>Reads a recording with all its rotated files, the oldest first.</summary>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    /// <remarks>Files that are missing are reported as lines with the number 0. Copies, and files of other recordings, are not read.</remarks>
    public static IEnumerable<RecordedLine> Read(string path) => Read(Find(path));

    /// <summary>Reads exactly these files, in this order.</summary>
    /// <param name="files">The paths.</param>
    /// <exception cref="IOException">A file cannot be opened; thrown when the lines are enumerated.</exception>
    public static IEnumerable<RecordedLine> ReadFiles(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.SelectMany(ReadFile);
    }

    /// <summary>Reads lines from a stream, which stays open.</summary>
    /// <param name="stream">A stream that can be read.</param>
    public static IEnumerable<RecordedLine> Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ReadLines(stream, null);
    }

    /// <summary>The files of a recording, the oldest first: <c>calls.000001-3fa9c2d1.jsonl</c>, …, <c>calls.jsonl</c>.</summary>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static IReadOnlyList<string> FilesOf(string path) => Find(path).All;

    internal static IEnumerable<RecordedLine> Read(RecordingFiles files) => files.Missing().Concat(ReadFiles(files.All));

    /// <summary>The files at a path, of which there is one at least.</summary>
    internal static RecordingFiles Find(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var files = RecordingFiles.Of(RecordingFiles.Resolve(path));
        return files.All.Count > 0
            ? files
            : throw new FileNotFoundException($"There is no recording at {path}, and no rotated file of one.", path);
    }

    private static IEnumerable<RecordedLine> ReadFile(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        foreach (var line in ReadLines(stream, file))
        {
            yield return line;
        }
    }

    private static IEnumerable<RecordedLine> ReadLines(Stream stream, string? file)
    {
        var number = 0L;
        foreach (var (bytes, hasEnd) in LineReader.Of(stream))
        {
            number++;
            var line = number == 1 && bytes.AsSpan().StartsWith(CallRecordWriter.Bom) ? bytes[CallRecordWriter.Bom.Length..] : bytes;
            if (number == 1 && ForeignFormat.Of(line) is { } problem)
            {
                yield return new(file, 1) { Problem = problem };
                yield break;
            }

            // Zeros are what a power cut leaves, or a file that was truncated under its writer.
            var text = line.AsSpan().Trim((byte)0).ToArray();
            if (text.Length < line.Length)
            {
                yield return new(file, number)
                {
                    Problem = $"the line has {line.Length - text.Length} zero bytes: the file was truncated while it was written, or the machine lost power",
                };
            }

            if (!text.AsSpan().Trim(" \t\r"u8).IsEmpty)
            {
                yield return CallRecordReader.Read(file, number, text, hasEnd);
            }
        }
    }
}
