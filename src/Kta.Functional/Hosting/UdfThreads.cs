using System.Diagnostics;

namespace Kta.Functional.Hosting;

/// <summary>
/// Runs functions where they cannot starve the server: on the thread pool while they are quick or few, on threads of their
/// own beyond that, so that the pool has threads left for other requests. Of an asynchronous function this is the part
/// before its first real wait, which may block as well.
/// </summary>
internal sealed class UdfThreads
{
    private readonly PoolPlaces _pool = new();
    private readonly SpareThreads _spare = new();

    /// <summary>Calls a function: on a thread that was lent for it if it is quick and synchronous, else beside the caller.</summary>
    internal ValueTask<TResult> Run<TContext, TResult>(
        Udf<TContext, TResult> udf, TContext context, LentThread? lent, CancellationToken cancellationToken)
        where TContext : StepContext
    {
        if (udf.IsAsync)
        {
            return new(Place(
                udf.Pace,
                (udf, context, cancellationToken),
                static call => call.udf.Start(call.context, call.cancellationToken)
                               ?? throw new UdfResultException(
                                   "the function answered null instead of a task. Write it as async, or answer Task.FromResult(…).")).Unwrap());
        }

        return lent is not null && udf.Pace.IsQuick(lent.Started) && _pool.TryTake(udf.Pace, lent.Started, out var place)
            ? new ValueTask<TResult>(RunHere(udf, context, lent, place))
            : new(Place(udf.Pace, (udf, context), static call => call.udf.Invoke(call.context)));
    }

    private TResult RunHere<TContext, TResult>(
        Udf<TContext, TResult> udf, TContext context, LentThread lent, int place)
        where TContext : StepContext
    {
        lent.Begin();
        try
        {
            return udf.Invoke(context);
        }
        finally
        {
            udf.Pace.Learn(lent.Started);
            _pool.Leave(place);
        }
    }

    private Task<TResult> Place<TState, TResult>(UdfPace pace, TState state, Func<TState, TResult> work)
    {
        var placed = new Work<TState, TResult>(this, pace, state, work);
        ThreadPool.UnsafeQueueUserWorkItem(placed, preferLocal: true);
        return placed.Task;
    }

    /// <summary>A function on its way: it begins on the pool and moves on if the pool has enough of its kind.</summary>
    private sealed class Work<TState, TResult>(UdfThreads owner, UdfPace pace, TState state, Func<TState, TResult> work)
        : TaskCompletionSource<TResult>, IThreadPoolWorkItem
    {
        private readonly ExecutionContext? _context = ExecutionContext.Capture();
        private TResult? _result;
        private Exception? _error;

        void IThreadPoolWorkItem.Execute()
        {
            var started = Stopwatch.GetTimestamp();
            if (!owner._pool.TryTake(pace, started, out var place))
            {
                owner._spare.Run(RunThere);
                return;
            }

            Invoke();
            pace.Learn(started);
            // First, for what waits for the result goes on right here.
            owner._pool.Leave(place);
            Complete();
        }

        private void RunThere()
        {
            var started = Stopwatch.GetTimestamp();
            Invoke();
            pace.Learn(started);
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
