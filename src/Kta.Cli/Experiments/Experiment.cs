using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>A policy against an application, with one seed.</summary>
/// <param name="Application">What is run, with its seed.</param>
/// <param name="Policy">What decides.</param>
/// <param name="HistoryLength">How many iterations the policy sees; all, if null.</param>
internal sealed record Experiment(Application Application, Policy Policy, int? HistoryLength)
{
    /// <summary>What arrives, in a few words.</summary>
    internal string Trace => string.Join(" + ", Application.Sources.Values.Select(trace => trace.ToString()));

    /// <exception cref="CommandFailedException">The policy failed, or its settings make no sense for this application.</exception>
    internal async Task<SimulatedRun> RunAsync(Action<Iteration>? onIteration, CancellationToken cancellationToken)
    {
        try
        {
            // Rules that ship with the SDK are not asked twice: their tests do that.
            var options = new LocalOperatorOptions
            {
                HistoryLength = HistoryLength ?? int.MaxValue,
                OnIteration = onIteration,
                Explain = true,
                AskTwice = Policy is EndpointPolicy ? [Functional.Step.Analyze, Functional.Step.Plan] : [],
            };
            return await Policy.RunAsync(Application, options, cancellationToken);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{Policy.Name}: {error.Message}");
        }
        catch (Exception error) when (error is LocalOperatorException or Functional.KtaException)
        {
            throw new CommandFailedException($"{Application.Name}, {Policy.Name}: {error.Message}", error);
        }
    }
}
