using Kta.Functional.Calls;

namespace Kta.Functional.Simulation;

/// <summary>The steps of a loop, wherever they are served: in this process or elsewhere, recorded or not.</summary>
/// <param name="Call">Calls a step.</param>
/// <param name="CallUnrecorded">A call that is no part of the run.</param>
/// <param name="Steps">The steps there are.</param>
/// <param name="IsInProcess">Whether they run in this process, where requests may be made up.</param>
internal sealed record ServedSteps(
    StepHandler Call, StepHandler CallUnrecorded, IReadOnlyDictionary<Step, ServedStep> Steps, bool IsInProcess)
{
    internal bool HasAnalyze => Steps.ContainsKey(Step.Analyze);
}

/// <summary>Who serves a step.</summary>
/// <param name="Name">The name of the algorithm, or the address, for messages.</param>
/// <param name="IsKnownStateless">Whether the step ships with us, so that nobody has to ask it twice.</param>
internal sealed record ServedStep(string Name, bool IsKnownStateless);

/// <summary>A step that could not be called at all.</summary>
internal sealed class StepUnreachableException(string message, Exception inner) : Exception(message, inner);
