namespace Kta.Functional.Hosting;

/// <summary>
/// Runs synchronous functions where they cannot starve the server: on the thread pool while few run at once, on threads
/// of their own beyond that, so that the pool always has threads left for other requests.
/// </summary>
internal sealed class UdfThreads
{
    private static readonly int MostOnPool = Math.Max(1, Environment.ProcessorCount - 1);
    private int _onPool;

    internal Task<TResult> Run<TContext, TResult>(
        Udf<TContext, TResult> udf, TContext context, CancellationToken cancellationToken)
        where TContext : StepContext
    {
        if (udf.IsAsync)
        {
            return Task.Run(
                () => udf.Start(context, cancellationToken)
                      ?? throw new UdfResultException("the function answered null instead of a task. Write it as async, or answer Task.FromResult(…)."),
                CancellationToken.None);
        }

        if (Interlocked.Increment(ref _onPool) <= MostOnPool)
        {
            return Task.Run(
                () =>
                {
                    try
                    {
                        return udf.Invoke(context);
                    }
                    finally
                    {
                        Interlocked.Decrement(ref _onPool);
                    }
                },
                CancellationToken.None);
        }

        Interlocked.Decrement(ref _onPool);
        return Task.Factory.StartNew(
            () => udf.Invoke(context),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }
}
