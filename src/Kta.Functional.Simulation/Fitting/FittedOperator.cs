namespace Kta.Functional.Simulation;

/// <summary>How far a fitted number can be trusted.</summary>
public enum FitConfidence
{
    /// <summary>Something it depends on was not seen, or only in a stretch that says little; the doubts say what.</summary>
    Low,

    /// <summary>It was seen, and the numbers agree.</summary>
    High,
}

/// <summary>What was found about an operator.</summary>
/// <param name="Node">The node.</param>
/// <param name="RatePerInstance">Records per second one instance alone can take in.</param>
/// <param name="RateError">Its standard error, as a fraction of it; null if nothing was seen of the rate.</param>
/// <param name="Exponent">p instances can take in the rate · p^exponent; 1 where one parallelism was seen.</param>
/// <param name="ExponentError">Its standard error; null if only one parallelism was seen.</param>
/// <param name="Selectivity">Records given out for one taken in.</param>
/// <param name="HasMeasuredSelectivity">Whether that was measured; otherwise it is 1, as nothing is known.</param>
/// <param name="Parallelisms">The numbers of instances it was measured with, the smallest first.</param>
/// <param name="Measurements">How many measurements were used.</param>
/// <param name="Doubts">Why it is of low confidence; empty if it is not.</param>
public sealed record FittedOperator(
    TopologyNode Node,
    double RatePerInstance,
    double? RateError,
    double Exponent,
    double? ExponentError,
    double Selectivity,
    bool HasMeasuredSelectivity,
    IReadOnlyList<int> Parallelisms,
    int Measurements,
    IReadOnlyList<string> Doubts)
{
    /// <summary>Low as soon as there is a doubt.</summary>
    public FitConfidence Confidence => Doubts.Count == 0 ? FitConfidence.High : FitConfidence.Low;
}

/// <summary>What was found about rescales.</summary>
/// <param name="Count">How many were recorded.</param>
/// <param name="Downtime">How long nothing is processed.</param>
/// <param name="LeastDowntime">The shortest downtime that explains the recording as well.</param>
/// <param name="MostDowntime">The longest downtime that explains the recording as well; null if no rescale was recorded.</param>
/// <param name="WarmUp">How long nothing is measured after that.</param>
/// <param name="Doubts">Why the split of the two is of low confidence; empty if it is not.</param>
public sealed record FittedRescales(
    int Count, TimeSpan Downtime, TimeSpan LeastDowntime, TimeSpan? MostDowntime, TimeSpan WarmUp, IReadOnlyList<string> Doubts)
{
    /// <summary>Low as soon as there is a doubt.</summary>
    public FitConfidence Confidence => Doubts.Count == 0 ? FitConfidence.High : FitConfidence.Low;
}
