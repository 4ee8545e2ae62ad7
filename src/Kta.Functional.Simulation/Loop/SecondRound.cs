using System.Diagnostics;
using Kta.Functional.Calls;
using Kta.Functional.Statelessness;

namespace Kta.Functional.Simulation;

/// <summary>
/// Asks some calls of a run again when it is over: those of early, middle and late iterations, so that a long run does not
/// become much longer. Nothing of it is recorded.
/// </summary>
internal sealed class SecondRound
{
    private readonly ServedSteps _steps;
    private readonly LocalOperatorOptions _options;
    private readonly HashSet<int> _chosen;
    private readonly List<AskedCall> _calls = [];
    private readonly Dictionary<Step, OperatorRequest> _last = [];
    private readonly long _started = Stopwatch.GetTimestamp();
    private string _id = "";
    private bool _isChosen;

    internal SecondRound(ServedSteps steps, int iterations, LocalOperatorOptions options)
    {
        _steps = steps;
        _options = options;
        _chosen =
        [
            1, 2, 3,
            .. Enumerable.Range(1, 4).Select(part => 1 + (int)((iterations - 1) * (long)part / 5)),
            iterations - 2, iterations - 1, iterations,
        ];
    }

    internal void Begin(int iteration, string id)
    {
        _id = id;
        _isChosen = _chosen.Contains(iteration);
    }

    /// <summary>Whether it matters that a call uses a service: what that answers may be something else the next time, by right.</summary>
    internal bool MindsServices(Step step) => step == Step.Monitor && IsAskedAgain(step);

    /// <summary>Remembers a call that was answered, if it is one of those to ask again.</summary>
    internal void Remember(Step step, OperatorRequest request, StepReply reply, bool hasUsedService)
    {
        if (IsAskedAgain(step) && !hasUsedService)
        {
            _last[step] = request;
            _calls.Add(Call(step, AskedCall.Iteration(_id), request, reply.Body));
        }
    }

    private bool IsAskedAgain(Step step) => _isChosen && _options.AskTwice.Contains(step) && !_steps.Steps[step].IsKnownStateless;

    /// <exception cref="ChangedDecisionException">A call is answered differently.</exception>
    internal async Task AskAsync(CancellationToken cancellationToken)
    {
        var patience = Stopwatch.GetElapsedTime(_started) + TimeSpan.FromSeconds(1);
        var begun = Stopwatch.GetTimestamp();
        await AddVariationsAsync(cancellationToken).ConfigureAwait(false);
        var asked = 0;
        do
        {
            foreach (var call in SecondAsking.Schedule(_calls))
            {
                await SecondAsking.CheckAsync(call, cancellationToken).ConfigureAwait(false);
                asked++;
                if (Stopwatch.GetElapsedTime(begun) > patience)
                {
                    return;
                }
            }
        }
        while (asked > 0 && asked < _options.LeastAsked);
    }

    /// <summary>
    /// What smooths, or keeps a maximum, settles in a run of always the same numbers: other numbers disturb it. Only in this
    /// process, for a server would log what a step cannot do with them.
    /// </summary>
    private async Task AddVariationsAsync(CancellationToken cancellationToken)
    {
        foreach (var (factor, name) in _steps.IsInProcess ? ((double, string)[])[(3, "larger"), (1.0 / 3, "smaller")] : [])
        {
            foreach (var (step, request) in _last)
            {
                if (VariedRequest.Of(request, factor) is { } varied
                    && await AskAsync(step, varied, cancellationToken).ConfigureAwait(false) is { Failure: null } answer)
                {
                    _calls.Add(Call(step, $"{AskedCall.Iteration(_id)} with {name} numbers", varied, answer.Body));
                }
            }
        }
    }

    private AskedCall Call(Step step, string context, OperatorRequest request, ReadOnlyMemory<byte> answer) =>
        new(step, _id, context, answer, token => AskAsync(step, request, token));

    private async Task<SecondAnswer?> AskAsync(Step step, OperatorRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await _steps.Unrecorded(step, request, cancellationToken).ConfigureAwait(false);
            return reply.StatusCode is >= 200 and <= 299 ? new(reply.Body)
                : SaysNothing(reply) ? null
                : new(default, $"{reply.StatusCode}: {AnswerText.Excerpt(reply.Body)}", reply.Error);
        }
        catch (StepUnreachableException)
        {
            return null;
        }
    }

    /// <summary>Too late, or too many at once: that is the server's state, not the step's.</summary>
    private static bool SaysNothing(StepReply reply) =>
        reply.CallerHasGone || reply.Error is UdfTimeoutException || reply.StatusCode is 408 or 429 or (>= 502 and <= 504);
}
