namespace Kta.Functional.Simulation;

/// <summary>A step failed for good and the loop ended.</summary>
public sealed class LocalOperatorException : Exception
{
    internal LocalOperatorException(string message, Exception? inner)
        : base(message, inner)
    {
    }

    /// <summary>The step that failed.</summary>
    public required Step Step { get; init; }

    /// <summary>The iteration in which it failed, counted from 1.</summary>
    public required int Iteration { get; init; }

    /// <summary>How often the iteration was tried.</summary>
    public required int Attempts { get; init; }

    /// <summary>The HTTP status of the last answer, or null if there was no answer.</summary>
    public required int? StatusCode { get; init; }

    /// <summary>The body of the last answer, or null if there was no answer.</summary>
    public required string? Body { get; init; }

    /// <summary>The iterations that were finished before.</summary>
    public required LocalRun Finished { get; init; }
}
