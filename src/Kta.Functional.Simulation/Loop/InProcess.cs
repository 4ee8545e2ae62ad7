using Kta.Functional.Calls;
using Kta.Functional.Wire;

namespace Kta.Functional.Simulation;

/// <summary>Steps of this process. What they are told is handed over, so that a call costs nothing for the history it does not look at.</summary>
internal static class InProcess
{
    internal static ServedSteps Of(IEnumerable<(Step Step, Algorithm Algorithm)> algorithms, LocalOperatorOptions options)
    {
        var runners = new Dictionary<Algorithm, StepRunner>(ReferenceEqualityComparer.Instance);
        var served = new Dictionary<Step, StepRunner>();
        var steps = new Dictionary<Step, ServedStep>();
        foreach (var (step, algorithm) in algorithms)
        {
            ArgumentNullException.ThrowIfNull(algorithm);
            if (!algorithm.Has(step))
            {
                throw new ArgumentException(
                    $"{algorithm} has no {step.Name()} step, which the loop needs. Add it, or name another algorithm for it in StepAlgorithms.",
                    nameof(algorithms));
            }

            if (!runners.TryGetValue(algorithm, out var runner))
            {
                runners.Add(algorithm, runner = new StepRunner(algorithm, options.StepTimeout) { Explains = true });
            }

            served.Add(step, runner);
            steps.Add(step, new ServedStep(algorithm.Name, algorithm.Version, algorithm.IsKnownStateless(step)));
        }

        return new(
            (step, body, token) => served[step].RunAsync(step, body, token),
            (step, request, token) => served[step].RunAsync(step, Received(request), token),
            steps)
        {
            Questions = (step, request, token) => served[step].AskAsync(step, Received(request), token),
        };
    }

    private static ReceivedRequest Received(OperatorRequest request) => ReceivedRequest.Within(
        request.Topology, request.Id, request.UdfStartTimestampMillis, request.Monitor, request.Analyze, request.History);
}
