using System.Text;

namespace Kta.Functional.Simulation;

/// <summary>The loop of one policy: calls the steps one after the other, keeps what they answered, and says when to call them again.</summary>
/// <param name="name">The name of the policy for messages; empty if there is only one.</param>
/// <param name="steps">Where the steps are.</param>
/// <param name="topology">The nodes.</param>
/// <param name="turns">How often it finishes an iteration or gives one up.</param>
/// <param name="options">The settings.</param>
/// <param name="knowledge">Takes what was finished.</param>
internal sealed class PolicyLoop(
    string name, ServedSteps steps, Topology topology, int turns, LocalOperatorOptions options, Knowledge knowledge)
{
    private static readonly double[] PausesAfterFailure = [2, 2, 3, 4.5, 6.75];
    private static readonly TimeSpan Silence = TimeSpan.FromHours(10);

    private readonly List<Iteration> _iterations = [];
    private readonly List<FailedAttempt> _failures = [];
    private readonly SecondRound _secondRound = new(steps, turns, options);
    private readonly StepCalls _calls = new(steps, topology, options);

    private string? _id;
    private int _attempts;
    private int _turns;

    internal bool IsDone => _turns == turns;

    internal LocalRun Run => new(topology, _iterations, _failures);

    /// <summary>Asks some calls again when the run is over.</summary>
    internal Task AskAgainAsync(CancellationToken cancellationToken) => _secondRound.AskAsync(cancellationToken);

    /// <summary>Tries the present iteration, or the next one.</summary>
    /// <returns>The iteration if it was finished, and how long to wait before the next attempt.</returns>
    internal async Task<Attempt> AttemptAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var number = _turns + 1;
        _id ??= options.NewId();
        _attempts++;
        _secondRound.Begin(number, _id);
        try
        {
            var finished = await _calls.CallAsync(_id, knowledge.View(options.HistoryLength), _secondRound, cancellationToken).ConfigureAwait(false);
            var iteration = new Iteration(number, _attempts, finished);
            _iterations.Add(iteration);
            knowledge.Add(finished);
            EndTurn();
            options.OnIteration?.Invoke(iteration);
            return new(iteration, options.Interval);
        }
        catch (StepFailedException failure)
        {
            return AfterFailure(number, failure);
        }
    }

    private Attempt AfterFailure(int number, StepFailedException failure)
    {
        _failures.Add(new(options.Clock.GetUtcNow(), number, _id!, failure.Step, _attempts, failure.Message));
        if (_attempts < options.Attempts)
        {
            // A server that is not there yet does not start sooner because the clock of the loop is virtual.
            var mayComeUp = !steps.IsInProcess && failure.Reply is null or { StatusCode: 429 or 502 or 503 or 504 };
            return new(null, TimeSpan.FromSeconds(PausesAfterFailure[_attempts - 1]), mayComeUp);
        }

        if (options.OnFailure == FailureHandling.EndRun)
        {
            throw Failed(number, failure);
        }

        if (options.Defects.HasFlag(OperatorDefects.LongSilence))
        {
            _turns++;
            return new(null, Silence);
        }

        EndTurn();
        return new(null, options.Interval);
    }

    private void EndTurn()
    {
        _turns++;
        (_id, _attempts) = (null, 0);
    }

    private LocalOperatorException Failed(int number, StepFailedException failure) => new(
        $"{(name.Length > 0 ? $"{name}: iteration" : "Iteration")} {number} failed in {failure.Step.Name()}"
        + (_attempts > 1 ? $", {_attempts} times" : "")
        + $": {failure.Message}",
        failure.InnerException)
    {
        Step = failure.Step,
        Iteration = number,
        Attempts = _attempts,
        StatusCode = failure.Reply?.StatusCode,
        Body = failure.Reply is { } reply ? Encoding.UTF8.GetString(reply.Body.Span) : null,
        Finished = Run,
    };
}

/// <summary>What came of an attempt.</summary>
/// <param name="Finished">The iteration, or null if it failed.</param>
/// <param name="Pause">The time to wait before the next one.</param>
/// <param name="NeedsRealTime">Whether a pause helps only if it is a real one.</param>
internal readonly record struct Attempt(Iteration? Finished, TimeSpan Pause, bool NeedsRealTime = false);
