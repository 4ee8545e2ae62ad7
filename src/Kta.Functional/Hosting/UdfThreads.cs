namespace Kta.Functional.Hosting;

/// <summary>
/// Runs functions where they cannot starve the server: on the thread pool while few run at once, on threads of their own
/// beyond that, so that the pool always has threads left for other requests. Of an asynchronous function this is the part
/// before its first real wait, which may block as well.
/// </summary>
internal sealed class UdfThreads
{
    /// <summary>None on a machine with one processor, the usual pod.</summary>
    private static readonly int MostOnPool = Environment.ProcessorCount - 1;
    private int _onPool;

    internal Task<TResult> Run<TContext, TResult>(
        Udf<TContext, TResult> udf, TContext context, CancellationToken cancellationToken)
        where TContext : StepContext =>
        udf.IsAsync
            ? Place(
                () => udf.Start(context, cancellationToken)
                      ?? throw new UdfResultException(
                          "the function answered null instead of a task. Write it as async, or answer Task.FromResult(…).")).Unwrap()
            : Place(() => udf.Invoke(context));

    private Task<T> Place<T>(Func<T> work)
    {
        if (Interlocked.Increment(ref _onPool) <= MostOnPool)
        {
            return Task.Run(
                () =>
                {
                    try
                    {
                        return work();
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
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }
}
