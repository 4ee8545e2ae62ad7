namespace Kta.Functional.Simulation;

/// <summary>How well the fitted application replays what was recorded of a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="TrueProcessingRate">Of the true processing rate, in records per second; null if there is nothing to compare.</param>
/// <param name="RecordsIn">Of the records taken in, per second; null if there is nothing to compare.</param>
/// <param name="LagSeconds">Of the lag, in seconds of what arrives; null of a node that is no source, or if there is nothing to compare.</param>
public sealed record NodeFidelity(TopologyNode Node, FitError? TrueProcessingRate, FitError? RecordsIn, FitError? LagSeconds);

/// <summary>By how much numbers of the replay differ from those of the recording.</summary>
/// <param name="Count">How many were compared.</param>
/// <param name="MeanAbsolute">The mean of the differences without their sign, in the unit of the numbers.</param>
/// <param name="Bias">The mean of the differences: above 0 if the replay shows more than was recorded.</param>
/// <param name="MeanRecorded">The mean of the recorded numbers.</param>
public sealed record FitError(int Count, double MeanAbsolute, double Bias, double MeanRecorded)
{
    /// <summary>The mean difference as a fraction of the mean recorded number; null if that is 0.</summary>
    public double? Relative => MeanRecorded > 0 ? MeanAbsolute / MeanRecorded : null;

    /// <summary>The bias as a fraction of the mean recorded number; null if that is 0.</summary>
    public double? RelativeBias => MeanRecorded > 0 ? Bias / MeanRecorded : null;

    internal static FitError? Of(IReadOnlyCollection<(double Replayed, double Recorded)> pairs) => pairs.Count == 0 ? null : new(
        pairs.Count,
        pairs.Average(pair => Math.Abs(pair.Replayed - pair.Recorded)),
        pairs.Average(pair => pair.Replayed - pair.Recorded),
        pairs.Average(pair => pair.Recorded));
}
