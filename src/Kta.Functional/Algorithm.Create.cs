using System.Text.Json.Nodes;
using Kept = System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembersAttribute;

namespace Kta.Functional;

public abstract partial record Algorithm
{
    /// <summary>Makes an algorithm of three steps.</summary>
    /// <typeparam name="TMonitor">What monitor answers; written as a JSON object.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers; written as a JSON object.</typeparam>
    /// <param name="monitor">Collects what the decision needs: <c>ctx => value</c> or <c>async (ctx, ct) => value</c>.</param>
    /// <param name="analyze">Draws conclusions; may answer null for "nothing to say".</param>
    /// <param name="plan">Decides the parallelism of every node.</param>
    /// <exception cref="ArgumentException">A result type is a task; the message says what to write instead. Whether results can be JSON objects is found out when the algorithm is handed to a backend, for a codec may still be set.</exception>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, TMonitor> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, Plan> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, TMonitor> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, TMonitor> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, CancellationToken, Task<TAnalyze?>> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, Plan> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, TMonitor> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, CancellationToken, Task<TAnalyze?>> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, CancellationToken, Task<TMonitor>> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, Plan> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, CancellationToken, Task<TMonitor>> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, CancellationToken, Task<TMonitor>> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, CancellationToken, Task<TAnalyze?>> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, Plan> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor, TAnalyze}(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor}, Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze}, Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public static Algorithm<TMonitor, TAnalyze> Create<[Kept(ResultTypes.Members)] TMonitor, [Kept(ResultTypes.Members)] TAnalyze>(
        Func<MonitorContext<TMonitor, TAnalyze>, CancellationToken, Task<TMonitor>> monitor,
        Func<AnalyzeContext<TMonitor, TAnalyze>, CancellationToken, Task<TAnalyze?>> analyze,
        Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class
        where TAnalyze : class =>
        new() { Monitor = new(monitor), Analyze = new(analyze), Plan = new(plan) };

    /// <summary>Makes an algorithm of two steps, for a policy without an analyze endpoint.</summary>
    /// <typeparam name="TMonitor">What monitor answers; written as a JSON object.</typeparam>
    /// <param name="monitor">Collects what the decision needs: <c>ctx => value</c> or <c>async (ctx, ct) => value</c>.</param>
    /// <param name="plan">Decides the parallelism of every node.</param>
    /// <exception cref="ArgumentException">The result type is a task; the message says what to write instead. Whether results can be JSON objects is found out when the algorithm is handed to a backend, for a codec may still be set.</exception>
    public static Algorithm<TMonitor, JsonObject> Create<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext<TMonitor, JsonObject>, TMonitor> monitor,
        Func<PlanContext<TMonitor, JsonObject>, Plan> plan)
        where TMonitor : class =>
        new() { Monitor = new(monitor), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor}(Func{MonitorContext{TMonitor, JsonObject}, TMonitor}, Func{PlanContext{TMonitor, JsonObject}, Plan})"/>
    public static Algorithm<TMonitor, JsonObject> Create<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext<TMonitor, JsonObject>, TMonitor> monitor,
        Func<PlanContext<TMonitor, JsonObject>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class =>
        new() { Monitor = new(monitor), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor}(Func{MonitorContext{TMonitor, JsonObject}, TMonitor}, Func{PlanContext{TMonitor, JsonObject}, Plan})"/>
    public static Algorithm<TMonitor, JsonObject> Create<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext<TMonitor, JsonObject>, CancellationToken, Task<TMonitor>> monitor,
        Func<PlanContext<TMonitor, JsonObject>, Plan> plan)
        where TMonitor : class =>
        new() { Monitor = new(monitor), Plan = new(plan) };

    /// <inheritdoc cref="Create{TMonitor}(Func{MonitorContext{TMonitor, JsonObject}, TMonitor}, Func{PlanContext{TMonitor, JsonObject}, Plan})"/>
    public static Algorithm<TMonitor, JsonObject> Create<[Kept(ResultTypes.Members)] TMonitor>(
        Func<MonitorContext<TMonitor, JsonObject>, CancellationToken, Task<TMonitor>> monitor,
        Func<PlanContext<TMonitor, JsonObject>, CancellationToken, Task<Plan>> plan)
        where TMonitor : class =>
        new() { Monitor = new(monitor), Plan = new(plan) };
}
