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
    private readonly SpareThreads _spare = new();
    private int _onPool;

    internal Task<TResult> Run<TContext, TResult>(
        Udf<TContext, TResult> udf, TContext context, CancellationToken cancellationToken)
        where TContext : StepContext =>
        udf.IsAsync
            ? Place(
                (udf, context, cancellationToken),
                static call => call.udf.Start(call.context, call.cancellationToken)
                               ?? throw new UdfResultException(
                                   "the function answered null instead of a task. Write it as async, or answer Task.FromResult(…).")).Unwrap()
            : Place((udf, context), static call => call.udf.Invoke(call.context));

    private Task<TResult> Place<TState, TResult>(TState state, Func<TState, TResult> work)
    {
        var placed = new Work<TState, TResult>(this, state, work);
        ThreadPool.UnsafeQueueUserWorkItem(placed, preferLocal: true);
        return placed.Task;
    }

    /// <summary>A function on its way: it begins on the pool and moves on if the pool has enough of its kind.</summary>
    private sealed class Work<TState, TResult>(UdfThreads owner, TState state, Func<TState, TResult> work)
        : TaskCompletionSource<TResult>, IThreadPoolWorkItem
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TResult? _result;
        private Exception? _error;

        void IThreadPoolWorkItem.Execute()
        {
            if (Interlocked.Increment(ref owner._onPool) > MostOnPool)
            {
                Interlocked.Decrement(ref owner._onPool);
                owner._spare.Run(RunThere);
                return;
            }

            Invoke();
            // First, for what waits for the result goes on right here.
            Interlocked.Decrement(ref owner._onPool);
            Complete();
        }

        private void RunThere()
        {
            Invoke();
            ThreadPool.UnsafeQueueUserWorkItem(static done => done.Complete(), this, preferLocal: false);
        }

        private void Invoke()
        {
            if (_context is null)
            {
                InvokeHere();
            }
            else
            {
                ExecutionContext.Run(_context, static self => ((Work<TState, TResult>)self!).InvokeHere(), this);
            }
        }

        private void InvokeHere()
        {
            try
            {
                _result = work(state);
            }
            catch (Exception error)
            {
                _error = error;
            }
        }

        private void Complete()
        {
            if (_error is OperationCanceledException cancelled)
            {
                SetCanceled(cancelled.CancellationToken);
            }
            else if (_error is not null)
            {
                SetException(_error);
            }
            else
            {
                SetResult(_result!);
            }
        }
    }
}
