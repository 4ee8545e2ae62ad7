namespace Kta.Functional.Simulation;

/// <summary>What a loop does when an iteration has failed as often as it is tried.</summary>
public enum FailureHandling
{
    /// <summary>The run ends with a <see cref="LocalOperatorException"/>: a failure shows at once. The default.</summary>
    EndRun,

    /// <summary>The iteration is given up, and the next one begins after the interval. <see cref="LocalRun.Failures"/> tells of it.</summary>
    GoOn,
}

/// <summary>Defects of the KTA operator of version 0.1.0-alpha.1 that a loop repeats if it is told to, to see how an algorithm fares with them.</summary>
[Flags]
public enum OperatorDefects
{
    /// <summary>None of them. The default.</summary>
    None = 0,

    /// <summary>
    /// After an iteration has failed as often as it is tried the loop is silent for ten hours, tries it once more with the same id, and is
    /// silent again after each further failure. Needs <see cref="FailureHandling.GoOn"/>.
    /// </summary>
    LongSilence = 1,

    /// <summary>All policies of a run share one history: each sees the nodes and the results of the others.</summary>
    SharedHistory = 2,
}

/// <summary>An attempt at an iteration that failed, in a loop that went on.</summary>
/// <param name="At">When.</param>
/// <param name="Iteration">The iteration, counted from 1 together with those that were given up.</param>
/// <param name="Id">The id of the iteration.</param>
/// <param name="Step">The step that failed.</param>
/// <param name="Attempt">Which attempt it was, counted from 1.</param>
/// <param name="Message">What happened.</param>
public sealed record FailedAttempt(DateTimeOffset At, int Iteration, string Id, Step Step, int Attempt, string Message);
