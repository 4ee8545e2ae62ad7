using System.Diagnostics;
using System.Runtime.CompilerServices;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>
/// Calls steps on threads of the pool, and waits for each as long as it may take. A step that takes longer, or whose caller
/// goes away, is abandoned: nothing stops it.
/// </summary>
internal sealed class TimeLimitedCalls(TimeSpan limit, AbandonedSteps abandoned)
{
    /// <exception cref="UdfTimeoutException">The time is up.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone away.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    internal async ValueTask RunAsync(BoundStep step, ReceivedRequest request, StepOutput output, CancellationToken callerGone)
    {
        var started = Stopwatch.GetTimestamp();
        var ending = step.IsAsync ? CancellationTokenSource.CreateLinkedTokenSource(callerGone) : null;
        var token = ending?.Token ?? CancellationToken.None;
        // Also an asynchronous function: what it does before its first real wait may block.
        var call = step.IsAsync
            ? RunLater(step, request, output, token)
            : QueuedStep.Run(step, request, output);
        var patience = Debugger.IsAttached ? Timeout.InfiniteTimeSpan : limit;
        await call.WaitAsync(patience, callerGone).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // A call that completes at the last moment has completed, whatever the clock says.
        if (!call.IsCompleted)
        {
            abandoned.Add(call, step.Step, started, callerGone.IsCancellationRequested);
            // Not awaited, nor is it of interest what those who listen to the token make of it.
            _ = ending?.CancelAsync().ContinueWith(static told => _ = told.Exception, TaskScheduler.Default);
            callerGone.ThrowIfCancellationRequested();
            throw new UdfTimeoutException(step.Step, limit);
        }

        ending?.Dispose();
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception thrown) when (thrown is not OperationCanceledException || !callerGone.IsCancellationRequested)
        {
            throw StepErrors.Explain(step.Step, thrown);
        }
    }

    // A method of its own: a closure is made where its variables are, also for those who do not need it.
    private static Task RunLater(BoundStep step, ReceivedRequest request, StepOutput output, CancellationToken token) =>
        Task.Run(() => step.AnswerAsync(request, output, token), CancellationToken.None);
}
