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

/// <summary>The names of steps.</summary>
public static class StepNames
{
    /// <summary>The name of a step as paths, logs and recordings have it: <c>monitor</c>, <c>analyze</c> or <c>plan</c>.</summary>
    /// <param name="step">The step.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such step.</exception>
    public static string Name(this Step step) => step switch
    {
        Step.Monitor => "monitor",
        Step.Analyze => "analyze",
        Step.Plan => "plan",
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "There are three steps: monitor, analyze, plan."),
    };
}
