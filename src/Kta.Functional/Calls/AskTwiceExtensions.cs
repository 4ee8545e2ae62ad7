using System.Runtime.CompilerServices;
using Kta.Functional.Calls;
using Kta.Functional.Statelessness;

namespace Kta.Functional;

/// <summary>For tests: a function is stateless if asking again gives the same answer.</summary>
public static class AskTwiceExtensions
{
    /// <summary>Enough for what shows after a few dozen calls, and for all but the rarest randomness.</summary>
    internal const int LeastAsked = 100;

    /// <summary>
    /// For tests: asks the steps about these contexts, again and again in other orders, and throws unless each context always
    /// gets the same answer. That is what stateless means, and it needs no look at the code.
    /// </summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="contexts">
    /// Contexts of this algorithm, made with their public constructors; each says which step it is for. Several that differ
    /// find more than one.
    /// </param>
    /// <exception cref="ChangedDecisionException">A context got two answers; names step, context, path and both values.</exception>
    /// <exception cref="ArgumentException">There is no context, or one that no step of this algorithm takes.</exception>
    /// <remarks>What a step throws when it is asked for the first time comes as it is. Answers are compared as JSON: members in any order, numbers by value.</remarks>
    /// <example><code>await algorithm.AskTwiceAsync(quiet, busy);</code></example>
    public static Task AskTwiceAsync(this Algorithm algorithm, params StepContext[] contexts) =>
        AskTwiceAsync<StepContext>(algorithm, contexts, CancellationToken.None);

    /// <inheritdoc cref="AskTwiceAsync(Algorithm, StepContext[])"/>
    /// <typeparam name="TContext">Contexts of one step, or of several.</typeparam>
    /// <param name="algorithm">The algorithm.</param>
    /// <param name="contexts">The contexts.</param>
    /// <param name="cancellationToken">Handed to asynchronous steps; ends the asking.</param>
    [OverloadResolutionPriority(1)] // An array of one kind of contexts fits both.
    public static async Task AskTwiceAsync<TContext>(
        this Algorithm algorithm, IEnumerable<TContext> contexts, CancellationToken cancellationToken = default)
        where TContext : StepContext
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(contexts);
        var steps = StepBinder.Bind(algorithm);
        var calls = new List<AskedCall>();
        foreach (var context in contexts)
        {
            var bound = context is null ? null : steps.FirstOrDefault(step => step.Takes(context));
            if (bound is null)
            {
                throw new ArgumentException(
                    $"{algorithm} has no step that takes {(context is null ? "null" : $"a {TypeText.Of(context.GetType())}")}. " +
                    "Make the contexts with the result types of the algorithm, for the steps it has.",
                    nameof(contexts));
            }

            var answer = await AnswerAsync(bound, context!, cancellationToken).ConfigureAwait(false);
            calls.Add(new(
                bound.Step,
                context!.Id,
                context.Id.Length > 0 ? AskedCall.Iteration(context.Id) : $"context number {calls.Count + 1}",
                answer,
                again => AnswerAgainAsync(bound, context, again)));
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

    private static async Task<ReadOnlyMemory<byte>> AnswerAsync(BoundStep step, StepContext context, CancellationToken cancellationToken)
    {
        var output = new StepOutput(explains: false);
        await step.AnswerAsync(context, output, cancellationToken).ConfigureAwait(false);
        return output.Body;
    }

    private static async Task<SecondAnswer?> AnswerAgainAsync(BoundStep step, StepContext context, CancellationToken cancellationToken)
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
