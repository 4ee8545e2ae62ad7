using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

public abstract partial record Algorithm
{
    /// <summary>Makes an algorithm of an object whose methods are the steps.</summary>
    /// <typeparam name="TMonitor">What monitor answers.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <param name="instance">Implements at least one step's interface or base class, at most one per step.</param>
    /// <exception cref="ArgumentException">The class has no step, or a step twice.</exception>
    public static Algorithm<TMonitor, TAnalyze> FromClass<
        [DynamicallyAccessedMembers(ResultTypes.Members)] TMonitor,
        [DynamicallyAccessedMembers(ResultTypes.Members)] TAnalyze>(IUdfs<TMonitor, TAnalyze> instance)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(instance);
        var algorithm = new Algorithm<TMonitor, TAnalyze>
        {
            Name = TypeText.Of(instance.GetType()),
            Monitor = OneOf<Udf<MonitorContext<TMonitor, TAnalyze>, TMonitor>>(
                instance,
                "monitor",
                instance is IMonitorUdf<TMonitor, TAnalyze> now ? new(now.Monitor) : null,
                instance is IAsyncMonitorUdf<TMonitor, TAnalyze> later ? new(later.MonitorAsync) : null),
            Analyze = OneOf<Udf<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?>>(
                instance,
                "analyze",
                instance is IAnalyzeUdf<TMonitor, TAnalyze> analyzeNow ? new(analyzeNow.Analyze) : null,
                instance is IAsyncAnalyzeUdf<TMonitor, TAnalyze> analyzeLater ? new(analyzeLater.AnalyzeAsync) : null),
            Plan = OneOf<Udf<PlanContext<TMonitor, TAnalyze>, Plan>>(
                instance,
                "plan",
                instance is IPlanUdf<TMonitor, TAnalyze> planNow ? new(planNow.Plan) : null,
                instance is IAsyncPlanUdf<TMonitor, TAnalyze> planLater ? new(planLater.PlanAsync) : null),
        };
        return algorithm.Steps.Count > 0
            ? algorithm
            : throw new ArgumentException(
                $"{TypeText.Of(instance.GetType())} has no step. Derive it from AutoscalingAlgorithmUdfs, or implement IMonitorUdf, " +
                "IAnalyzeUdf, IPlanUdf or their asynchronous forms.",
                nameof(instance));
    }

    private static T? OneOf<T>(object instance, string step, T? now, T? later)
        where T : class =>
        now is null || later is null
            ? now ?? later
            : throw new ArgumentException(
                $"{TypeText.Of(instance.GetType())} has its {step} step twice, synchronous and asynchronous. Keep one of them.", nameof(instance));
}
