using Kta.Functional.Simulation;

namespace Kta.Functional.Operator;

/// <summary>An iteration as it is in a store.</summary>
/// <param name="Finished">What the steps answered and what was to be applied; its nodes may be others than those of the policy today.</param>
/// <param name="Explanation">Why; null if whoever decided did not tell.</param>
/// <param name="Scaling">What scaling came to; null while that is under way, or if the process ended before.</param>
public sealed record StoredIteration(FinishedIteration Finished, Explanation? Explanation, ScalingResult? Scaling)
{
    /// <summary>The id of the iteration.</summary>
    public string Id => Finished.Id;

    /// <summary>When monitor was called.</summary>
    public DateTimeOffset StartedAt => EpochTime.At(Finished.UdfStartTimestampMillis);

    /// <summary>When plan had answered.</summary>
    public DateTimeOffset EndedAt => EpochTime.At(Finished.UdfEndTimestampMillis);

    /// <summary>What plan asked for, before clamping.</summary>
    public IReadOnlyDictionary<TopologyNode, int> PlanResult => Finished.PlanResult;

    /// <summary>What was to be applied, after clamping.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Parallelism => Finished.Parallelism;
}

/// <summary>An iteration that came to nothing.</summary>
/// <param name="At">When it failed.</param>
/// <param name="Problem">Which step failed, and why.</param>
public sealed record StoredFailure(DateTimeOffset At, string Problem);

/// <summary>The settings of a policy from a moment on.</summary>
/// <param name="At">When they came into force.</param>
/// <param name="Json">What decides, with which settings, bounds and interval, as one JSON object.</param>
public sealed record StoredSettings(DateTimeOffset At, string Json);
