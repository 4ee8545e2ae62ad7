using System.Globalization;

namespace Kta.Functional.Recording;

/// <summary>Reads recordings, lazily and line by line. Nothing in a file is an error: what cannot be read is reported as such.</summary>
/// <remarks>The recording of a process that still runs may be read, too.</remarks>
public static class CallRecording
{
    /// <summary>Reads a recording with all its rotated files, the oldest first.</summary>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static IEnumerable<RecordedLine> Read(string path) => ReadFiles(FilesOf(path));

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

    /// <summary>The files of a recording, the oldest first: <c>calls.000001.jsonl</c>, …, <c>calls.jsonl</c>.</summary>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static IReadOnlyList<string> FilesOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string[] files = [.. RotatedFiles(path).Select(file => file.Path), .. File.Exists(path) ? [path] : Array.Empty<string>()];
        return files.Length > 0
            ? files
            : throw new FileNotFoundException($"There is no recording at {path}, and no rotated file of one.", path);
    }

    /// <summary>The files that are full, by their number: the oldest first.</summary>
    internal static List<(long Number, string Path)> RotatedFiles(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var (stem, extension) = (Path.GetFileNameWithoutExtension(path), Path.GetExtension(path));
        var found = new List<(long Number, string Path)>();
        if (Directory.Exists(folder))
        {
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                var name = Path.GetFileName(file);
                if (name.Length > stem.Length + extension.Length + 1
                    && name.StartsWith(stem + ".", StringComparison.Ordinal)
                    && name.EndsWith(extension, StringComparison.Ordinal)
                    && long.TryParse(name[(stem.Length + 1)..^extension.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    found.Add((number, file));
                }
            }
        }

        found.Sort();
        return found;
    }

    internal static string RotatedPath(string path, long number) =>
        Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{number:000000}{Path.GetExtension(path)}"));

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
        foreach (var (line, hasEnd) in Lines.Of(stream))
        {
            number++;
            if (line.Length > 0)
            {
                yield return CallLineReader.Read(file, number, line, hasEnd);
            }
        }
    }
}
