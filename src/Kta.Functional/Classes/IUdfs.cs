namespace Kta.Functional;

/// <summary>
/// Marks an object whose methods are steps. Implement the interfaces of the steps you have, at most one per step: any
/// two of them in one class serve exactly these two steps.
/// </summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class;

/// <summary>An object with a monitor step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IMonitorUdf<TMonitor, TAnalyze> : IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Collects what the decision needs.</summary>
    /// <param name="context">What the step knows.</param>
    TMonitor Monitor(MonitorContext<TMonitor, TAnalyze> context);
}

/// <summary>An object with an analyze step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IAnalyzeUdf<TMonitor, TAnalyze> : IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Draws conclusions from what was collected; null for nothing to say.</summary>
    /// <param name="context">What the step knows.</param>
    TAnalyze? Analyze(AnalyzeContext<TMonitor, TAnalyze> context);
}

/// <summary>An object with a plan step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IPlanUdf<TMonitor, TAnalyze> : IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Decides the parallelism of every node.</summary>
    /// <param name="context">What the step knows.</param>
    Plan Plan(PlanContext<TMonitor, TAnalyze> context);
}

/// <summary>An object with an asynchronous monitor step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IAsyncMonitorUdf<TMonitor, TAnalyze> : IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Collects what the decision needs.</summary>
    /// <param name="context">What the step knows.</param>
    /// <param name="cancellationToken">Fires when the caller goes away, the time is up, or the host stops.</param>
    Task<TMonitor> MonitorAsync(MonitorContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken);
}

/// <summary>An object with an asynchronous analyze step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IAsyncAnalyzeUdf<TMonitor, TAnalyze> : IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Draws conclusions from what was collected; null for nothing to say.</summary>
    /// <param name="context">What the step knows.</param>
    /// <param name="cancellationToken">Fires when the caller goes away, the time is up, or the host stops.</param>
    Task<TAnalyze?> AnalyzeAsync(AnalyzeContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken);
}

/// <summary>An object with an asynchronous plan step.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public interface IAsyncPlanUdf<TMonitor, TAnalyze> : IUdfs<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    /// <summary>Decides the parallelism of every node.</summary>
    /// <param name="context">What the step knows.</param>
    /// <param name="cancellationToken">Fires when the caller goes away, the time is up, or the host stops.</param>
    Task<Plan> PlanAsync(PlanContext<TMonitor, TAnalyze> context, CancellationToken cancellationToken);
}
