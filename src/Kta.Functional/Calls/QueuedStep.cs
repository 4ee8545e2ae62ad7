using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>
/// A synchronous step on its way through a thread of the pool, completed when it has ended: <c>Task.Run</c> in one object, where
/// that needs four.
/// </summary>
internal sealed class QueuedStep(BoundStep step, ReceivedRequest request, StepOutput output) : TaskCompletionSource, IThreadPoolWorkItem
{
    private readonly ExecutionContext? _context = ExecutionContext.Capture();

    internal static Task Run(BoundStep step, ReceivedRequest request, StepOutput output)
    {
        var queued = new QueuedStep(step, request, output);
        ThreadPool.UnsafeQueueUserWorkItem(queued, preferLocal: true);
        return queued.Task;
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (_context is null)
        {
            Answer();
        }
        else
        {
            ExecutionContext.Run(_context, static queued => ((QueuedStep)queued!).Answer(), this);
        }
    }

    private void Answer()
    {
        try
        {
            // It is done when it returns.
            step.AnswerAsync(request, output, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            SetException(error);
            return;
        }

        SetResult();
    }
}
