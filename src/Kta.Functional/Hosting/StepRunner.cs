using System.Buffers;
using System.Diagnostics;
using Kta.Functional.Recording;
using Kta.Functional.Wire;

namespace Kta.Functional.Hosting;

/// <summary>
/// Bytes in, bytes out: reads a request of the operator, calls the step, writes the reply. For authors of backends; it
/// knows neither HTTP nor any other transport.
/// </summary>
/// <remarks>Safe for concurrent calls. Every failure is an answer, see <see cref="StepReply.Error"/>; nothing is thrown but
/// <see cref="OperationCanceledException"/> when the caller has gone away.</remarks>
public sealed class StepRunner
{
    private readonly Algorithm _algorithm;
    private readonly CallRecorder? _recorder;
    private readonly UdfThreads _threads = new();
    private readonly PendingCalls _pending;
    private readonly UnendedSteps _givenUp;

    /// <summary>Prepares an algorithm for being called.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="timeLimit">The time a step has, or <see cref="Timeout.InfiniteTimeSpan"/>; default: <see cref="DefaultTimeLimit"/>. Not enforced while a debugger is attached.</param>
    /// <param name="recorder">Records every call; null for no recording. Not disposed of.</param>
    /// <param name="maxTopologyNodes">The most nodes a topology may have, at least 1; default: <see cref="DefaultMaxTopologyNodes"/>.</param>
    /// <exception cref="ArgumentException">A result type cannot be a JSON object, or a limit is not positive.</exception>
    /// <exception cref="IllegalAccessException">A variable that a step captures was changed after the step was made.</exception>
    public StepRunner(Algorithm algorithm, TimeSpan? timeLimit = null, CallRecorder? recorder = null, int? maxTopologyNodes = null)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        TimeLimit = timeLimit ?? DefaultTimeLimit;
        if (!IsTimeLimit(TimeLimit))
        {
            throw new ArgumentOutOfRangeException(
                nameof(timeLimit), timeLimit, "The time limit of a step has to be positive and at most a day, or Timeout.InfiniteTimeSpan for none.");
        }

        MaxTopologyNodes = maxTopologyNodes ?? DefaultMaxTopologyNodes;
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxTopologyNodes, 1, nameof(maxTopologyNodes));
        algorithm.CheckCodecs();
        algorithm.StartGuards();
        (_algorithm, _recorder) = (algorithm, recorder);
        _pending = new PendingCalls(TimeLimit);
        _givenUp = new UnendedSteps(Tell);
    }

    /// <summary>
    /// Raised when a step that was given up ends after all, unless it ends by cancellation as its token asks it to. Comes on
    /// any thread; what a listener throws is ignored.
    /// </summary>
    public event EventHandler<LateEnd>? EndedLate;

    /// <summary>4.5 seconds: enough below the operator's 5 that the answer still reaches it.</summary>
    public static TimeSpan DefaultTimeLimit { get; } = TimeSpan.FromSeconds(4.5);

    /// <summary>The time a step has before it is given up.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>10,000 nodes: far more than anybody scales with one policy.</summary>
    public static int DefaultMaxTopologyNodes => 10_000;

    /// <summary>The most nodes a topology may have; a request with more is not valid.</summary>
    public int MaxTopologyNodes { get; }

    /// <summary>Whether replies of plan say what it changes. Default: no; it costs a look at the newest entry of the history.</summary>
    public bool TellsChanges { get; set; }

    /// <summary>
    /// How many steps that were given up have not ended yet. A synchronous one holds a thread: many of them mean that
    /// something blocks for good.
    /// </summary>
    public int GivenUpSteps => _givenUp.Running;

    /// <summary>Whether a step can have this time: more than nothing and at most a day, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    /// <param name="limit">The time.</param>
    public static bool IsTimeLimit(TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan || (limit > TimeSpan.Zero && limit <= TimeSpan.FromDays(1));

    /// <summary>Calls one step.</summary>
    /// <param name="step">The step; the algorithm has to have it.</param>
    /// <param name="request">The body of the request. Must not change until the reply says <see cref="StepReply.RequestIsFree"/>.</param>
    /// <param name="callerGone">Fires when nobody waits for the reply any more.</param>
    /// <exception cref="IllegalStateException">The algorithm does not have the step.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone away.</exception>
    public Task<StepReply> RunAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken callerGone = default) =>
        _recorder is null
            ? AnswerAsync(step, request, null, callerGone).AsTask()!
            : RecordAsync(_recorder, step, request, callerGone);

    /// <summary>
    /// Calls one step, on the thread of the caller if the step is synchronous and has been quick so far: that saves small
    /// calls a change of threads.
    /// </summary>
    /// <param name="step">The step; the algorithm has to have it.</param>
    /// <param name="request">As in <see cref="RunAsync"/>.</param>
    /// <param name="late">
    /// Gets the reply, on another thread, if such a step holds up the caller beyond its time limit; the task is cancelled if
    /// the caller has gone away by then. It sends the reply as far as it can while the thread of the caller is not free.
    /// </param>
    /// <param name="callerGone">Fires when nobody waits for the reply any more.</param>
    /// <returns>The reply; null if <paramref name="late"/> got one and has ended.</returns>
    /// <exception cref="IllegalStateException">The algorithm does not have the step.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone away.</exception>
    public ValueTask<StepReply?> RunInPlaceAsync(
        Step step, ReadOnlyMemory<byte> request, Func<Task<StepReply>, Task> late, CancellationToken callerGone = default)
    {
        ArgumentNullException.ThrowIfNull(late);
        // Recording may wait for a disk.
        return _recorder is null ? AnswerAsync(step, request, late, callerGone) : new(RunAsync(step, request, callerGone)!);
    }

    private async Task<StepReply> RecordAsync(CallRecorder recorder, Step step, ReadOnlyMemory<byte> request, CancellationToken callerGone)
    {
        var call = new CallRecord
        {
            At = recorder.Clock.GetUtcNow(),
            Algorithm = _algorithm.Name,
            Version = _algorithm.Version,
            Step = step,
            Request = request,
        };
        var started = recorder.Clock.GetTimestamp();
        try
        {
            var reply = (await AnswerAsync(step, request, null, callerGone).ConfigureAwait(false))!;
            await recorder.RecordAsync(call with
            {
                Status = reply.StatusCode,
                Reply = reply.Body,
                Error = reply.Error is { } error ? CallError.Of(error) : null,
                Duration = recorder.Clock.GetElapsedTime(started),
            }).ConfigureAwait(false);
            return reply;
        }
        catch (OperationCanceledException) when (callerGone.IsCancellationRequested)
        {
            var gone = new CallError(CallError.CallerGone, "The caller went away before there was a reply, or the host stopped.");
            await recorder.RecordAsync(call with { Error = gone, Duration = recorder.Clock.GetElapsedTime(started) }).ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask<StepReply?> AnswerAsync(
        Step step, ReadOnlyMemory<byte> request, Func<Task<StepReply>, Task>? late, CancellationToken callerGone)
    {
        if (!_algorithm.Has(step))
        {
            throw new IllegalStateException($"{_algorithm} has no {step.Name()} step. Add it, or serve that step elsewhere.");
        }

        RequestBody? body = null;
        ReceivedRequest? received = null;
        Task? handingOver = null;
        KtaException? error = null;
        try
        {
            body = new RequestBody(request);
            received = RequestReader.Read(body, MaxTopologyNodes);
            received.TellsChanges = TellsChanges;
            var output = new ArrayBufferWriter<byte>(RoomFor(received.Topology));
            await Call(step, received, output, late, callerGone, out handingOver).ConfigureAwait(false);
            if (handingOver is null)
            {
                return StepReply.Answer(received, output.WrittenMemory);
            }
        }
        catch (OperationCanceledException) when (callerGone.IsCancellationRequested)
        {
            body?.Close();
            throw;
        }
        catch (KtaException expected)
        {
            error = expected;
        }
        catch (Exception unexpected)
        {
            error = StepErrors.Unexpected(step, unexpected);
        }

        if (handingOver is null)
        {
            return StepErrors.Reply(step, error!, received, body);
        }

        await handingOver.ConfigureAwait(false);
        return null;
    }

    /// <summary>Enough for a plan of ordinary names; a buffer grows if a reply is longer.</summary>
    private static int RoomFor(Topology topology) => 64 + (112 * Math.Min(topology.Count, 100));

    /// <summary>Calls the step. What is handed over, if anything, is the reply, by another thread.</summary>
    private Task Call(
        Step step, ReceivedRequest received, ArrayBufferWriter<byte> output, Func<Task<StepReply>, Task>? late, CancellationToken callerGone, out Task? handingOver)
    {
        var started = Stopwatch.GetTimestamp();
        var ending = _algorithm.IsAsync(step) ? CancellationTokenSource.CreateLinkedTokenSource(callerGone) : null;
        var lent = late is null || ending is not null
            ? null
            : new LentThread(_pending, _givenUp, step, received, started, late, callerGone);
        var call = _algorithm.WriteReplyAsync(step, received, _threads, lent, output, ending?.Token ?? CancellationToken.None);
        handingOver = lent?.GiveBack();
        if (handingOver is not null)
        {
            _givenUp.EndWith(call, step, started);
            return Task.CompletedTask;
        }

        if (!call.IsCompletedSuccessfully)
        {
            return EndOfAsync(call, step, started, ending, callerGone);
        }

        ending?.Dispose();
        return Task.CompletedTask;
    }

    private async Task EndOfAsync(Task call, Step step, long started, CancellationTokenSource? ending, CancellationToken callerGone)
    {
        // A call that ends at the last moment has ended, whatever the clock says.
        await _pending.EndOf(call, callerGone).ConfigureAwait(false);
        if (!call.IsCompleted)
        {
            _givenUp.Add();
            _givenUp.EndWith(call, step, started);
            // Not awaited, nor is it of interest what those who listen to the token make of it.
            _ = ending?.CancelAsync().ContinueWith(static told => _ = told.Exception, TaskScheduler.Default);
            callerGone.ThrowIfCancellationRequested();
            throw new UdfTimeoutException(step, TimeLimit);
        }

        ending?.Dispose();
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (callerGone.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception thrown)
        {
            throw StepErrors.Explain(step, thrown);
        }
    }

    private void Tell(LateEnd end)
    {
        try
        {
            EndedLate?.Invoke(this, end);
        }
        catch (Exception)
        {
            // A listener that fails must not fail the thread it is told on, which may be a step's.
        }
    }
}
