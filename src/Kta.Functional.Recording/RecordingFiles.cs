using System.Globalization;

namespace Kta.Functional.Recording;

/// <summary>What stands beside a path: the files of its recording, those that only look like them, and those that are missing.</summary>
/// <remarks>
/// A full file is called <c>calls.000001-3fa9c2d1.jsonl</c>, with the name of its recording, as nobody else would call a
/// file. Earlier versions made <c>calls.000001.jsonl</c>: such a file is read unless its first line shows a later version.
/// </remarks>
internal sealed class RecordingFiles
{
    private const int Digits = 6;
    private const int NameLength = 8;

    private readonly string _path;
    private readonly List<(long Number, string Path)> _own = [];
    private readonly List<(long Number, string Path)> _rotated = [];
    private readonly List<string> _others = [];

    private RecordingFiles(string path)
    {
        _path = path;
        HasNewest = File.Exists(path);
        Mark = FileMark.Of(path);
        Recording = Mark?.Recording;
    }

    /// <summary>The mark of the file at the path; null if it has none.</summary>
    internal FileMark? Mark { get; }

    /// <summary>The name of the recording, or null if no file tells it.</summary>
    internal string? Recording { get; private set; }

    /// <summary>Whether there is a file at the path.</summary>
    internal bool HasNewest { get; }

    /// <summary>The full files, the oldest first.</summary>
    internal IReadOnlyList<(long Number, string Path)> Rotated => _rotated;

    /// <summary>Those of the full files that certainly nobody else has made.</summary>
    internal IReadOnlyList<(long Number, string Path)> Own => _own;

    /// <summary>Files with a number in their names that do not belong to the recording.</summary>
    internal IReadOnlyList<string> Others => _others;

    /// <summary>All files of the recording, the oldest first.</summary>
    internal IReadOnlyList<string> All => [.. _rotated.Select(file => file.Path), .. HasNewest ? [_path] : Array.Empty<string>()];

    internal static string RotatedPath(string path, long number, string recording) =>
        Path.ChangeExtension(path, string.Create(CultureInfo.InvariantCulture, $"{number:000000}-{recording}{Path.GetExtension(path)}"));

    /// <summary>The path itself, or the file a link there leads to: full files are beside that one.</summary>
    internal static string Resolve(string path) =>
        File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is { Exists: true } target ? target.FullName : path;

    /// <summary>Looks at the folder.</summary>
    /// <param name="path">The path of the recorder.</param>
    /// <param name="recording">The name of the recording if it is known; else the newest file tells it.</param>
    internal static RecordingFiles Of(string path, string? recording = null)
    {
        var files = new RecordingFiles(path);
        var named = files.Named();
        files.Recording = recording
            ?? files.Recording
            ?? named.OrderBy(file => File.GetLastWriteTimeUtc(file.Path)).ThenBy(file => file.Number).LastOrDefault(file => file.Recording is not null).Recording;
        foreach (var file in named)
        {
            files.Sort(file.Path, file.Number, file.Recording);
        }

        files._own.Sort();
        files._rotated.Sort();
        files._others.Sort(StringComparer.Ordinal);
        return files;
    }

    /// <summary>A line for each gap in the recording.</summary>
    internal IEnumerable<RecordedLine> Missing()
    {
        List<long> numbers = [.. _rotated.Select(file => file.Number), .. Mark is null ? [] : new[] { Mark.Number }];
        var expected = Mark?.Oldest ?? numbers.FirstOrDefault();
        foreach (var number in numbers)
        {
            if (number > expected)
            {
                yield return Gap(expected, number - 1);
            }

            expected = Math.Max(expected, number + 1);
        }

        if (!HasNewest)
        {
            yield return new(_path, 0) { Problem = "the file is missing, the newest of the recording" };
        }
    }

    private RecordedLine Gap(long first, long last)
    {
        var path = RotatedPath(_path, first, Recording ?? new string('?', NameLength));
        var until = string.Create(CultureInfo.InvariantCulture, $"the files {first:000000} to {last:000000} of the recording are missing");
        return new(path, 0) { Problem = last == first ? "the file is missing: it was moved away or deleted" : until };
    }

    private void Sort(string file, long number, string? recording)
    {
        var isOwn = recording is not null && recording == Recording;
        var isEarlier = recording is null && NumberText(file).Length == Digits && FileMark.Of(file) is null;
        if (isOwn)
        {
            _own.Add((number, file));
        }

        if (isOwn || isEarlier)
        {
            _rotated.Add((number, file));
        }
        else
        {
            _others.Add(file);
        }
    }

    /// <summary>The files whose names have a number, and perhaps the name of a recording.</summary>
    private List<(string Path, long Number, string? Recording)> Named()
    {
        var found = new List<(string, long, string?)>();
        var folder = Path.GetDirectoryName(Path.GetFullPath(_path))!;
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [])
        {
            var text = NumberText(file);
            var dash = text.IndexOf('-');
            var recording = dash >= Digits && text.Length == dash + 1 + NameLength && text[(dash + 1)..].All(char.IsAsciiHexDigitLower)
                ? text[(dash + 1)..]
                : null;
            if (long.TryParse(recording is null ? text : text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                found.Add((file, number, recording));
            }
        }

        return found;
    }

    /// <summary>What stands between the name and the extension of the path; empty for other files.</summary>
    private string NumberText(string file)
    {
        var (stem, extension) = (Path.GetFileNameWithoutExtension(_path) + ".", Path.GetExtension(_path));
        var name = Path.GetFileName(file);
        return name.Length > stem.Length + extension.Length
            && name.StartsWith(stem, StringComparison.Ordinal)
            && name.EndsWith(extension, StringComparison.Ordinal)
            ? name[stem.Length..^extension.Length]
            : "";
    }
}
