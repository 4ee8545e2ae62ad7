namespace Kta.Functional;

/// <summary>Base of a class that has all three steps, as in the Python SDK.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
/// <remarks>
/// The object is shared by all requests: give it no fields that a step changes. For exactly two steps, or asynchronous
/// ones, implement the interfaces, for example <see cref="IAsyncMonitorUdf{TMonitor, TAnalyze}"/> and <see cref="IPlanUdf{TMonitor, TAnalyze}"/>.
/// </remarks>
public abstract class AutoscalingAlgorithmUdfs<TMonitor, TAnalyze>
    : IMonitorUdf<TMonitor, TAnalyze>, IAnalyzeUdf<TMonitor, TAnalyze>, IPlanUdf<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <inheritdoc/>
    public abstract TMonitor Monitor(MonitorContext<TMonitor, TAnalyze> context);

    /// <inheritdoc/>
    public abstract TAnalyze? Analyze(AnalyzeContext<TMonitor, TAnalyze> context);

    /// <inheritdoc/>
    /// <remarks>Write <c>context.ForEachNode(node => …)</c> here; C# takes <c>Plan.ForEach</c> for this method.</remarks>
    public abstract Plan Plan(PlanContext<TMonitor, TAnalyze> context);
}

/// <summary>Base of a class that has only the monitor step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers, for the history.</typeparam>
public abstract class AutoscalingAlgorithmMonitorUdf<TMonitor, TAnalyze> : IMonitorUdf<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <inheritdoc/>
    public abstract TMonitor Monitor(MonitorContext<TMonitor, TAnalyze> context);
}

/// <summary>Base of a class that has only the analyze step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public abstract class AutoscalingAlgorithmAnalyzeUdf<TMonitor, TAnalyze> : IAnalyzeUdf<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <inheritdoc/>
    public abstract TAnalyze? Analyze(AnalyzeContext<TMonitor, TAnalyze> context);
}

/// <summary>Base of a class that has only the plan step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public abstract class AutoscalingAlgorithmPlanUdf<TMonitor, TAnalyze> : IPlanUdf<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <inheritdoc/>
    /// <remarks>Write <c>context.ForEachNode(node => …)</c> here; C# takes <c>Plan.ForEach</c> for this method.</remarks>
    public abstract Plan Plan(PlanContext<TMonitor, TAnalyze> context);
}
