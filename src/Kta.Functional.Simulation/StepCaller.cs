namespace Kta.Functional.Simulation;

/// <summary>Calls a step wherever it is served.</summary>
internal interface IStepCaller
{
    /// <summary>Whether the loop has an analyze step.</summary>
    bool HasAnalyze { get; }

    Task<StepAnswer> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken);
}

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="From">Who answered, for messages.</param>
/// <param name="Error">What went wrong, if that is known here.</param>
internal sealed record StepAnswer(int Status, ReadOnlyMemory<byte> Body, string From, Exception? Error = null);

/// <summary>A step that could not be called at all.</summary>
internal sealed class StepUnreachableException(string from, string message, Exception inner) : Exception(message, inner)
{
    internal string From { get; } = from;
}
