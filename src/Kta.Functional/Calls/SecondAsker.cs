using Kta.Functional.Statelessness;

namespace Kta.Functional.Calls;

/// <summary>
/// Asks steps twice beside the calls of a server: some calls are remembered as copies, and one of them is asked again now and
/// then, on a thread of the pool, one at a time, while nothing queues. Nothing of it is recorded or metered, and what is given
/// up does not count.
/// </summary>
internal sealed class SecondAsker
{
    private const int First = RememberedCalls.Most;
    private const int Later = 100;

    private readonly StepRunner _runner;
    private readonly StepInstruments? _instruments;
    private readonly bool[] _isAsked;
    private readonly bool _asksAll;
    private readonly Func<bool> _isBusy;
    private readonly Action<ChangedDecisionException> _changed;
    private readonly Action<string> _ended;
    private readonly int[] _counts = new int[Enum.GetValues<Step>().Length];
    private readonly Lock _gate = new();
    private readonly RememberedCalls _calls = new();
    private int _wanted;
    private int _hasEnded;

    /// <param name="algorithm">The algorithm.</param>
    /// <param name="served">How it is called otherwise: with these limits.</param>
    /// <param name="asksAll">Asks asynchronous steps and those that use a <see cref="Service{T}"/>, too.</param>
    /// <param name="isBusy">Whether calls wait for their turn.</param>
    /// <param name="changed">Is told of every context that got two answers.</param>
    /// <param name="ended">Is told, once, why no step is asked again any more.</param>
    internal SecondAsker(
        Algorithm algorithm, StepRunner served, bool asksAll, Func<bool> isBusy, Action<ChangedDecisionException> changed, Action<string> ended)
    {
        _runner = new StepRunner(algorithm, served.TimeLimit, served.MaxTopologyNodes, instruments: null);
        _instruments = served.Instruments;
        _isAsked = [.. Enum.GetValues<Step>().Select(
            step => algorithm.Has(step) && !algorithm.IsKnownStateless(step) && (asksAll || !algorithm.IsAsync(step)))];
        (_asksAll, _isBusy, _changed, _ended) = (asksAll, isBusy, changed, ended);
    }

    /// <summary>The same calls, of which some are remembered: the first few of each step, and one in a hundred.</summary>
    internal StepHandler Around(StepHandler inner) =>
        (step, request, callerGone) => Picks(step) ? CallAsync(inner, step, request, callerGone) : inner(step, request, callerGone);

    private bool Picks(Step step)
    {
        if (Volatile.Read(ref _hasEnded) == 1 || !_isAsked[(int)step])
        {
            return false;
        }

        var number = Interlocked.Increment(ref _counts[(int)step]);
        return (number > 0 && number <= First) || number % Later == 0;
    }

    private async Task<StepReply> CallAsync(StepHandler inner, Step step, ReadOnlyMemory<byte> request, CancellationToken callerGone)
    {
        var (reply, hasUsedService) = await ServiceUse.WatchAsync(() => inner(step, request, callerGone)).ConfigureAwait(false);
        if (hasUsedService && !_asksAll)
        {
            LeaveOut(step);
        }
        else if (reply.StatusCode == 200)
        {
            Remember(step, request.Span, reply.Body.Span);
        }

        return reply;
    }

    private void LeaveOut(Step step)
    {
        _isAsked[(int)step] = false;
        lock (_gate)
        {
            _calls.Forget(step);
        }
    }

    private void Remember(Step step, ReadOnlySpan<byte> request, ReadOnlySpan<byte> reply)
    {
        lock (_gate)
        {
            _calls.Add(step, request, reply);
        }

        if (!_isBusy() && Interlocked.Increment(ref _wanted) == 1)
        {
            // Without the context of the call: neither its trace nor its request is anything of the second one.
            ThreadPool.UnsafeQueueUserWorkItem(static asker => _ = asker.AskAsync(), this, preferLocal: false);
        }
    }

    private async Task AskAsync()
    {
        do
        {
            await AskNextAsync().ConfigureAwait(false);
        }
        while (Interlocked.Decrement(ref _wanted) > 0);
    }

    private async Task AskNextAsync()
    {
        try
        {
            RememberedCall? call;
            lock (_gate)
            {
                call = _calls.Next();
            }

            if (call is not null && await SecondAsking.FindChangeAsync(Asked(call), CancellationToken.None).ConfigureAwait(false) is { } changed)
            {
                _instruments?.Changed.Add(1, Tags.Of(call.Step));
                _changed(changed);
            }
        }
        catch (Exception error)
        {
            End(error.Message);
        }
    }

    private AskedCall Asked(RememberedCall call) => new(
        call.Step,
        call.Id,
        AskedCall.Iteration(call.Id),
        call.Reply,
        async token =>
        {
            var (reply, hasUsedService) = await ServiceUse
                .WatchAsync(() => _runner.RunAsync(call.Step, call.Request, token)).ConfigureAwait(false);
            if (hasUsedService && !_asksAll)
            {
                LeaveOut(call.Step);
                return null;
            }

            return reply.Error is null ? new(reply.Body) : throw reply.Error;
        });

    private void End(string reason)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            lock (_gate)
            {
                _calls.Clear();
            }

            _ended(reason);
        }
    }
}
