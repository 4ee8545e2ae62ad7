using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>What came out of an experiment.</summary>
/// <param name="Experiment">What was run.</param>
/// <param name="Settings">The settings of the policy, those that stand by default too.</param>
/// <param name="Run">What happened.</param>
/// <param name="Figures">How good it was, beside the clairvoyant.</param>
internal sealed record Outcome(
    Experiment Experiment, IReadOnlyList<KeyValuePair<string, string?>> Settings, SimulatedRun Run, RunFigures Figures)
{
    internal static async Task<Outcome> OfAsync(
        Experiment experiment, ClairvoyantOptimum optimum, Action<Iteration>? onIteration, CancellationToken cancellationToken)
    {
        var run = await experiment.RunAsync(onIteration, cancellationToken);
        return new(experiment, experiment.Policy.SettingsFor(run.Application), run, RunFigures.Of(run, optimum));
    }
}
