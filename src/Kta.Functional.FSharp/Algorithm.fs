namespace Kta.Functional.FSharp

open Kta.Functional.FSharp.Building

/// Autoscaling algorithms as expressions.
[<AutoOpen>]
module AlgorithmExpressions =

    /// <summary>
    /// An autoscaling algorithm: <c>monitor</c>, <c>analyze</c> and <c>plan</c> in the order of the loop, at least one of
    /// them. Nothing has to be annotated: each step knows the types of what the steps before it answer.
    /// </summary>
    /// <remarks>
    /// <para>A step is a function of its context. It gives a value, a <c>task</c> or an <c>async</c>, or takes a
    /// CancellationToken as second parameter and gives a task. Steps that block are fine: those that are not quick run
    /// beside the server's own threads.</para>
    /// <para><c>analyze</c> may give an option: <c>None</c> is nothing to say, and <c>ctx.TryAnalyzeResult</c> in plan is
    /// None. Without an analyze step, plan sees analyze's result as a <c>JsonObject</c>.</para>
    /// <para>Besides: <c>name</c>, <c>version</c>, <c>monitorCodec</c>, <c>analyzeCodec</c>, <c>unreadableHistory</c>. The
    /// typed history of earlier iterations is part of plan's context; use <c>algorithmFor</c> to have it in all steps.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// let autoscaler =
    ///     algorithm {
    ///         name "five thousand each"
    ///         monitor (fun ctx -> task { return { RecordsPerSecond = 12_000.0 } })
    ///         analyze (fun ctx -> { Instances = ctx.MonitorResult.RecordsPerSecond / 5_000.0 })
    ///         plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> Parallelism.ofFloat ctx.AnalyzeResult.Instances))
    ///     }
    /// </code>
    /// </example>
    let algorithm = AlgorithmBuilder()

    /// <summary>
    /// The same as <c>algorithm</c> with the result types given: for steps that read the typed history in monitor and
    /// analyze, and for a process that serves a part of the loop.
    /// </summary>
    /// <typeparam name="'M">What monitor answers; <c>JsonObject</c> to take it untyped.</typeparam>
    /// <typeparam name="'A">What analyze answers; <c>JsonObject</c> to take it untyped.</typeparam>
    /// <example>
    /// <code>
    /// let planner =
    ///     algorithmFor&lt;Load, Demand&gt; {
    ///         plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> Parallelism.ofFloat ctx.AnalyzeResult.Instances))
    ///     }
    /// </code>
    /// </example>
    let algorithmFor<'M, 'A when 'M: not struct and 'M: not null and 'A: not struct and 'A: not null> =
        TypedAlgorithmBuilder<'M, 'A>()
