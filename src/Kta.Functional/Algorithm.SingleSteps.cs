using System.Text.Json.Nodes;
using Kept = System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute;

namespace Kta.Functional;

public abstract partial record Algorithm
{
    /// <summary>Makes an algorithm that only collects; analyze and plan may be served elsewhere, in any language.</summary>
    /// <typeparam name="TMonitor">What monitor answers; <see cref="JsonObject"/> to take it untyped.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers; <see cref="JsonObject"/> to take it untyped.</typeparam>
    /// <param name="monitor">The step: <c>ctx => value</c> or <c>async (ctx, ct) => value</c>.</param>
    /// <exception cref="ArgumentException">A result type is a task; the message says what to write instead. Whether results can be JSON objects is found out when the algorithm is handed to a backend, for a codec may still be set.</exception>
    public static Algorithm<TMonitor, TAnalyze> CreateMonitor<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, TMonitor> monitor)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor) };

    /// <inheritdoc cref="CreateMonitor{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor})"/>
    public static Algorithm<TMonitor, TAnalyze> CreateMonitor<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, CancellationToken, Task<TMonitor>> monitor)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor) };

    /// <summary>Makes an algorithm that only draws conclusions.</summary>
    /// <typeparam name="TMonitor">What monitor answers; <see cref="JsonObject"/> to take it untyped.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers; <see cref="JsonObject"/> to take it untyped.</typeparam>
    /// <param name="analyze">The step: <c>ctx => value</c> or <c>async (ctx, ct) => value</c>.</param>
    /// <exception cref="ArgumentException">A result type is a task; the message says what to write instead. Whether results can be JSON objects is found out when the algorithm is handed to a backend, for a codec may still be set.</exception>
    public static Algorithm<TMonitor, TAnalyze> CreateAnalyze<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?> analyze)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Analyze = new(analyze) };

    /// <inheritdoc cref="CreateAnalyze{TMonitor, TAnalyze}(Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze})"/>
    public static Algorithm<TMonitor, TAnalyze> CreateAnalyze<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<AnalyzeContext<TMonitor, TAnalyze>, CancellationToken, Task<TAnalyze?>> analyze)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Analyze = new(analyze) };

    /// <summary>Makes an algorithm that only decides.</summary>
    /// <typeparam name="TMonitor">What monitor answers; <see cref="JsonObject"/> to take it untyped.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers; <see cref="JsonObject"/> to take it untyped.</typeparam>
    /// <param name="plan">The step: <c>ctx => value</c> or <c>async (ctx, ct) => value</c>.</param>
    /// <exception cref="ArgumentException">A result type is a task; the message says what to write instead. Whether results can be JSON objects is found out when the algorithm is handed to a backend, for a codec may still be set.</exception>
    public static Algorithm<TMonitor, TAnalyze> CreatePlan<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<PlanContext<TMonitor, TAnalyze>, Plan> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Plan = new(plan) };

    /// <inheritdoc cref="CreatePlan{TMonitor, TAnalyze}(Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> CreatePlan<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Plan = new(plan) };

    /// <inheritdoc cref="CreateMonitor{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor})"/>
    public static Algorithm<TMonitor, JsonObject> CreateMonitor<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext<TMonitor, JsonObject>, TMonitor> monitor)
        where TMonitor : class =>
        new() { Monitor = new(monitor) };

    /// <inheritdoc cref="CreateMonitor{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor})"/>
    public static Algorithm<TMonitor, JsonObject> CreateMonitor<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext<TMonitor, JsonObject>, CancellationToken, Task<TMonitor>> monitor)
        where TMonitor : class =>
        new() { Monitor = new(monitor) };

    /// <inheritdoc cref="CreatePlan{TMonitor, TAnalyze}(Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, JsonObject> CreatePlan<[Kept(ResultTypes.Members)] TMonitor>(
        Func<PlanContext<TMonitor, JsonObject>, Plan> plan)
        where TMonitor : class =>
        new() { Plan = new(plan) };

    /// <inheritdoc cref="CreatePlan{TMonitor, TAnalyze}(Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, JsonObject> CreatePlan<[Kept(ResultTypes.Members)] TMonitor>(
        Func<PlanContext<TMonitor, JsonObject>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class =>
        new() { Plan = new(plan) };
}
