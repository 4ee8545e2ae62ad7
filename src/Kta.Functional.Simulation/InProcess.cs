using Kta.Functional.Calls;
using Kta.Functional.Recording;

namespace Kta.Functional.Simulation;

/// <summary>Steps of this process, called with the same bytes that would go over HTTP.</summary>
internal static class InProcess
{
    internal static ServedSteps Of(StepAlgorithms algorithms, LocalOperatorOptions options)
    {
        var served = new Dictionary<Step, (Algorithm Algorithm, StepRunner Runner)>();
        Add(Step.Monitor, algorithms.Monitor);
        Add(Step.Plan, algorithms.Plan);
        if (algorithms.Analyze is not null)
        {
            Add(Step.Analyze, algorithms.Analyze);
        }

        StepHandler call = (step, request, callerGone) => served[step].Runner.RunAsync(step, request, callerGone);
        var recorded = options.Record is { } recorder
            ? new RecordedCalls(recorder, call, step => (served[step].Algorithm.Name, served[step].Algorithm.Version)).CallAsync
            : call;
        return new(
            recorded,
            call,
            served.ToDictionary(
                step => step.Key, step => new ServedStep(step.Value.Algorithm.Name, step.Value.Algorithm.IsKnownStateless(step.Key))),
            IsInProcess: true);

        void Add(Step step, Algorithm algorithm)
        {
            ArgumentNullException.ThrowIfNull(algorithm);
            if (!algorithm.Has(step))
            {
                throw new ArgumentException(
                    $"{algorithm} has no {step.Name()} step, which the loop needs. Add it, or name another algorithm for it in StepAlgorithms.",
                    nameof(algorithm));
            }

            served.Add(step, (algorithm, new StepRunner(algorithm, options.StepTimeout) { Explains = true }));
        }
    }
}
