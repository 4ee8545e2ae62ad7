using Kta.Functional.Calls;

namespace Kta.Functional.Recording;

/// <summary>What is asked again: an algorithm of this process, or steps that are elsewhere.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Text">For messages.</param>
/// <param name="Steps">The steps it has.</param>
/// <param name="Call">Answers the bytes of a request.</param>
internal sealed record ReplayTarget(string Name, string Text, IReadOnlyCollection<Step> Steps, StepHandler Call)
{
    internal static ReplayTarget Of(Algorithm algorithm)
    {
        var runner = new StepRunner(algorithm, Timeout.InfiniteTimeSpan, maxTopologyNodes: int.MaxValue) { Explains = true };
        return new(Replay.NameOf(algorithm.Name, algorithm.Version), algorithm.ToString()!, [.. algorithm.Steps], runner.RunAsync);
    }

    internal static ReplayTarget Of(string name, StepHandler steps)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(steps);
        return new(name, name, Enum.GetValues<Step>(), steps);
    }
}
