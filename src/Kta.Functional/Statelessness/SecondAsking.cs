using System.Text;

namespace Kta.Functional.Statelessness;

/// <summary>A function is stateless if asking again gives the same answer: asks calls again, and finds the first that is answered differently.</summary>
internal static class SecondAsking
{
    /// <summary>
    /// All calls in their order, then from the last to the first, then one of each step twice in a row: what counts has moved on, what
    /// flips or returns after some calls is met at another distance, and what remembers the last call has another one before it.
    /// </summary>
    /// <param name="calls">The calls, the first one first, all of them answered.</param>
    internal static IEnumerable<AskedCall> Schedule(IReadOnlyList<AskedCall> calls) =>
        [.. calls, .. calls.Reverse(), .. calls.DistinctBy(call => call.Step).SelectMany(call => Enumerable.Repeat(call, 2))];

    /// <summary>Asks one call again.</summary>
    /// <returns>How it is answered differently, or null.</returns>
    internal static async Task<ChangedDecisionException?> FindChangeAsync(AskedCall call, CancellationToken cancellationToken) =>
        await call.AskAgainAsync(cancellationToken).ConfigureAwait(false) is { } answer ? Compare(call, answer) : null;

    /// <summary>Asks one call again.</summary>
    /// <exception cref="ChangedDecisionException">It is answered differently.</exception>
    internal static async Task CheckAsync(AskedCall call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await FindChangeAsync(call, cancellationToken).ConfigureAwait(false) is { } changed)
        {
            throw changed;
        }
    }

    private static ChangedDecisionException? Compare(AskedCall call, SecondAnswer answer) =>
        answer.Failure is { } failure
            ? new(call.Step, call.ContextId, call.Context, "$", Encoding.UTF8.GetString(call.Answer.Span), failure, answer.Error)
            : JsonDifference.First(call.Answer, answer.Body) is { } difference
                ? new(call.Step, call.ContextId, call.Context, difference.Path, difference.Recorded, difference.Replayed)
                : null;
}
