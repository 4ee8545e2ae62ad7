using System.Text;
using Kta.Functional.Recording;

namespace Kta.Functional.Statelessness;

/// <summary>A function is stateless if asking again gives the same answer: asks calls again, and finds the first that is answered differently.</summary>
internal static class SecondAsking
{
    /// <summary>
    /// Asks all calls again in their order, then from the last to the first, then one twice in a row: what counts has moved
    /// on, what flips or returns after some calls is met at another distance, and what remembers the last call is met with
    /// another one before it.
    /// </summary>
    /// <param name="calls">The calls, the first one first, all of them answered.</param>
    /// <param name="least">Goes through them again until so many were asked; 0 for once.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ChangedDecisionException">A call is answered differently.</exception>
    internal static async Task CheckAsync(IReadOnlyList<AskedCall> calls, int least, CancellationToken cancellationToken)
    {
        var asked = 0;
        do
        {
            foreach (var call in calls.Concat(calls.Reverse()).Concat(calls.Take(1)).Concat(calls.Take(1)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (await AskAsync(call, cancellationToken).ConfigureAwait(false) is { } changed)
                {
                    throw changed;
                }

                asked++;
            }
        }
        while (asked > 0 && asked < least);
    }

    /// <summary>Asks one call again.</summary>
    internal static async Task<ChangedDecisionException?> AskAsync(AskedCall call, CancellationToken cancellationToken) =>
        await call.AskAgainAsync(cancellationToken).ConfigureAwait(false) is { } answer ? Compare(call, answer) : null;

    private static ChangedDecisionException? Compare(AskedCall call, SecondAnswer answer) =>
        answer.Failure is { } failure
            ? new(call.Step, call.ContextId, call.Context, "$", Encoding.UTF8.GetString(call.Answer.Span), failure, answer.Error)
            : JsonDifference.First(call.Answer, answer.Body) is { } difference
                ? new(call.Step, call.ContextId, call.Context, difference.Path, difference.Recorded, difference.Replayed)
                : null;
}
