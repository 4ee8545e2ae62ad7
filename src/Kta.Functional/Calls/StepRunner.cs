using System.Diagnostics.Metrics;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>
/// Bytes in, bytes out: reads a request of the operator, calls the step, writes the reply. For authors of backends; it
/// knows neither HTTP nor any other transport.
/// </summary>
/// <remarks>
/// Safe for concurrent calls. Whatever happens is a reply, also that the caller has gone away, see <see cref="StepReply.Error"/>
/// and <see cref="StepReply.CallerHasGone"/>. Steps run on the thread pool, where one that blocks holds a thread until it ends:
/// raise its minimum (<see cref="ThreadPool.SetMinThreads"/>) by as many calls as may run at once.
/// </remarks>
/// <example>
/// <code>
/// var runner = new StepRunner(algorithm);
/// StepReply reply = await runner.RunAsync(Step.Plan, body);
/// </code>
/// </example>
public sealed class StepRunner
{
    private readonly Algorithm _algorithm;
    private readonly BoundStep[] _steps;
    private readonly RequestReader _reader;
    private readonly TimeLimitedCalls _calls;
    private readonly AbandonedSteps _abandoned;
    private int _areShown;

    /// <summary>Prepares an algorithm for being called.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="timeLimit">The time a step has, or <see cref="Timeout.InfiniteTimeSpan"/>; default: <see cref="DefaultTimeLimit"/>. Not enforced while a debugger is attached.</param>
    /// <param name="maxTopologyNodes">The most nodes a topology may have, at least 1; default: <see cref="DefaultMaxTopologyNodes"/>.</param>
    /// <param name="meters">Makes the meter <c>Kta.Functional</c> that measures the calls; default: one for all of the process.</param>
    /// <exception cref="ArgumentException">A result type cannot be a JSON object, or a limit is not positive.</exception>
    /// <exception cref="IllegalAccessException">A variable that a step captures was changed after the step was made.</exception>
    public StepRunner(Algorithm algorithm, TimeSpan? timeLimit = null, int? maxTopologyNodes = null, IMeterFactory? meters = null)
        : this(algorithm, timeLimit, maxTopologyNodes, StepInstruments.Of(meters))
    {
    }

    /// <summary>The same, measured with these instruments, or not at all.</summary>
    internal StepRunner(Algorithm algorithm, TimeSpan? timeLimit, int? maxTopologyNodes, StepInstruments? instruments)
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
        (_algorithm, _steps) = (algorithm, [.. StepBinder.Bind(algorithm)]);
        _reader = new RequestReader(MaxTopologyNodes);
        _abandoned = new AbandonedSteps(Tell, instruments);
        _calls = new TimeLimitedCalls(TimeLimit, _abandoned);
        Instruments = instruments;
        ShowInstruments();
    }

    /// <summary>
    /// Raised when a step that was abandoned completes after all, unless it ends by cancellation as its token asks it to. Comes
    /// on any thread; what a listener throws is ignored.
    /// </summary>
    public event EventHandler<LateCompletion>? CompletedLate;

    /// <summary>4.5 seconds: enough below the operator's 5 that the answer still reaches it.</summary>
    public static TimeSpan DefaultTimeLimit { get; } = TimeSpan.FromSeconds(4.5);

    /// <summary>The time a step has before it is abandoned.</summary>
    public TimeSpan TimeLimit { get; }

    /// <summary>10,000 nodes: far more than anybody scales with one policy.</summary>
    public static int DefaultMaxTopologyNodes => 10_000;

    /// <summary>The most nodes a topology may have; a request with more is not valid.</summary>
    public int MaxTopologyNodes { get; }

    /// <summary>Whether replies of plan say what it changes and why. Default: no; it costs a look at the newest entry of the history.</summary>
    public bool Explains { get; set; }

    /// <summary>
    /// How many steps that were abandoned have not completed yet. A synchronous one holds a thread: many of them mean that
    /// something blocks for good.
    /// </summary>
    public int AbandonedSteps => _abandoned.Running;

    /// <summary>What measures the calls; null if nothing does.</summary>
    internal StepInstruments? Instruments { get; }

    /// <summary>Whether a step can have this time: more than nothing and at most a day, or <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    /// <param name="limit">The time.</param>
    public static bool IsTimeLimit(TimeSpan limit) =>
        limit == Timeout.InfiniteTimeSpan || (limit > TimeSpan.Zero && limit <= TimeSpan.FromDays(1));

    /// <summary>Calls one step.</summary>
    /// <param name="step">The step; the algorithm has to have it.</param>
    /// <param name="request">The body of the request. Must not change until the reply says <see cref="StepReply.RequestIsFree"/>.</param>
    /// <param name="callerGone">Fires when nobody waits for the reply any more.</param>
    /// <exception cref="IllegalStateException">The algorithm does not have the step.</exception>
    public Task<StepReply> RunAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken callerGone = default) =>
        CallAsync(step, new RequestBody(request), null, callerGone);

    /// <summary>Calls plan, and answers the plan together with the reasons for it: <c>{"plan": as plan does, "reasons": by the same keys, "heldBack": keys, "lacksData": keys}</c>.</summary>
    /// <param name="request">The body of a plan request. Must not change until the reply says <see cref="StepReply.RequestIsFree"/>.</param>
    /// <param name="callerGone">Fires when nobody waits for the reply any more.</param>
    /// <exception cref="IllegalStateException">The algorithm does not have plan.</exception>
    public Task<StepReply> ExplainAsync(ReadOnlyMemory<byte> request, CancellationToken callerGone = default) =>
        AnswerAsync(Step.Plan, new RequestBody(request), null, new StepOutput(explains: true), isQuestion: true, callerGone);

    /// <summary>Calls one step within this process: what it is told is handed over, not read.</summary>
    internal Task<StepReply> RunAsync(Step step, ReceivedRequest handed, CancellationToken callerGone) =>
        CallAsync(step, handed.Body, handed, callerGone);

    /// <summary>Asks a step what is no call of an operator: it is not measured.</summary>
    internal Task<StepReply> AskAsync(Step step, ReceivedRequest handed, CancellationToken callerGone) =>
        AnswerAsync(step, handed.Body, handed, new StepOutput(Explains), isQuestion: false, callerGone);

    /// <summary>Makes the series appear that are there before they have something to tell.</summary>
    private void ShowInstruments() => Instruments?.Show(_steps.Select(bound => bound.Step));

    private Task<StepReply> CallAsync(Step step, RequestBody body, ReceivedRequest? handed, CancellationToken callerGone) =>
        Instruments is { AreListenedTo: true } instruments
            ? ObserveAsync(instruments, step, body, handed, callerGone)
            : AnswerAsync(step, body, handed, new StepOutput(Explains), isQuestion: false, callerGone);

    // A method of its own: nobody who is not listened to pays for its variables.
    private async Task<StepReply> ObserveAsync(
        StepInstruments instruments, Step step, RequestBody body, ReceivedRequest? handed, CancellationToken callerGone)
    {
        if (_areShown == 0 && instruments.CanShow && Interlocked.Exchange(ref _areShown, 1) == 0)
        {
            ShowInstruments();
        }

        using var call = new ObservedCall(instruments, step, body.Length, Explains);
        var reply = await AnswerAsync(step, body, handed, call, isQuestion: false, callerGone).ConfigureAwait(false);
        call.End(reply);
        return reply;
    }

    /// <summary>The place where replies are born.</summary>
    /// <param name="step">The step.</param>
    /// <param name="body">The bytes of the request.</param>
    /// <param name="received">The request, or null if it has to be read.</param>
    /// <param name="output">Takes what the step answers.</param>
    /// <param name="isQuestion">Whether a plan is answered with its reasons.</param>
    /// <param name="callerGone">Fires when nobody waits any more.</param>
    private async Task<StepReply> AnswerAsync(
        Step step, RequestBody body, ReceivedRequest? received, StepOutput output, bool isQuestion, CancellationToken callerGone)
    {
        var bound = BoundTo(step);
        KtaException error;
        try
        {
            received ??= _reader.Read(body);
            output.Received(received);
            await _calls.RunAsync(bound, received, output, callerGone).ConfigureAwait(false);
            return isQuestion ? StepReply.Explained(received, output) : StepReply.Answer(received, output);
        }
        catch (OperationCanceledException) when (callerGone.IsCancellationRequested)
        {
            return StepReply.Gone(received, body);
        }
        catch (KtaException expected)
        {
            error = expected;
        }
        catch (Exception unexpected)
        {
            error = StepErrors.Unexpected(step, unexpected);
        }

        return StepErrors.Reply(step, error, received, body);
    }

    private BoundStep BoundTo(Step step)
    {
        foreach (var bound in _steps)
        {
            if (bound.Step == step)
            {
                return bound;
            }
        }

        throw new IllegalStateException($"{_algorithm} has no {step.Name()} step. Add it, or serve that step elsewhere.");
    }

    private void Tell(LateCompletion completion)
    {
        try
        {
            CompletedLate?.Invoke(this, completion);
        }
        catch (Exception)
        {
            // A listener that fails must not fail the thread it is told on, which may be a step's.
        }
    }
}
