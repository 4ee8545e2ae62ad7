namespace Kta.Cli;

/// <summary>What a simulated Flink has to remember to go on where it was, as JSON lines.</summary>
/// <remarks>
/// A line about the application, one for each event, and a last one with the present second. That last line has always the same length and is
/// written over; everything before it stays. What a crash leaves of an unfinished line is dropped. Only one process has it open.
/// </remarks>
internal sealed class StateFile : IDisposable
{
    private readonly FileStream _file;
    private readonly List<FlinkEvent> _events = [];
    private long _end;

    private StateFile(FileStream file, StateHeader header) => (_file, Header) = (file, header);

    internal StateHeader Header { get; }

    /// <summary>What it held when it was opened.</summary>
    internal IReadOnlyList<FlinkEvent> Events => _events;

    /// <summary>The second it had reached when it was opened.</summary>
    internal long Second { get; private set; }

    /// <summary>Opens a file, or begins one with this header.</summary>
    /// <exception cref="CommandFailedException">It is of another application, damaged, or no such file.</exception>
    internal static StateFile Open(string path, StateHeader header)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        try
        {
            return file.Length == 0 ? Begin(file, header) : Read(path, file, header);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds an event; it is on the disk when this returns.</summary>
    internal void Add(FlinkEvent happened)
    {
        var line = StateLines.Of(happened);
        Write([.. line, .. StateLines.Mark(happened.Second)]);
        _end += line.Length;
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Remembers how far the simulation is.</summary>
    internal void Reach(long second) => Write(StateLines.Mark(second));

    public void Dispose() => _file.Dispose();

    private static StateFile Begin(FileStream file, StateHeader header)
    {
        var line = StateLines.Of(header);
        var state = new StateFile(file, header);
        state.Write([.. line, .. StateLines.Mark(0)]);
        state._end = line.Length;
        file.Flush(flushToDisk: true);
        return state;
    }

    private static StateFile Read(string path, FileStream file, StateHeader expected)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        var length = bytes.AsSpan().IndexOf((byte)'\n') + 1;
        var found = StateLines.HeaderOf(bytes.AsSpan(0, length))
            ?? throw new CommandFailedException($"{path} is there, and is no state of kta flink. Give another --state, or delete the file to begin anew.");
        if (found.Fingerprint != expected.Fingerprint)
        {
            throw new CommandFailedException(
                $"{path} is the state of {found.Application}, and not of {expected.Application} as it is described now. " +
                "Give the application it was begun with, another --state, or delete the file to begin anew.");
        }

        var state = new StateFile(file, found) { _end = length };
        for (var number = 2; length < bytes.Length; number++)
        {
            var (start, end) = (length, bytes.AsSpan(length).IndexOf((byte)'\n'));
            length = end < 0 ? bytes.Length : start + end + 1;
            if (!state.Takes(bytes.AsSpan(start, length - start), length) && length < bytes.Length)
            {
                throw new CommandFailedException(
                    $"{path}:{number}: this line is damaged, and there are others behind it. Give another --state, or delete the file to begin anew.");
            }
        }

        file.SetLength(state._end);
        state.Reach(state.Second);
        return state;
    }

    /// <summary>Takes a line, if it says something, and nothing from before what was said already.</summary>
    private bool Takes(ReadOnlySpan<byte> line, long end)
    {
        if (StateLines.EventOf(line) is { } happened && happened.Second >= Second)
        {
            _events.Add(happened);
            (Second, _end) = (happened.Second, end);
            return true;
        }

        if (StateLines.MarkOf(line) is { } reached && reached >= Second)
        {
            Second = reached;
            return true;
        }

        return false;
    }

    private void Write(byte[] bytes)
    {
        _file.Position = _end;
        _file.Write(bytes);
    }
}
