namespace Kta.Functional.Simulation;

/// <summary>Algorithms that share a loop, one for each step, as if they were served by different processes.</summary>
/// <param name="Monitor">Has the monitor step.</param>
/// <param name="Analyze">Has the analyze step, or null for a policy without analyze.</param>
/// <param name="Plan">Has the plan step.</param>
public sealed record StepAlgorithms(Algorithm Monitor, Algorithm? Analyze, Algorithm Plan)
{
    internal IEnumerable<(Step Step, Algorithm Algorithm)> ByStep =>
        Analyze is null
            ? [(Step.Monitor, Monitor), (Step.Plan, Plan)]
            : [(Step.Monitor, Monitor), (Step.Plan, Plan), (Step.Analyze, Analyze)];

    /// <summary>One algorithm for all steps it has.</summary>
    /// <param name="algorithm">Has monitor and plan, and perhaps analyze.</param>
    public static StepAlgorithms Of(Algorithm algorithm)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return new(algorithm, algorithm.Steps.Contains(Step.Analyze) ? algorithm : null, algorithm);
    }
}
