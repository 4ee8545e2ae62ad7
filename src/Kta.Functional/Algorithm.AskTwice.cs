using System.Buffers;
using System.Runtime.CompilerServices;
using Kta.Functional.Statelessness;

namespace Kta.Functional;

public abstract partial record Algorithm
{
    /// <summary>Enough for what shows after a few dozen calls, and for all but the rarest randomness.</summary>
    internal const int LeastAsked = 100;

    /// <summary>
    /// For tests: asks the steps about these contexts, again and again in other orders, and throws unless each context always
    /// gets the same answer. That is what stateless means, and it needs no look at the code.
    /// </summary>
    /// <param name="contexts">
    /// Contexts of this algorithm, made with their public constructors; each says which step it is for. Several that differ
    /// find more than one.
    /// </param>
    /// <exception cref="ChangedDecisionException">A context got two answers; names step, context, path and both values.</exception>
    /// <exception cref="ArgumentException">There is no context, or one that no step of this algorithm takes.</exception>
    /// <remarks>What a step throws when it is asked for the first time comes as it is. Answers are compared as JSON: members in any order, numbers by value.</remarks>
    /// <example><code>await algorithm.AskTwiceAsync(quiet, busy);</code></example>
    public Task AskTwiceAsync(params StepContext[] contexts) => AskTwiceAsync<StepContext>(contexts, CancellationToken.None);

    /// <inheritdoc cref="AskTwiceAsync(StepContext[])"/>
    /// <typeparam name="TContext">Contexts of one step, or of several.</typeparam>
    /// <param name="contexts">The contexts.</param>
    /// <param name="cancellationToken">Handed to asynchronous steps; ends the asking.</param>
    [OverloadResolutionPriority(1)] // An array of one kind of contexts fits both.
    public async Task AskTwiceAsync<TContext>(IEnumerable<TContext> contexts, CancellationToken cancellationToken = default)
        where TContext : StepContext
    {
        ArgumentNullException.ThrowIfNull(contexts);
        var calls = new List<AskedCall>();
        foreach (var context in contexts)
        {
            var step = StepOf(context) ?? throw new ArgumentException(
                $"{this} has no step that takes {(context is null ? "null" : $"a {TypeText.Of(context.GetType())}")}. " +
                "Make the contexts with the result types of the algorithm, for the steps it has.",
                nameof(contexts));
            var answer = await AnswerAsync(step, context, cancellationToken).ConfigureAwait(false);
            calls.Add(new(
                step,
                context.Id,
                context.Id.Length > 0 ? AskedCall.Iteration(context.Id) : $"context number {calls.Count + 1}",
                answer,
                again => AnswerAgainAsync(step, context, again)));
        }

        if (calls.Count == 0)
        {
            throw new ArgumentException("There is no context to ask about.", nameof(contexts));
        }

        for (var asked = 0; asked < LeastAsked;)
        {
            foreach (var call in SecondAsking.Schedule(calls))
            {
                await SecondAsking.CheckAsync(call, cancellationToken).ConfigureAwait(false);
                asked++;
            }
        }
    }

    /// <summary>The step that takes this context; null if there is none.</summary>
    internal abstract Step? StepOf(StepContext? context);

    /// <summary>Calls a step with a context, and writes the answer as it would be sent.</summary>
    internal abstract Task WriteAnswerAsync(Step step, StepContext context, IBufferWriter<byte> output, CancellationToken cancellationToken);

    private async Task<ReadOnlyMemory<byte>> AnswerAsync(Step step, StepContext context, CancellationToken cancellationToken)
    {
        var output = new ArrayBufferWriter<byte>();
        await WriteAnswerAsync(step, context, output, cancellationToken).ConfigureAwait(false);
        return output.WrittenMemory;
    }

    private async Task<SecondAnswer?> AnswerAgainAsync(Step step, StepContext context, CancellationToken cancellationToken)
    {
        try
        {
            return new(await AnswerAsync(step, context, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            return new(default, ThrownText.Describe(error), ThrownText.Printable(error));
        }
    }
}
