using Kta.Functional.Wire;

namespace Kta.Functional.Hosting;

/// <summary>
/// The thread of a caller, lent to a step that is expected to be quick. If the step does not end in time, its caller is
/// still held up, and another thread hands over the answer.
/// </summary>
internal sealed class LentThread(
    PendingCalls pending,
    UnendedSteps givenUp,
    Step step,
    ReceivedRequest received,
    long started,
    Func<Task<StepReply>, Task> late,
    CancellationToken callerGone)
    : WatchedCall(callerGone)
{
    private static readonly TaskCompletionSource Ended = new();

    /// <summary>What happened first: the end of the step, or another thread's answer.</summary>
    private TaskCompletionSource? _outcome;

    /// <summary>When the call of the step began.</summary>
    internal long Started { get; } = started;

    /// <summary>The step is about to hold up its caller.</summary>
    internal void Begin() => pending.WatchBriefly(this, Started);

    /// <summary>The caller has its thread again. The task, if any: the answer is going another way.</summary>
    internal Task? GiveBack()
    {
        if (Limit == 0)
        {
            return null;
        }

        pending.Leave(this);
        return Interlocked.CompareExchange(ref _outcome, Ended, null)?.Task;
    }

    internal override void End()
    {
        pending.Leave(this);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Interlocked.CompareExchange(ref _outcome, done, null) is null)
        {
            givenUp.Add();
            _ = HandOverAsync(done);
        }
    }

    private async Task HandOverAsync(TaskCompletionSource done)
    {
        try
        {
            await late(Reply()).ConfigureAwait(false);
            done.SetResult();
        }
        catch (Exception error)
        {
            done.SetException(error);
        }
    }

    private Task<StepReply> Reply()
    {
        var reply = StepErrors.Reply(step, new UdfTimeoutException(step, pending.Limit), received, received.Body);
        return CallerGone.IsCancellationRequested ? Task.FromCanceled<StepReply>(CallerGone) : Task.FromResult(reply);
    }
}
