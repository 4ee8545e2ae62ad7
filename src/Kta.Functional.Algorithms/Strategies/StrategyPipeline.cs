using System.Diagnostics.CodeAnalysis;
using Kta.Functional.Statelessness;

namespace Kta.Functional.Algorithms;

/// <summary>Puts strategies around algorithms.</summary>
public static class StrategyExtensions
{
    /// <summary>A copy whose plans go through these strategies, in the order they are written.</summary>
    /// <typeparam name="TMonitor">What monitor answers.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <param name="algorithm">Any algorithm with a plan step: of lambdas, of a class, with a rule.</param>
    /// <param name="strategies">The first one gets what the plan step says, the last one has the last word. If the algorithm has strategies
    /// already, these come after them.</param>
    /// <remarks>
    /// The step stays what it is: a synchronous one synchronous, an asynchronous one asynchronous, and it is checked for state as before.
    /// An asynchronous step, and one that uses a <see cref="Service{T}"/>, is never run again: its strategies go by what was applied, not by what was
    /// proposed.
    /// </remarks>
    /// <exception cref="ArgumentException">There is no plan step, a strategy cannot stand where it does, or one needs measurements and the
    /// monitor answers something else.</exception>
    public static Algorithm<TMonitor, TAnalyze> WithStrategies<
        [DynamicallyAccessedMembers(Members)] TMonitor,
        [DynamicallyAccessedMembers(Members)] TAnalyze>(this Algorithm<TMonitor, TAnalyze> algorithm, params Strategy[] strategies)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(strategies);
        return algorithm.Plan is { } plan
            ? algorithm with { Plan = StrategyPipeline.Around(plan, strategies) }
            : throw new ArgumentException($"{algorithm} has no plan step. Strategies bend plans; put them around the algorithm that makes them.", nameof(algorithm));
    }

    private const DynamicallyAccessedMemberTypes Members = ResultTypes.Members;
}

/// <summary>Strategies in their order.</summary>
internal sealed class StrategyPipeline
{
    private StrategyPipeline(Strategy[] strategies) => Strategies = strategies;

    internal IReadOnlyList<Strategy> Strategies { get; }

    internal static Udf<PlanContext<TMonitor, TAnalyze>, Plan> Around<TMonitor, TAnalyze>(
        Udf<PlanContext<TMonitor, TAnalyze>, Plan> plan, Strategy[] strategies)
        where TMonitor : class
        where TAnalyze : class
    {
        if (strategies.Length == 0)
        {
            return plan;
        }

        var before = plan.Wrapper as StrategyPipeline;
        var all = new StrategyPipeline(Allowed([.. before?.Strategies ?? [], .. strategies], measures: typeof(TMonitor) == typeof(Measurements)));
        return (before is null ? plan : plan.Inner!).Wrapped(
            all,
            (context, function) =>
            {
                var (proposed, usesService) = ServiceUse.Watch(() => function(context));
                return new StrategyRun<TMonitor, TAnalyze>(context, usesService ? null : function, all.Strategies)
                    .Decide(Checked(proposed, context.Topology));
            },
            (context, proposed) => new StrategyRun<TMonitor, TAnalyze>(context, null, all.Strategies).Decide(Checked(proposed, context.Topology)));
    }

    internal static Plan Checked(Plan? plan, Topology topology) =>
        (plan ?? throw new UdfResultException("plan answered null. It has to answer a Plan with an entry for every node.")).For(topology);

    private static Strategy[] Allowed(Strategy[] strategies, bool measures)
    {
        for (var i = 0; i < strategies.Length; i++)
        {
            var strategy = strategies[i] ?? throw new ArgumentException("A strategy is null.", nameof(strategies));
            if (strategy.IsOutermost && i < strategies.Length - 1)
            {
                throw new ArgumentException($"{strategy} has the last word: write it last. {strategies[i + 1]} comes after it.", nameof(strategies));
            }

            if (strategy.NeedsMeasurements && !measures)
            {
                throw new ArgumentException($"{strategy} looks at measurements. Let monitor answer Kta.Functional.Measurements, or leave it out.", nameof(strategies));
            }
        }

        return strategies;
    }
}
