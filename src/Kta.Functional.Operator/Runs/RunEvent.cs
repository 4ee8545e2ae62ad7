using Kta.Functional.Simulation;

namespace Kta.Functional.Operator;

/// <summary>Something that happened in the loop of a policy.</summary>
/// <param name="Policy">The policy, as <c>namespace/name</c>.</param>
/// <param name="At">When.</param>
public abstract record RunEvent(string Policy, DateTimeOffset At);

/// <summary>An iteration was finished, stored, and brought to the application.</summary>
/// <param name="Policy">The policy, as <c>namespace/name</c>.</param>
/// <param name="At">When plan had answered.</param>
/// <param name="Iteration">What the steps answered.</param>
/// <param name="Before">What was decided the time before; null at first.</param>
/// <param name="Explanation">Why; null if whoever decided does not tell.</param>
/// <param name="Scaling">What became of it.</param>
public sealed record IterationDecided(
    string Policy,
    DateTimeOffset At,
    FinishedIteration Iteration,
    IReadOnlyDictionary<TopologyNode, int>? Before,
    Explanation? Explanation,
    ScalingResult Scaling) : RunEvent(Policy, At);

/// <summary>An iteration failed. It is tried again.</summary>
/// <param name="Policy">The policy, as <c>namespace/name</c>.</param>
/// <param name="At">When.</param>
/// <param name="Where">What failed: <c>monitor</c>, <c>analyze</c>, <c>plan</c>, <c>store</c>, or <c>loop</c> for an error of this project.</param>
/// <param name="Problem">Why.</param>
/// <param name="Failures">How many failed in a row, this one included.</param>
/// <param name="Pause">The time until it is tried again; <see cref="Timeout.InfiniteTimeSpan"/> if it is not, for the loop could not be started.</param>
public sealed record IterationFailed(string Policy, DateTimeOffset At, string Where, string Problem, int Failures, TimeSpan Pause) : RunEvent(Policy, At);

/// <summary>What is no decision but worth knowing: a start, a resumed plan, a change from outside.</summary>
/// <param name="Policy">The policy, as <c>namespace/name</c>.</param>
/// <param name="At">When.</param>
/// <param name="Text">One sentence.</param>
public sealed record RunNote(string Policy, DateTimeOffset At, string Text) : RunEvent(Policy, At);
