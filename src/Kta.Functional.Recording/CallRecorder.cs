using System.Buffers;
using System.Threading.Channels;
using Kta.Functional.Calls;

namespace Kta.Functional.Recording;

/// <summary>Appends every call to a file, as one line of JSON each, for <see cref="Replay"/> and for people.</summary>
/// <remarks>
/// <para>Safe for concurrent calls, and for several algorithms of one process. A reply waits until its line is in the file, so a
/// process that is killed loses at most its last line; but it waits no longer than the options' <see cref="CallRecorderOptions.Patience"/>.</para>
/// <para>The disk never fails a call. Calls that cannot be recorded are counted in <see cref="Dropped"/>, told to
/// <see cref="Problem"/>, and noted in the recording itself as soon as that is possible.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var recorder = new CallRecorder("decisions.jsonl");
/// Bootstrap.Run(algorithm, new HttpBackend(new HttpBackendOptions { Record = recorder }));
/// </code>
/// </example>
public sealed class CallRecorder : IAsyncDisposable
{
    private readonly CallRecorderOptions _options;
    private readonly RecordingFile _file;
    private readonly Channel<QueuedCall> _queue = Channel.CreateUnbounded<QueuedCall>(new() { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly ProblemListeners _problems = new();
    private readonly Task _writing;
    private long _waitingBytes;
    private long _written;
    private long _dropped;
    private long _gap;
    private int _isDropping;
    private bool _isFailing;
    private volatile bool _isBehind;

    /// <summary>Begins a recording, or goes on with one.</summary>
    /// <param name="path">The file, for example <c>decisions.jsonl</c>. Folders are made. No other recorder may have it.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="ArgumentException">The path is empty, or an option is out of its range; all of them are named.</exception>
    public CallRecorder(string path, CallRecorderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _options = options ?? new();
        _options.Validate();
        Path = RecordingFiles.Resolve(System.IO.Path.GetFullPath(path));
        _file = new RecordingFile(Path, _options.MaxFileBytes, _options.MaxFiles, what => _problems.Mention(this, new(what, null, Dropped)));
        _writing = Task.Run(WriteAllAsync);
    }

    /// <summary>Is told what goes wrong with the recording, and when it is well again; a trouble that lasts is told to new listeners, too.</summary>
    /// <remarks>Called from any thread, and soon: hand the message on and return.</remarks>
    public event EventHandler<RecordingProblem>? Problem
    {
        add => _problems.Add(this, value);
        remove => _problems.Remove(value);
    }

    /// <summary>The full path of the file that is written to. Full ones are beside it, with a number in their names.</summary>
    public string Path { get; }

    /// <summary>How many calls have been written.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>How many calls could not be written, because the disk was too slow or failed.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Where the times of calls come from.</summary>
    public TimeProvider Clock => _options.Clock;

    /// <summary>The same calls, recorded. For authors of backends; <c>HttpBackend</c> and the local operator do it by themselves.</summary>
    /// <param name="steps">Makes the calls, for example <see cref="StepRunner.RunAsync(Step, ReadOnlyMemory{byte}, CancellationToken)"/>.</param>
    /// <param name="algorithm">Gives name and version.</param>
    /// <example><code>StepHandler steps = recorder.Record(runner.RunAsync, algorithm);</code></example>
    public StepHandler Record(StepHandler steps, Algorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ArgumentNullException.ThrowIfNull(algorithm);
        return new RecordedCalls(this, steps, _ => (algorithm.Name, algorithm.Version)).CallAsync;
    }

    /// <summary>Records a call.</summary>
    /// <param name="call">The call. Its bytes are copied before this returns.</param>
    /// <returns>Completes when the line is in the file, or when waiting for it has taken too long. Never fails.</returns>
    public Task RecordAsync(CallRecord call)
    {
        ArgumentNullException.ThrowIfNull(call);
        var size = (long)call.Request.Length + call.Reply.Length;
        // One call is taken however large it is, or it could never be recorded.
        if (Interlocked.Add(ref _waitingBytes, size) is var waiting && waiting > _options.MaxWaitingBytes && waiting > size)
        {
            Interlocked.Add(ref _waitingBytes, -size);
            Drop($"The disk is too slow for the recording {Path}: more than {_options.MaxWaitingBytes} bytes wait. Calls are dropped until it has caught up.");
            return Task.CompletedTask;
        }

        var queued = QueuedCall.Copy(call);
        if (!_queue.Writer.TryWrite(queued))
        {
            queued.Finish();
            Drop($"The recorder of {Path} has been disposed of; calls are not recorded any more.");
            return Task.CompletedTask;
        }

        return _isBehind || _options.Patience == TimeSpan.Zero ? Task.CompletedTask : WaitAsync(queued);
    }

    /// <summary>Completes when everything recorded so far is in the file, or is known not to get there.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var mark = QueuedCall.Mark();
        return _queue.Writer.TryWrite(mark) ? mark.Done.WaitAsync(cancellationToken) : _writing.WaitAsync(cancellationToken);
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _writing.ConfigureAwait(false);
    }

    private async Task WaitAsync(QueuedCall queued)
    {
        await queued.Done.WaitAsync(_options.Patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!queued.Done.IsCompleted)
        {
            _isBehind = true;
        }
    }

    private async Task WriteAllAsync()
    {
        // A path that does not work is told at the start, not at the first call.
        Try(_file.Open);
        await foreach (var queued in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (queued.Call is { } call)
            {
                Try(() => Write(call), calls: 1);
            }

            if (Interlocked.Add(ref _waitingBytes, -queued.Size) == 0)
            {
                _isBehind = false;
            }

            queued.Finish();
        }

        Try(WriteGap);
        _file.Dispose();
    }

    private void Write(CallRecord call)
    {
        WriteGap();
        _line.ResetWrittenCount();
        CallRecordWriter.Write(call, _line);
        _file.Append(_line.WrittenSpan);
        Interlocked.Increment(ref _written);
    }

    private void WriteGap()
    {
        if (Interlocked.Read(ref _gap) is > 0 and var gap)
        {
            _line.ResetWrittenCount();
            CallRecordWriter.WriteGap(Clock.GetUtcNow(), gap, _line);
            _file.Append(_line.WrittenSpan);
            Interlocked.Add(ref _gap, -gap);
            Interlocked.Exchange(ref _isDropping, 0);
            _problems.Solve(this, new($"The recording {Path} goes on; {gap} {(gap == 1 ? "call is" : "calls are")} missing from it.", null, Dropped));
        }
    }

    /// <param name="write">What to do with the file.</param>
    /// <param name="calls">How many calls are missing from the recording if it fails.</param>
    private void Try(Action write, int calls = 0)
    {
        try
        {
            write();
            if (_isFailing)
            {
                _isFailing = false;
                _problems.Solve(this, new($"The recording {Path} can be written again.", null, Dropped));
            }
        }
        catch (Exception error)
        {
            Interlocked.Add(ref _dropped, calls);
            Interlocked.Add(ref _gap, calls);
            if (!_isFailing)
            {
                _isFailing = true;
                _problems.Tell(this, new($"The recording {Path} cannot be written, so calls are missing from it: {error.Message}", error, Dropped));
            }
        }
    }

    private void Drop(string reason)
    {
        var dropped = Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _gap);
        if (Interlocked.Exchange(ref _isDropping, 1) == 0)
        {
            _problems.Tell(this, new(reason, null, dropped));
        }
    }
}
