namespace Kta.Functional.Recording;

/// <summary>The files of one recording: appends whole lines, begins a new file when one is full, deletes the oldest.</summary>
/// <remarks>One rename per rotation, so a process that is killed meanwhile leaves every line where it is found again.</remarks>
internal sealed class RecordingFile(string path, long maxFileBytes, int maxFiles) : IDisposable
{
    private FileStream? _lock;
    private FileStream? _stream;

    internal void Open()
    {
        if (_stream is not null)
        {
            return;
        }

        if (Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        _lock ??= TakeLock();
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            EndTornLine(stream);
            _stream = stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Writes a line at once: when this returns, the line survives the end of the process.</summary>
    internal void Append(ReadOnlySpan<byte> line)
    {
        try
        {
            if (!File.Exists(path))
            {
                Close();
            }

            Open();
            if (_stream!.Length > 0 && _stream.Length + line.Length > maxFileBytes)
            {
                Rotate();
            }

            _stream.Write(line);
        }
        catch
        {
            // Part of the line may be there: opening the file again ends it.
            Close();
            throw;
        }
    }

    public void Dispose()
    {
        Close();
        _lock?.Dispose();
        _lock = null;
    }

    private void Close()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private void Rotate()
    {
        Close();
        var rotated = CallRecording.RotatedFiles(path);
        File.Move(path, CallRecording.RotatedPath(path, rotated.Count > 0 ? rotated[^1].Number + 1 : 1));
        foreach (var (_, oldest) in rotated.Take(rotated.Count + 2 - maxFiles))
        {
            File.Delete(oldest);
        }

        Open();
    }

    /// <summary>Two recorders would write over each other's lines.</summary>
    private FileStream TakeLock()
    {
        try
        {
            return new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException error) when (File.Exists(path + ".lock"))
        {
            throw new IOException($"Another recorder writes to {path}. Give each process, and each recorder, a file of its own.", error);
        }
    }

    private static void EndTornLine(FileStream stream)
    {
        if (stream.Length == 0)
        {
            return;
        }

        stream.Seek(-1, SeekOrigin.End);
        if (stream.ReadByte() != '\n')
        {
            stream.Write("\n"u8);
        }
    }
}
