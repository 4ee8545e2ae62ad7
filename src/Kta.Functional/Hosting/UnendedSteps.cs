using System.Diagnostics;

namespace Kta.Functional.Hosting;

/// <summary>The steps nobody waits for any more, until they end.</summary>
internal sealed class UnendedSteps(Action<LateEnd> ended)
{
    private int _running;

    internal int Running => Volatile.Read(ref _running);

    internal void Add() => Interlocked.Increment(ref _running);

    /// <summary>Takes a step off when its call ends, and tells how it ended, unless it merely obeyed its token.</summary>
    internal void EndWith(Task call, Step step, long started) =>
        call.ContinueWith(
            done =>
            {
                Interlocked.Decrement(ref _running);
                // Read in any case: then it is not an unobserved error.
                var error = done.Exception?.InnerException is { } thrown ? ThrownText.Printable(thrown) : null;
                if (!done.IsCanceled)
                {
                    ended(new LateEnd(step, Stopwatch.GetElapsedTime(started), error));
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
}
