using Kta.Functional.Calls;
using Kta.Functional.Statelessness;
using Kta.Functional.Wire;

namespace Kta.Functional.Simulation;

/// <summary>Calls the steps of a policy one after the other, as the operator does it for one iteration.</summary>
/// <param name="steps">Where the steps are.</param>
/// <param name="topology">The nodes.</param>
/// <param name="options">Limits, clock and recorder.</param>
internal sealed class StepCalls(ServedSteps steps, Topology topology, LocalOperatorOptions options)
{
    private readonly RequestHandler _call = steps.RecordedBy(options.Record);

    /// <summary>One iteration.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="history">The iterations before it, newest first.</param>
    /// <param name="secondRound">Remembers what is asked again; null if nothing is.</param>
    /// <param name="cancellationToken">Ends the call under way.</param>
    /// <param name="leave">Lets the call under way end, and makes no further one.</param>
    /// <exception cref="StepFailedException">A step failed or could not be reached.</exception>
    /// <exception cref="OperationCanceledException">The iteration was ended before plan had answered.</exception>
    internal async Task<FinishedIteration> CallAsync(
        string id,
        IReadOnlyList<FinishedIteration> history,
        SecondRound? secondRound,
        CancellationToken cancellationToken,
        CancellationToken leave = default)
    {
        var (start, nothing) = (options.Clock.GetUtcNow().ToUnixTimeMilliseconds(), OperatorRequest.HandedNothing);
        var (monitor, _) = await CallAsync(Step.Monitor, nothing, nothing, Result).ConfigureAwait(false);
        var analyze = nothing;
        if (steps.HasAnalyze)
        {
            (analyze, _) = await CallAsync(Step.Analyze, monitor, nothing, Result).ConfigureAwait(false);
        }

        var (plan, explanation) = await CallAsync(Step.Plan, monitor, analyze, Plan).ConfigureAwait(false);
        if (steps.Explain is { } explain)
        {
            explanation = await explain(Request(monitor, analyze).ToUtf8(), cancellationToken).ConfigureAwait(false) is { } told
                ? ExplainedPlan.Read(told, topology, options.AnyKind, plan, history.Count > 0 ? history[0].Parallelism : null)
                : null;
        }

        var end = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var parallelism = plan.ToDictionary(pair => pair.Key, pair => Math.Clamp(pair.Value, options.MinParallelism, options.MaxParallelism));
        return new(Request(monitor, analyze), end, monitor, analyze, plan, parallelism.AsReadOnly()) { Explanation = explanation };

        IReadOnlyDictionary<TopologyNode, int> Plan(StepReply reply) =>
            reply.Explanation is { } explained ? explained.Plan : OperatorReply.ReadPlan(reply.Body.Span, topology, options.AnyKind).ToDictionary().AsReadOnly();

        static HandedResult Result(StepReply reply) =>
            reply.IsReadAlike ? HandedResult.ReadAlike(reply.Body) : new(OperatorReply.ReadResult(reply.Body.Span));

        Task<(T Result, Explanation? Explanation)> CallAsync<T>(Step step, HandedResult monitored, HandedResult analyzed, Func<StepReply, T> read)
        {
            leave.ThrowIfCancellationRequested();
            return AskAsync(step, Request(monitored, analyzed), read, secondRound, cancellationToken);
        }

        OperatorRequest Request(HandedResult monitored, HandedResult analyzed) => new()
        {
            Id = id,
            UdfStartTimestampMillis = start,
            Topology = topology,
            Monitor = monitored,
            Analyze = analyzed,
            History = history,
        };
    }

    /// <summary>As the operator does it, the body is read before the status is looked at; unlike it, both are reported.</summary>
    private async Task<(T Result, Explanation? Explanation)> AskAsync<T>(
        Step step, OperatorRequest request, Func<StepReply, T> read, SecondRound? secondRound, CancellationToken cancellationToken)
    {
        var from = steps.Steps[step].Name;
        StepReply reply;
        var hasUsedService = false;
        try
        {
            if (secondRound?.MindsServices(step) == true)
            {
                (reply, hasUsedService) = await ServiceUse.WatchAsync(() => _call(step, request, cancellationToken)).ConfigureAwait(false);
            }
            else
            {
                reply = await _call(step, request, cancellationToken).ConfigureAwait(false);
            }
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
            var result = read(reply);
            secondRound?.Remember(step, request, reply, hasUsedService);
            return (result, reply.Explanation);
        }
        catch (FormatException error)
        {
            throw new StepFailedException(
                step, $"{from} answered {reply.StatusCode}{reply.Remark}. {error.Message} It was: {AnswerText.Excerpt(reply.Body)}", reply, error);
        }
    }
}

/// <summary>A step did not answer, or answered what the operator does not accept.</summary>
internal sealed class StepFailedException(Step step, string message, StepReply? reply, Exception? inner)
    : Exception(message, inner)
{
    internal Step Step { get; } = step;

    internal StepReply? Reply { get; } = reply;
}
