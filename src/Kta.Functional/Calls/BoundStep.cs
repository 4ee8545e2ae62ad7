using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>A step that is bound to its bytes, its types out of sight: request, context, function, result, reply.</summary>
internal abstract class BoundStep(Step step)
{
    internal Step Step => step;

    internal abstract bool IsAsync { get; }

    /// <summary>Whether a context that somebody has made is one of this step.</summary>
    internal abstract bool Takes(StepContext context);

    /// <summary>Calls the function with what came.</summary>
    internal abstract Task AnswerAsync(ReceivedRequest request, StepOutput output, CancellationToken cancellationToken);

    /// <summary>Calls the function with a context that somebody has made.</summary>
    internal abstract Task AnswerAsync(StepContext given, StepOutput output, CancellationToken cancellationToken);
}

/// <summary>A step with its types.</summary>
/// <param name="step">The step.</param>
/// <param name="udf">Its function.</param>
/// <param name="receive">Makes the context of a request.</param>
/// <param name="copy">Makes a context with results of its own.</param>
/// <param name="write">Checks and writes what the function has answered.</param>
internal sealed class BoundStep<TContext, TResult>(
    Step step,
    Udf<TContext, TResult> udf,
    Func<ReceivedRequest, TContext> receive,
    Func<TContext, TContext> copy,
    Action<TContext, TResult, StepOutput> write)
    : BoundStep(step)
    where TContext : StepContext
{
    internal override bool IsAsync => udf.IsAsync;

    internal override bool Takes(StepContext context) => context is TContext;

    internal override Task AnswerAsync(ReceivedRequest request, StepOutput output, CancellationToken cancellationToken) =>
        AnswerAsync(receive(request), output, cancellationToken);

    internal override Task AnswerAsync(StepContext given, StepOutput output, CancellationToken cancellationToken) =>
        AnswerAsync(copy((TContext)given), output, cancellationToken);

    private Task AnswerAsync(TContext context, StepOutput output, CancellationToken cancellationToken)
    {
        if (udf.IsAsync)
        {
            return AnswerLaterAsync(context, output, cancellationToken);
        }

        Answer(context, udf.Invoke(context), output);
        return Task.CompletedTask;
    }

    private async Task AnswerLaterAsync(TContext context, StepOutput output, CancellationToken cancellationToken) =>
        Answer(context, await udf.InvokeAsync(context, cancellationToken).ConfigureAwait(false), output);

    private void Answer(TContext context, TResult result, StepOutput output)
    {
        udf.CheckState();
        write(context, result, output);
    }
}
