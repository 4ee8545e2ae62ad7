using Kta.Functional.Hosting;

namespace Kta.Functional.Simulation;

/// <summary>Calls steps of this process with the same bytes that would go over HTTP.</summary>
internal sealed class InProcessCaller : IStepCaller
{
    private readonly Dictionary<Step, (StepRunner Runner, string Name)> _runners = [];

    internal InProcessCaller(StepAlgorithms algorithms, LocalOperatorOptions options)
    {
        Add(Step.Monitor, algorithms.Monitor, options);
        Add(Step.Plan, algorithms.Plan, options);
        if (algorithms.Analyze is not null)
        {
            Add(Step.Analyze, algorithms.Analyze, options);
        }
    }

    public bool HasAnalyze => _runners.ContainsKey(Step.Analyze);

    public async Task<StepAnswer> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var (runner, name) = _runners[step];
        var reply = await runner.RunAsync(step, request, cancellationToken).ConfigureAwait(false);
        return new(reply.StatusCode, reply.Body, name, reply.Error);
    }

    private void Add(Step step, Algorithm algorithm, LocalOperatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        if (!algorithm.Steps.Contains(step))
        {
            throw new ArgumentException(
                $"{algorithm} has no {step.ToString().ToLowerInvariant()} step, which the loop needs. Add it, or name another algorithm for it in StepAlgorithms.",
                nameof(algorithm));
        }

        _runners.Add(step, (new StepRunner(algorithm, options.StepTimeout, options.Record), algorithm.Name));
    }
}
