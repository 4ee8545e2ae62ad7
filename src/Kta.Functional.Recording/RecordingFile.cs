using System.Buffers;

namespace Kta.Functional.Recording;

/// <summary>The files of one recording: appends whole lines, begins a new file when one is full, deletes the oldest.</summary>
/// <remarks>
/// One rename per rotation, so a process that is killed meanwhile leaves every line where it is found again. Others may
/// move, truncate or delete the file at any time: every line is known to stand at the path before the next one comes.
/// </remarks>
internal sealed class RecordingFile(string path, long maxFileBytes, int maxFiles, Action<string> mention) : IDisposable
{
    private const int MostTries = 5;
    private const string CallsElsewhere = "The calls before are where the file is now, if it still exists; the recording goes on at the same path.";

    private readonly ArrayBufferWriter<byte> _first = new();
    private FileStream? _lock;
    private FileStream? _stream;
    private FileMark? _mark;
    private long _end;
    private bool _isShared;

    private enum State
    {
        Whole,
        Moved,
        Truncated,
        Longer,
    }

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
        _mark = FileMark.Of(path) ?? _mark ?? FirstMark();
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            EndTornLine(stream);
            _end = stream.Length;
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
        for (var i = 0; i < MostTries; i++)
        {
            try
            {
                if (_stream is not null && Look() is not State.Whole and var state)
                {
                    Leave(state);
                }

                Open();
                if (_end > 0 && _end + line.Length > maxFileBytes)
                {
                    Rotate();
                }

                Write(_end == 0 ? Marked(line) : line);
                if (Look() is State.Whole or State.Longer)
                {
                    return;
                }
            }
            catch
            {
                Close();
                throw;
            }
        }

        throw new IOException("somebody moves or truncates it again and again");
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

    private void Write(ReadOnlySpan<byte> line)
    {
        try
        {
            _stream!.Write(line);
        }
        catch
        {
            Cut(_end);
            throw;
        }

        var start = _end;
        _end += line.Length;
        if (start > 0 && FileHole.Before(_stream, start) is { } whole)
        {
            // Truncated since the last look: the line stands behind a hole of zeros.
            Cut(whole);
        }
    }

    private void Cut(long length)
    {
        try
        {
            _stream!.SetLength(length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Then part of a line is left, which the next opening ends and readers report.
        }
    }

    private ReadOnlySpan<byte> Marked(ReadOnlySpan<byte> line)
    {
        _first.ResetWrittenCount();
        _mark!.WriteFirst(line, _first);
        return _first.WrittenSpan;
    }

    private State Look()
    {
        var length = _stream!.Length;
        var atPath = new FileInfo(path);
        return !atPath.Exists || atPath.Length != length ? State.Moved
            : length < _end ? State.Truncated
            : length > _end ? State.Longer
            : State.Whole;
    }

    private void Leave(State state)
    {
        var length = _stream!.Length;
        Close();
        if (state == State.Longer)
        {
            if (!_isShared)
            {
                _isShared = true;
                mention($"Somebody else writes to the recording {path}, too, so lines may be torn. Give each process, and each recorder, a file of its own.");
            }

            return;
        }

        if (_end > 0 && (state == State.Moved || length == 0))
        {
            var number = _mark!.Number + 1;
            var isFirst = RecordingFiles.Of(path, _mark.Recording).Rotated.Count == 0;
            _mark = _mark with { Number = number, Oldest = isFirst ? number : _mark.Oldest };
        }

        mention(state == State.Moved
            ? $"The recording {path} was moved away, replaced or deleted while it was written to. {CallsElsewhere}"
            : $"The recording {path} was truncated while it was written to, to {length} bytes. The calls before are in it no more, but in the copy if one was made; the recording goes on at the same path.");
    }

    private void Rotate()
    {
        Close();
        var number = _mark!.Number;
        while (File.Exists(RecordingFiles.RotatedPath(path, number, _mark.Recording)))
        {
            number++;
        }

        File.Move(path, RecordingFiles.RotatedPath(path, number, _mark.Recording));
        _mark = _mark with { Number = number + 1 };
        var own = RecordingFiles.Of(path, _mark.Recording).Own;
        foreach (var (oldest, file) in own.Take(own.Count + 1 - maxFiles))
        {
            Delete(file);
            _mark = _mark with { Oldest = Math.Max(_mark.Oldest, oldest + 1) };
        }

        Open();
    }

    private void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            mention($"The oldest file of the recording, {file}, cannot be deleted: {error.Message} Delete it, or the recording takes more room than MaxFiles allows.");
        }
    }

    /// <summary>Of the next file of a recording to go on with, or of the first of a new one.</summary>
    private FileMark FirstMark()
    {
        var files = RecordingFiles.Of(path);
        var number = files.Rotated.Count > 0 ? files.Rotated[^1].Number + 1 : 1;
        return new(files.Recording ?? FileMark.NewRecording(), number, files.Rotated.Count > 0 ? files.Rotated[0].Number : number);
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
