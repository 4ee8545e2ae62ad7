using System.Diagnostics;

namespace Kta.Functional.Calls;

/// <summary>The steps nobody waits for any more, until they complete.</summary>
/// <param name="completed">Is told how they complete.</param>
/// <param name="instruments">Count them; null for calls that nobody counts.</param>
internal sealed class AbandonedSteps(Action<LateCompletion> completed, StepInstruments? instruments)
{
    private int _running;

    internal int Running => Volatile.Read(ref _running);

    /// <summary>Takes a step in until its call completes, and tells how it did, unless it merely obeyed its token.</summary>
    internal void Add(Task call, Step step, long started, bool callerHasGone)
    {
        Interlocked.Increment(ref _running);
        instruments?.Abandoned.Add(1, Tags.Of(step), callerHasGone ? Tags.CallerGone : Tags.Timeout);
        var counted = instruments is { AbandonedRunning.Enabled: true } ? instruments.AbandonedRunning : null;
        counted?.Add(1, Tags.Of(step));
        call.ContinueWith(
            done =>
            {
                Interlocked.Decrement(ref _running);
                counted?.Add(-1, Tags.Of(step));
                // Read in any case: then it is not an unobserved error.
                var error = done.Exception?.InnerException is { } thrown ? ThrownText.Printable(thrown) : null;
                if (!done.IsCanceled)
                {
                    completed(new LateCompletion(step, Stopwatch.GetElapsedTime(started), error));
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }
}
