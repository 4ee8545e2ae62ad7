using Kta.Functional.Simulation;
using static System.FormattableString;

namespace Kta.Functional.Operator;

/// <summary>The loop of one policy: calls the steps, stores what they decided, and then scales.</summary>
internal sealed class PolicyRunner
{
    private readonly OperatedPolicy _operated;
    private readonly KnowledgeStore _store;
    private readonly TimeProvider _clock;
    private readonly Action<RunEvent> _tell;
    private readonly RecentIterations _recent;
    private readonly Downtime _downtime;
    private int _failures;
    private string? _id;

    internal PolicyRunner(OperatedPolicy operated, KnowledgeStore store, TimeProvider clock, Action<RunEvent> tell)
    {
        (_operated, _store, _clock, _tell) = (operated, store, clock, tell);
        var length = operated.Policy.HistoryLength ?? OperatedPolicy.DefaultHistory;
        _recent = new(length, store.History(Name, length));
        _downtime = new(store, Name);
    }

    private string Name => _operated.Policy.FullName;

    private IReadOnlyDictionary<TopologyNode, int>? Applied => _recent.Newest?.Parallelism;

    /// <summary>Turns the loop until it is to end.</summary>
    /// <param name="leave">Lets the step under way end, scales what it decided, and ends.</param>
    /// <param name="abort">Ends at once.</param>
    internal async Task RunAsync(CancellationToken leave, CancellationToken abort)
    {
        using var steps = new PolicySteps(_operated.Steps);
        var pause = await GuardedAsync(ResumeAsync, abort).ConfigureAwait(false) ?? TimeSpan.Zero;
        while (await WaitAsync(pause, leave).ConfigureAwait(false))
        {
            pause = await GuardedAsync(token => TurnAsync(steps.For(_downtime.Typical), token, leave), abort).ConfigureAwait(false) ?? _operated.Policy.Interval;
        }
    }

    /// <summary>Whatever fails is told and tried again: nothing of one policy may end it, or hold up another.</summary>
    /// <returns>The pause until it is tried again; null if nothing failed.</returns>
    private async Task<TimeSpan?> GuardedAsync(Func<CancellationToken, Task> action, CancellationToken abort)
    {
        try
        {
            await action(abort).ConfigureAwait(false);
            _failures = 0;
            return null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (StepFailedException failure)
        {
            return await FailedAsync(failure.Step.Name(), failure.Message, abort).ConfigureAwait(false);
        }
        catch (KnowledgeStoreException failure)
        {
            return await FailedAsync("store", failure.Message, abort).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            return await FailedAsync("loop", OurError(failure), abort).ConfigureAwait(false);
        }
    }

    /// <summary>What no user could have avoided.</summary>
    internal static string OurError(Exception error) => $"This is an error of kta, please report it: {error}";

    /// <summary>After a restart, what was decided last is what should run: it may have been stored and not scaled any more.</summary>
    private async Task ResumeAsync(CancellationToken abort)
    {
        _store.AddSettings(Name, _clock.GetUtcNow(), _operated.Settings);
        if (_recent.Newest is not { } last || !_operated.Policy.Topology.All(last.Parallelism.ContainsKey))
        {
            return;
        }

        var policy = _operated.Policy;
        var wanted = policy.Topology.ToDictionary(node => node, node => Math.Clamp(last.Parallelism[node], policy.MinParallelism, policy.MaxParallelism));
        var decision = new Decision(Name, last.Id, EpochTime.At(last.UdfEndTimestampMillis), wanted);
        var result = await _operated.Driver.ScaleAsync(decision, abort).ConfigureAwait(false);
        if (result.Nodes.Any(node => node.Outcome is ScalingOutcome.Sent or ScalingOutcome.Failed))
        {
            // Otherwise what was done at the time stays told.
            _store.Complete(Name, decision.Id, result);
        }

        var sent = result.Nodes.Where(node => node.Outcome == ScalingOutcome.Sent).ToList();
        Tell(sent.Count == 0
            ? Invariant($"goes on after {_recent.Count} stored iterations")
            : $"goes on with the plan stored last, which did not run yet: {string.Join(", ", sent.Select(Change))}");
    }

    /// <summary>As with the operator, an iteration that failed is tried again under its id; one that is stored is not tried again.</summary>
    private async Task TurnAsync(StepCalls calls, CancellationToken abort, CancellationToken leave)
    {
        _id ??= Guid.NewGuid().ToString();
        var answered = await calls.CallAsync(_id, _recent.Newests(), null, abort, leave).ConfigureAwait(false);
        var finished = StandingPlan.Of(answered, Applied);
        _store.Add(Name, finished, finished.Explanation);
        _id = null;
        var before = Applied;
        _recent.Add(finished);
        var at = EpochTime.At(finished.UdfEndTimestampMillis);
        var decision = new Decision(Name, finished.Id, at, finished.Parallelism, finished.Explanation);
        var result = await _operated.Driver.ScaleAsync(decision, abort).ConfigureAwait(false);
        _store.Complete(Name, decision.Id, result);
        _tell(new IterationDecided(Name, at, finished, before, finished.Explanation, result));
        _downtime.Observe(_operated.Driver.LastRescale);
    }

    private async Task<TimeSpan> FailedAsync(string where, string problem, CancellationToken abort)
    {
        var pause = Backoff.After(_operated.Policy.Interval, ++_failures, Random.Shared.NextDouble());
        var at = _clock.GetUtcNow();
        _tell(new IterationFailed(Name, at, where, problem, _failures, pause));
        try
        {
            _store.AddFailure(Name, at, $"{where}: {problem}");
            await _operated.Driver.TellFailureAsync($"{where}: {problem}", abort).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            Tell($"the failure could not be told elsewhere: {error.Message}");
        }
        catch (OperationCanceledException)
        {
        }

        return pause;
    }

    private void Tell(string text) => _tell(new RunNote(Name, _clock.GetUtcNow(), text));

    private async Task<bool> WaitAsync(TimeSpan pause, CancellationToken leave)
    {
        if (pause > TimeSpan.Zero && !leave.IsCancellationRequested)
        {
            await Task.Delay(pause, _clock, leave).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return !leave.IsCancellationRequested;
    }

    private static string Change(NodeScaling node) => node.Observed is { } observed ? Invariant($"{node.Node} {observed} → {node.Wanted}") : Invariant($"{node.Node} → {node.Wanted}");
}
