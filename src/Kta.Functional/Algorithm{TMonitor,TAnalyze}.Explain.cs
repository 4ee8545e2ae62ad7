namespace Kta.Functional;

/// <content>Why a plan is as it is.</content>
public sealed partial record Algorithm<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Plans, and says why: the same function again, for a test, a report, or a look at a recorded call.</summary>
    /// <param name="context">The context of a plan step, made with its public constructor.</param>
    /// <exception cref="InvalidOperationException">There is no plan step, or it is asynchronous: use <see cref="ExplainAsync"/>.</exception>
    /// <exception cref="UdfResultException">The plan does not fit the topology.</exception>
    public Explanation Explain(PlanContext<TMonitor, TAnalyze> context) =>
        Plan is { IsAsync: true }
            ? throw new InvalidOperationException($"The plan step of {this} is asynchronous. Use ExplainAsync.")
            : ExplainAsync(context).GetAwaiter().GetResult();

    /// <inheritdoc cref="Explain"/>
    /// <param name="context">The context of a plan step, made with its public constructor.</param>
    /// <param name="cancellationToken">Handed to an asynchronous step.</param>
    /// <exception cref="InvalidOperationException">There is no plan step.</exception>
    public async Task<Explanation> ExplainAsync(PlanContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var step = Plan ?? throw new InvalidOperationException($"{this} has no plan step, and plans are what is explained.");
        var plan = await step.InvokeAsync(context, cancellationToken).ConfigureAwait(false)
            ?? throw new UdfResultException("plan answered null. It has to answer a Plan with an entry for every node.");
        return new(context.Topology, plan.For(context.Topology), context.History.AppliedTo(context.Topology));
    }
}
