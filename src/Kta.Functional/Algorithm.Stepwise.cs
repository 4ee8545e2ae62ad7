using System.Text.Json.Nodes;
using Kept = System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute;

namespace Kta.Functional;

public abstract partial record Algorithm
{
    /// <summary>Begins an algorithm step by step; all types are inferred, in C# and in F#.</summary>
    /// <typeparam name="TMonitor">What monitor answers.</typeparam>
    /// <param name="monitor">Collects what the decision needs. For a typed history use <see cref="For{TMonitor, TAnalyze}"/>.</param>
    /// <example>
    /// <code>Algorithm.Monitor(ctx => new Load(9_000)).Analyze(ctx => new Demand(ctx.MonitorResult.Rate / 5_000)).Plan(ctx => …)</code>
    /// </example>
    public static MonitoredAlgorithm<TMonitor> Monitor<[Kept(ResultTypes.Members)] TMonitor>(Func<MonitorContext, TMonitor> monitor)
        where TMonitor : class =>
        new(monitor, null);

    /// <inheritdoc cref="Monitor{TMonitor}(Func{MonitorContext, TMonitor})"/>
    public static MonitoredAlgorithm<TMonitor> Monitor<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext, CancellationToken, Task<TMonitor>> monitor)
        where TMonitor : class =>
        new(null, monitor);
}

/// <summary>An algorithm that has its monitor step; add analyze or plan.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
public sealed class MonitoredAlgorithm<[Kept(ResultTypes.Members)] TMonitor>
    where TMonitor : class
{
    private readonly Func<MonitorContext, TMonitor>? _now;
    private readonly Func<MonitorContext, CancellationToken, Task<TMonitor>>? _later;

    internal MonitoredAlgorithm(
        Func<MonitorContext, TMonitor>? now, Func<MonitorContext, CancellationToken, Task<TMonitor>>? later)
    {
        if (now is null)
        {
            ArgumentNullException.ThrowIfNull(later, "monitor");
        }

        (_now, _later) = (now, later);
    }

    /// <summary>Adds the analyze step.</summary>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <param name="analyze">Draws conclusions; may answer null for nothing to say.</param>
    public AnalyzedAlgorithm<TMonitor, TAnalyze> Analyze<[Kept(ResultTypes.Members)] TAnalyze>(Func<AnalyzeContext<TMonitor>, TAnalyze?> analyze)
        where TAnalyze : class =>
        new(Begin<TAnalyze>() with { Analyze = new(analyze) });

    /// <inheritdoc cref="Analyze{TAnalyze}(Func{AnalyzeContext{TMonitor}, TAnalyze})"/>
    public AnalyzedAlgorithm<TMonitor, TAnalyze> Analyze<[Kept(ResultTypes.Members)] TAnalyze>(
        Func<AnalyzeContext<TMonitor>, CancellationToken, Task<TAnalyze?>> analyze)
        where TAnalyze : class =>
        new(Begin<TAnalyze>() with { Analyze = new(analyze) });

    /// <summary>Adds the plan step, for a policy without an analyze endpoint.</summary>
    /// <param name="plan">Decides the parallelism of every node.</param>
    public Algorithm<TMonitor, JsonObject> Plan(Func<PlanContext<TMonitor, JsonObject>, Plan> plan) =>
        Begin<JsonObject>().WithPlan(plan);

    /// <inheritdoc cref="Plan(Func{PlanContext{TMonitor, JsonObject}, Functional.Plan})"/>
    public Algorithm<TMonitor, JsonObject> Plan(Func<PlanContext<TMonitor, JsonObject>, CancellationToken, Task<Plan>> plan) =>
        Begin<JsonObject>().WithPlan(plan);

    private Algorithm<TMonitor, TAnalyze> Begin<[Kept(ResultTypes.Members)] TAnalyze>()
        where TAnalyze : class =>
        new() { Monitor = _now is not null ? new(_now) : new(_later!) };
}

/// <summary>An algorithm that has its monitor and analyze steps; add plan.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
public sealed class AnalyzedAlgorithm<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly Algorithm<TMonitor, TAnalyze> _algorithm;

    internal AnalyzedAlgorithm(Algorithm<TMonitor, TAnalyze> algorithm) => _algorithm = algorithm;

    /// <summary>Adds the plan step.</summary>
    /// <param name="plan">Decides the parallelism of every node.</param>
    public Algorithm<TMonitor, TAnalyze> Plan(Func<PlanContext<TMonitor, TAnalyze>, Plan> plan) => _algorithm.WithPlan(plan);

    /// <inheritdoc cref="Plan(Func{PlanContext{TMonitor, TAnalyze}, Functional.Plan})"/>
    public Algorithm<TMonitor, TAnalyze> Plan(Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan) =>
        _algorithm.WithPlan(plan);
}
