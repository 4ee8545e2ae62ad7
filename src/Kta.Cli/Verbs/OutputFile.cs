using System.Text;

namespace Kta.Cli;

/// <summary>A file that a command writes at its end; whether it can is found out at the beginning.</summary>
internal static class OutputFile
{
    /// <summary>The path, with the folder it stands in.</summary>
    /// <exception cref="UsageException">It is empty, a folder, or one of the files that are read.</exception>
    internal static string? Prepared(string? path, string option, params IEnumerable<string> inputs)
    {
        if (path is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(path) || Directory.Exists(path))
        {
            throw new UsageException($"{option} '{path}': expected the name of a file.");
        }

        var full = Path.GetFullPath(path);
        if (inputs.Any(input => Path.GetFullPath(input) == full))
        {
            throw new UsageException($"{option} {path} would overwrite what is read. Give another name.");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return path;
    }

    /// <summary>A recording that calls are appended to.</summary>
    /// <exception cref="UsageException">The file is there, and is no recording.</exception>
    internal static string? Recording(string? path, string option)
    {
        if (Prepared(path, option) is not { } file || !File.Exists(file))
        {
            return path;
        }

        using var stream = File.OpenRead(file);
        var start = new byte[8];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return length == 0 || Encoding.UTF8.GetString(start, 0, length).StartsWith("{\"", StringComparison.Ordinal)
            ? path
            : throw new UsageException($"{option} {path}: the file is there, and is no recording that calls could be appended to. Give another name.");
    }
}
