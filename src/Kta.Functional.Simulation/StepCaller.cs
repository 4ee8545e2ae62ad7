namespace Kta.Functional.Simulation;

/// <summary>Calls a step wherever it is served.</summary>
internal interface IStepCaller
{
    /// <summary>Whether the loop has an analyze step.</summary>
    bool HasAnalyze { get; }

    /// <summary>Whether the steps run in this process, where requests may be made up.</summary>
    bool IsInProcess { get; }

    Task<StepAnswer> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken);

    /// <summary>A call that is no part of the run.</summary>
    Task<StepAnswer> CallUnrecordedAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken);

    /// <summary>Whether a step ships with us, so that nobody has to ask it twice.</summary>
    bool IsKnownStateless(Step step);
}

/// <summary>What came back.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body.</param>
/// <param name="From">Who answered, for messages.</param>
/// <param name="Error">What went wrong, if that is known here.</param>
/// <param name="HasUsedService">Whether the step has used a <see cref="Service{T}"/>, if that is known here.</param>
internal sealed record StepAnswer(
    int Status, ReadOnlyMemory<byte> Body, string From, Exception? Error = null, bool HasUsedService = false)
{
    /// <summary>What is odd about the answer, for messages; empty if nothing is.</summary>
    internal string Remark { get; init; } = "";
}

/// <summary>A step that could not be called at all.</summary>
internal sealed class StepUnreachableException(string from, string message, Exception inner) : Exception(message, inner)
{
    internal string From { get; } = from;
}
