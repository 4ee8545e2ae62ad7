namespace Kta.Functional.Testing;

/// <summary>Calls a step with a context, as a test does: no time limit, no other thread, exceptions as they are thrown.</summary>
/// <example><code>var plan = await careful.PlanAsync(Contexts.For(careful).Plan(new Load(12_000), new Demand(3)));</code></example>
public static class StepCalls
{
    /// <summary>Calls monitor.</summary>
    /// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
    /// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
    /// <param name="algorithm">Has a monitor step.</param>
    /// <param name="context">What the step knows.</param>
    /// <param name="cancellationToken">Handed to an asynchronous step.</param>
    /// <exception cref="ArgumentException">The algorithm has no monitor step.</exception>
    public static Task<TMonitor> MonitorAsync<TMonitor, TAnalyze>(
        this Algorithm<TMonitor, TAnalyze> algorithm, MonitorContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken = default)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return (algorithm.Monitor ?? throw Lacks(algorithm, Step.Monitor)).InvokeAsync(context, cancellationToken);
    }

    /// <summary>Calls analyze.</summary>
    /// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
    /// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
    /// <param name="algorithm">Has an analyze step.</param>
    /// <param name="context">What the step knows.</param>
    /// <param name="cancellationToken">Handed to an asynchronous step.</param>
    /// <returns>What it answers; null for nothing.</returns>
    /// <exception cref="ArgumentException">The algorithm has no analyze step.</exception>
    public static Task<TAnalyze?> AnalyzeAsync<TMonitor, TAnalyze>(
        this Algorithm<TMonitor, TAnalyze> algorithm, AnalyzeContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken = default)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        return (algorithm.Analyze ?? throw Lacks(algorithm, Step.Analyze)).InvokeAsync(context, cancellationToken);
    }

    /// <summary>Calls plan, and checks that what it answers fits the topology.</summary>
    /// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
    /// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
    /// <param name="algorithm">Has a plan step.</param>
    /// <param name="context">What the step knows.</param>
    /// <param name="cancellationToken">Handed to an asynchronous step.</param>
    /// <returns>The plan, with an entry for each node.</returns>
    /// <exception cref="ArgumentException">The algorithm has no plan step.</exception>
    /// <exception cref="UdfResultException">The plan does not fit the topology of the context.</exception>
    public static async Task<Plan> PlanAsync<TMonitor, TAnalyze>(
        this Algorithm<TMonitor, TAnalyze> algorithm, PlanContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken = default)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        var plan = await (algorithm.Plan ?? throw Lacks(algorithm, Step.Plan)).InvokeAsync(context, cancellationToken).ConfigureAwait(false);
        return plan.For(context.Topology);
    }

    private static ArgumentException Lacks(Algorithm algorithm, Step step) =>
        new($"{algorithm} has no {step.Name()} step. Add it with With{step}, or test the steps it has.", nameof(algorithm));
}
