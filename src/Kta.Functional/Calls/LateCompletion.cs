namespace Kta.Functional.Calls;

/// <summary>The end of a step that had been given up, see <see cref="StepRunner.CompletedLate"/>. Nobody gets its result.</summary>
/// <param name="Step">The step.</param>
/// <param name="Duration">How long it took from its call to its end: the time limit it would have needed.</param>
/// <param name="Error">What it threw, or null if it returned a result.</param>
public sealed record LateCompletion(Step Step, TimeSpan Duration, Exception? Error);
