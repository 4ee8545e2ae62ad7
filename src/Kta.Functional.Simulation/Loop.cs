using System.Text;
using Kta.Functional.Calls;
using Kta.Functional.Statelessness;

namespace Kta.Functional.Simulation;

/// <summary>The loop itself: calls the steps one after the other and keeps what they answered.</summary>
internal sealed class Loop(ServedSteps steps, Topology topology, LocalOperatorOptions options)
{
    private static readonly double[] PausesAfterFailure = [2, 2, 3, 4.5, 6.75];

    private readonly List<Iteration> _iterations = [];
    private readonly LinkedList<FinishedIteration> _store = [];

    private SecondRound? _secondRound;
    private Explanation? _explanation;

    internal async Task<LocalRun> RunAsync(int iterations, CancellationToken cancellationToken)
    {
        _secondRound = new SecondRound(steps, iterations, options);
        foreach (var earlier in options.EarlierIterations)
        {
            Remember(earlier.Finished);
        }

        for (var number = 1; number <= iterations; number++)
        {
            if (number > 1)
            {
                await PauseAsync(options.Interval, cancellationToken).ConfigureAwait(false);
            }

            var iteration = await IterateAsync(number, cancellationToken).ConfigureAwait(false);
            _iterations.Add(iteration);
            Remember(iteration.Finished);
            options.OnIteration?.Invoke(iteration);
        }

        await _secondRound.AskAsync(cancellationToken).ConfigureAwait(false);
        return new LocalRun(topology, _iterations);
    }

    private async Task<Iteration> IterateAsync(int number, CancellationToken cancellationToken)
    {
        var id = options.NewId();
        _secondRound!.Begin(number, id);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new Iteration(number, attempt, await CallStepsAsync(id, cancellationToken).ConfigureAwait(false));
            }
            catch (StepFailedException failure)
            {
                if (attempt == options.Attempts)
                {
                    throw new LocalOperatorException(
                        $"Iteration {number} failed in {failure.Step.Name()}"
                        + (attempt > 1 ? $", {attempt} times" : "")
                        + $": {failure.Message}",
                        failure.InnerException)
                    {
                        Step = failure.Step,
                        Iteration = number,
                        Attempts = attempt,
                        StatusCode = failure.Reply?.StatusCode,
                        Body = failure.Reply is { } reply ? Encoding.UTF8.GetString(reply.Body.Span) : null,
                        Finished = new LocalRun(topology, _iterations),
                    };
                }

                await PauseAfterAsync(failure, TimeSpan.FromSeconds(PausesAfterFailure[attempt - 1]), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<FinishedIteration> CallStepsAsync(string id, CancellationToken cancellationToken)
    {
        var start = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var history = _store.ToArray();
        var monitor = await CallAsync(Step.Monitor, OperatorRequest.Nothing, OperatorRequest.Nothing, Result).ConfigureAwait(false);
        var analyze = steps.HasAnalyze
            ? await CallAsync(Step.Analyze, monitor, OperatorRequest.Nothing, Result).ConfigureAwait(false)
            : OperatorRequest.Nothing;
        var plan = await CallAsync(Step.Plan, monitor, analyze, Plan).ConfigureAwait(false);
        return new FinishedIteration
        {
            Id = id,
            UdfStartTimestampMillis = start,
            UdfEndTimestampMillis = options.Clock.GetUtcNow().ToUnixTimeMilliseconds(),
            MonitorResult = monitor,
            AnalyzeResult = analyze,
            PlanResult = plan,
            Explanation = _explanation,
            Parallelism = plan.ToDictionary(
                pair => pair.Key, pair => Math.Clamp(pair.Value, options.MinParallelism, options.MaxParallelism)).AsReadOnly(),
        };

        IReadOnlyDictionary<TopologyNode, int> Plan(ReadOnlyMemory<byte> body) =>
            OperatorReply.ReadPlan(body.Span, topology).ToDictionary().AsReadOnly();

        static ReadOnlyMemory<byte> Result(ReadOnlyMemory<byte> body) => OperatorReply.ReadResult(body.Span);

        async Task<T> CallAsync<T>(
            Step step, ReadOnlyMemory<byte> monitorResult, ReadOnlyMemory<byte> analyzeResult, Func<ReadOnlyMemory<byte>, T> read)
        {
            var request = new OperatorRequest
            {
                Id = id,
                UdfStartTimestampMillis = start,
                Topology = topology,
                MonitorResult = monitorResult,
                AnalyzeResult = analyzeResult,
                History = history,
            };
            return await AskAsync(step, request.ToUtf8(), read, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>As the operator does it, the body is read before the status is looked at; unlike it, both are reported.</summary>
    private async Task<T> AskAsync<T>(
        Step step, ReadOnlyMemory<byte> request, Func<ReadOnlyMemory<byte>, T> read, CancellationToken cancellationToken)
    {
        var from = steps.Steps[step].Name;
        StepReply reply;
        bool hasUsedService;
        try
        {
            (reply, hasUsedService) = await ServiceUse.WatchAsync(() => steps.Call(step, request, cancellationToken)).ConfigureAwait(false);
        }
        catch (StepUnreachableException error)
        {
            throw new StepFailedException(step, error.Message, null, error.InnerException);
        }

        if (reply.CallerHasGone)
        {
            throw new OperationCanceledException(cancellationToken);
        }

        if (reply.StatusCode is < 200 or > 299)
        {
            throw new StepFailedException(
                step, $"{from} answered {reply.StatusCode}{reply.Remark}: {AnswerText.Excerpt(reply.Body)}", reply, reply.Error);
        }

        try
        {
            var result = read(reply.Body);
            _explanation = reply.Explanation;
            _secondRound!.Remember(step, request, reply, hasUsedService);
            return result;
        }
        catch (FormatException error)
        {
            throw new StepFailedException(
                step, $"{from} answered {reply.StatusCode}{reply.Remark}. {error.Message} It was: {AnswerText.Excerpt(reply.Body)}", reply, error);
        }
    }

    private void Remember(FinishedIteration finished)
    {
        _store.AddFirst(finished);
        if (_store.Count > options.HistoryLength)
        {
            _store.RemoveLast();
        }
    }

    /// <summary>A server that is not there yet does not start sooner because the clock of the loop is virtual.</summary>
    private async Task PauseAfterAsync(StepFailedException failure, TimeSpan time, CancellationToken cancellationToken)
    {
        var mayComeUp = !steps.IsInProcess && failure.Reply is null or { StatusCode: 429 or 502 or 503 or 504 };
        if (mayComeUp && options.Clock is VirtualClock)
        {
            await Task.Delay(time, cancellationToken).ConfigureAwait(false);
        }

        await PauseAsync(time, cancellationToken).ConfigureAwait(false);
    }

    private Task PauseAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (options.Clock is VirtualClock clock)
        {
            clock.Advance(time);
            return Task.CompletedTask;
        }

        return time > TimeSpan.Zero ? Task.Delay(time, options.Clock, cancellationToken) : Task.CompletedTask;
    }

    private sealed class StepFailedException(Step step, string message, StepReply? reply, Exception? inner)
        : Exception(message, inner)
    {
        internal Step Step { get; } = step;

        internal StepReply? Reply { get; } = reply;
    }
}
