using System.Diagnostics;

namespace Kta.Functional.Calls;

/// <summary>The steps nobody waits for any more, until they complete.</summary>
internal sealed class AbandonedSteps(Action<LateCompletion> completed)
{
    private int _running;

    internal int Running => Volatile.Read(ref _running);

    /// <summary>Takes a step in until its call completes, and tells how it did, unless it merely obeyed its token.</summary>
    internal void Add(Task call, Step step, long started)
    {
        Interlocked.Increment(ref _running);
        call.ContinueWith(
            done =>
            {
                Interlocked.Decrement(ref _running);
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
