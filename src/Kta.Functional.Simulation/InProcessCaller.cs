using Kta.Functional.Hosting;
using Kta.Functional.Statelessness;

namespace Kta.Functional.Simulation;

/// <summary>Calls steps of this process with the same bytes that would go over HTTP.</summary>
internal sealed class InProcessCaller : IStepCaller
{
    private readonly Dictionary<Step, Served> _served = [];

    internal InProcessCaller(StepAlgorithms algorithms, LocalOperatorOptions options)
    {
        Add(Step.Monitor, algorithms.Monitor, options);
        Add(Step.Plan, algorithms.Plan, options);
        if (algorithms.Analyze is not null)
        {
            Add(Step.Analyze, algorithms.Analyze, options);
        }
    }

    public bool HasAnalyze => _served.ContainsKey(Step.Analyze);

    public bool IsInProcess => true;

    public Task<StepAnswer> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        CallAsync(_served[step].Runner, step, request, cancellationToken);

    public Task<StepAnswer> CallUnrecordedAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        CallAsync(_served[step].Unrecorded, step, request, cancellationToken);

    public bool IsKnownStateless(Step step) => _served[step].Algorithm.IsKnownStateless(step);

    private async Task<StepAnswer> CallAsync(StepRunner runner, Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var (reply, hasUsedService) = await ServiceUse
            .WatchAsync(() => new ValueTask<StepReply>(runner.RunAsync(step, request, cancellationToken))).ConfigureAwait(false);
        return new(reply.StatusCode, reply.Body, _served[step].Algorithm.Name, reply.Error, hasUsedService);
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

        var unrecorded = new StepRunner(algorithm, options.StepTimeout);
        var runner = options.Record is { } recorder ? new StepRunner(algorithm, options.StepTimeout, recorder) : unrecorded;
        _served.Add(step, new(algorithm, runner, unrecorded));
    }

    private sealed record Served(Algorithm Algorithm, StepRunner Runner, StepRunner Unrecorded);
}
