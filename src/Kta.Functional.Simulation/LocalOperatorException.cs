namespace Kta.Functional.Simulation;

/// <summary>A step failed for good and the loop ended.</summary>
public sealed class LocalOperatorException : Exception
{
    internal LocalOperatorException(string message, Step step, LocalRun finished, Exception? inner)
        : base(message, inner)
    {
        Step = step;
        Finished = finished;
    }

    /// <summary>The step that failed.</summary>
    public Step Step { get; }

    /// <summary>The iterations that were finished before.</summary>
    public LocalRun Finished { get; }
}
