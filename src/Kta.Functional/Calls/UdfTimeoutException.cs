using static System.FormattableString;

namespace Kta.Functional;

/// <summary>A user-defined function did not answer within its time limit.</summary>
public sealed class UdfTimeoutException : UdfException
{
    /// <summary>Reports the step and the limit.</summary>
    /// <param name="step">The step that took too long.</param>
    /// <param name="limit">The time it had.</param>
    public UdfTimeoutException(Step step, TimeSpan limit)
        : base(
            Invariant($"{step.Name()} took longer than its time limit of {limit.TotalSeconds:0.###} s and was given up. ") +
            "The operator waits 5 s by default. Make the step faster, pass its CancellationToken on, or raise both limits.") =>
        Limit = limit;

    /// <summary>The time the function had.</summary>
    public TimeSpan Limit { get; }
}
