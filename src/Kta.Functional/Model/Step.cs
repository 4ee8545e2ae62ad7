namespace Kta.Functional;

/// <summary>The steps of the MAPE-K loop that user-defined functions implement.</summary>
public enum Step
{
    /// <summary>Collects what the decision needs.</summary>
    Monitor,

    /// <summary>Optional: draws conclusions from what was collected.</summary>
    Analyze,

    /// <summary>Decides the parallelism of every node.</summary>
    Plan,
}

internal static class StepNames
{
    internal static string Name(this Step step) => step switch
    {
        Step.Monitor => "monitor",
        Step.Analyze => "analyze",
        Step.Plan => "plan",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "There are three steps: monitor, analyze, plan."),
    };
}
