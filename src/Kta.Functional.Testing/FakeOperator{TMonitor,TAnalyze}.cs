using Kta.Functional.Calls;
using Kta.Functional.Recording;
using Kta.Functional.Simulation;

namespace Kta.Functional.Testing;

/// <summary>
/// The operator in a test: calls served steps over HTTP, one iteration after the other, tries again after its pauses, and keeps the history. Its clock is virtual,
/// so nothing waits. Make one with <see cref="FakeOperator.StartAsync"/> for a test, or for a fixture.
/// </summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
/// <remarks>For one caller at a time. An iteration is tried six times, after 2, 2, 3, 4.5 and 6.75 s of the clock, with the same id and a new start.</remarks>
/// <example>
/// <code>
/// await using var op = await FakeOperator.StartAsync(careful);
/// var first = await op.IterateAsync();
/// var second = await op.IterateAsync(CallFault.ReplyLost(Step.Plan));
/// </code>
/// </example>
public sealed class FakeOperator<TMonitor, TAnalyze> : IAsyncDisposable
    where TMonitor : class
    where TAnalyze : class
{
    private const int Attempts = 6;

    private readonly Algorithm<TMonitor, TAnalyze> _types;
    private readonly IAsyncDisposable? _server;
    private readonly FaultyConnection _connection;
    private readonly HttpClient _client;
    private readonly HttpCaller _caller;
    private readonly ServedSteps _steps;
    private readonly LocalOperatorOptions _options;
    private readonly VirtualClock _clock;
    private readonly PolicyLoop _loop;
    private readonly List<CallRecord> _calls = [];
    private CallFault? _fault;
    private bool _disposed;
    private TimeSpan _pause;

    internal FakeOperator(
        Algorithm<TMonitor, TAnalyze> types,
        StepEndpoints endpoints,
        Topology? topology,
        LocalOperatorOptions? options,
        FaultyConnection connection,
        IAsyncDisposable? server)
    {
        endpoints.Validate();
        (_types, _connection, _server, Endpoints, Topology) = (types, connection, server, endpoints, topology ?? [TopologyNode.Deployment("app")]);
        _client = HttpCaller.CreateClient(_connection);
        _options = (options ?? new() { NewId = IterationIds.Numbered() }) with
        {
            Attempts = Attempts,
            OnFailure = FailureHandling.EndRun,
            AskTwice = [],
            HttpClient = _client,
        };
        _options.Validate();
        _clock = _options.Clock as VirtualClock
            ?? throw new ArgumentException($"A fake operator waits for nothing, so its Clock has to be a VirtualClock; it is a {_options.Clock.GetType().Name}.", nameof(options));
        _caller = new(endpoints, _options);
        _steps = _caller.Steps();
        var knowledge = new Knowledge();
        foreach (var earlier in _options.EarlierIterations)
        {
            knowledge.Add(earlier.Finished);
        }

        _loop = new("", _steps with { Bytes = CallAsync }, Topology, int.MaxValue, _options, knowledge);
    }

    /// <summary>Where the steps are served.</summary>
    public StepEndpoints Endpoints { get; }

    /// <summary>The nodes.</summary>
    public Topology Topology { get; }

    /// <summary>What has happened so far: iterations, decisions, attempts that failed; for expectations, and as a table.</summary>
    public LocalRun Run => _loop.Run;

    /// <summary>The calls so far, as they went over the wire, and what was answered; also those whose answer was lost, unlike those that did not arrive.</summary>
    public IReadOnlyList<CallRecord> Calls => _calls.ToArray();

    /// <summary>Turns the loop once: calls the steps, and tries again until all have answered.</summary>
    /// <param name="faults">What goes wrong in the first attempt, in the second one, and so on; the attempts after them are in order.</param>
    /// <returns>The iteration as it comes back with the next one's history.</returns>
    /// <exception cref="LocalOperatorException">It failed six times.</exception>
    /// <exception cref="ObjectDisposedException">The operator has been disposed of.</exception>
    /// <exception cref="ArgumentException">A fault cannot occur: its step is not served, the attempt before it succeeds, or there are more than six.</exception>
    public async Task<HistoryEntry<TMonitor, TAnalyze>> IterateAsync(params CallFault[] faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        CheckOpen();
        CallFault.Check(faults, Attempts, _steps.Steps.ContainsKey);

        for (var number = 0; ; number++)
        {
            _clock.Advance(_pause);
            _fault = number < faults.Length ? faults[number] : null;
            var attempt = await _loop.AttemptAsync(CancellationToken.None).ConfigureAwait(false);
            _pause = attempt.Pause;
            if (attempt.Finished is { } iteration)
            {
                return Entry(iteration.Finished);
            }
        }
    }

    /// <summary>Turns the loop several times.</summary>
    /// <param name="iterations">How often; at least 1.</param>
    /// <returns><see cref="Run"/>.</returns>
    /// <exception cref="LocalOperatorException">An iteration failed six times.</exception>
    public async Task<LocalRun> RunAsync(int iterations)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        for (var i = 0; i < iterations; i++)
        {
            await IterateAsync().ConfigureAwait(false);
        }

        return Run;
    }

    /// <summary>Makes all calls again, each with the whole history it had, the last one first: whoever answers, the answers should be the same.</summary>
    /// <returns>What is answered otherwise; see <see cref="ReplayReport.ThrowIfDifferent"/>.</returns>
    /// <exception cref="ObjectDisposedException">The operator has been disposed of.</exception>
    public Task<ReplayReport> ReplayAsync()
    {
        CheckOpen();
        var lines = _calls.Select((call, i) => new RecordedLine(null, i + 1) { Call = call }).Reverse().ToArray();
        return new ReplayRun(ReplayTarget.Of($"{Endpoints.Plan}", _steps.Bytes), loop: null).RunAsync(lines, [], parallelism: 1, CancellationToken.None);
    }

    /// <summary>Closes the connections, and stops the server if it was started with the operator.</summary>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        _caller.Dispose();
        _client.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync().ConfigureAwait(false);
        }
    }

    private void CheckOpen()
    {
        if (_disposed)
        {
            throw new ObjectDisposedException("FakeOperator", "The fake operator has been disposed of, so it calls nothing any more. Iterate and replay before that; Run and Calls stay.");
        }
    }

    private async Task<StepReply> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var fault = _fault?.Step == step ? _fault : null;
        if (fault?.Kind == CallFaultKind.Unreachable)
        {
            throw Failed(fault, null);
        }

        var call = new CallRecord { At = _clock.GetUtcNow(), Algorithm = _steps.Steps[step].Name, Step = step, Request = request };
        try
        {
            _connection.Fault = fault;
            var reply = await _steps.Bytes(step, request, cancellationToken).ConfigureAwait(false);
            _calls.Add(call with { Status = reply.StatusCode, Reply = reply.Body });
            return fault is { Kind: CallFaultKind.ReplyLost or CallFaultKind.CallerGone } ? throw Failed(fault, null) : reply;
        }
        catch (StepUnreachableException error) when (error.InnerException is not CallFaultException)
        {
            _calls.Add(call with { Error = fault?.Kind == CallFaultKind.CallerGone ? CallError.CallerGone : CallError.OfUnanswered(error) });
            throw fault?.Kind == CallFaultKind.CallerGone ? Failed(fault, error) : error;
        }
        finally
        {
            _connection.Fault = null;
        }
    }

    private static StepUnreachableException Failed(CallFault fault, Exception? cause)
    {
        var message = $"As the test wants it, {fault}.";
        return new(message, new CallFaultException(message, cause));
    }

    private HistoryEntry<TMonitor, TAnalyze> Entry(FinishedIteration finished) => new(
        _types.MonitorCodec.Read(finished.MonitorResult.Span),
        finished.Analyze.IsNothing ? null : _types.AnalyzeCodec.Read(finished.AnalyzeResult.Span),
        Plan.Of(finished.PlanResult),
        finished.Parallelism,
        finished.Id,
        finished.UdfStartTimestampMillis,
        finished.UdfEndTimestampMillis);

    /// <summary>Something that was to go wrong.</summary>
    private sealed class CallFaultException(string message, Exception? inner) : Exception(message, inner);
}
