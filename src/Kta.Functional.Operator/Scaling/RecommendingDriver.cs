namespace Kta.Functional.Operator;

/// <summary>Scales nothing: what is decided is only shown and stored.</summary>
public sealed class RecommendingDriver : ScaleDriver
{
    /// <inheritdoc/>
    public override string Target => "nothing (recommendations only)";

    /// <inheritdoc/>
    public override Task<ScalingResult> ScaleAsync(Decision decision, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decision);
        return Task.FromResult(new ScalingResult(
            [.. decision.Parallelism.Select(one => new NodeScaling(one.Key, null, one.Value, ScalingOutcome.Recommended))], []));
    }
}
