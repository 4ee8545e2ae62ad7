namespace Kta.Functional.Statelessness;

/// <summary>A call that was answered, and the way to ask the same again: in process or over HTTP, with bytes or with a context.</summary>
/// <param name="Step">The step.</param>
/// <param name="ContextId">The id of its context.</param>
/// <param name="Context">The context in words, for messages.</param>
/// <param name="Answer">The first answer, JSON in UTF-8.</param>
/// <param name="AskAgainAsync">Asks again; null for an answer that says nothing about the step, for example that a server is busy.</param>
internal sealed record AskedCall(
    Step Step, string ContextId, string Context, ReadOnlyMemory<byte> Answer, Func<CancellationToken, Task<SecondAnswer?>> AskAgainAsync)
{
    internal static string Iteration(string id) => $"iteration {id}";
}

/// <summary>What came back the second time: JSON in UTF-8, or how the call failed.</summary>
internal sealed record SecondAnswer(ReadOnlyMemory<byte> Body, string? Failure = null, Exception? Error = null);
