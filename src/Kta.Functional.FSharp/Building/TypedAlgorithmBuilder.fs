namespace Kta.Functional.FSharp.Building

open System.Threading
open System.Threading.Tasks
open Kta.Functional

/// <summary>An algorithm of known result types while its <c>algorithmFor { }</c> expression is evaluated.</summary>
/// <typeparam name="'M">What monitor answers.</typeparam>
/// <typeparam name="'A">What analyze answers.</typeparam>
/// <typeparam name="'Last">The last step so far.</typeparam>
[<Sealed>]
type TypedDraft<'M, 'A, 'Last when 'M: not struct and 'M: not null and 'A: not struct and 'A: not null>
    internal (algorithm: Algorithm<'M, 'A>) =

    member internal _.Algorithm = algorithm

    member internal _.With(change: Algorithm<'M, 'A> -> Algorithm<'M, 'A>) : TypedDraft<'M, 'A, 'Next> =
        TypedDraft(change algorithm)

/// <summary>Evaluates <c>algorithmFor&lt;'M, 'A&gt; { }</c>; see there.</summary>
/// <typeparam name="'M">What monitor answers.</typeparam>
/// <typeparam name="'A">What analyze answers.</typeparam>
[<Sealed>]
type TypedAlgorithmBuilder<'M, 'A when 'M: not struct and 'M: not null and 'A: not struct and 'A: not null> internal ()
    =

    /// The algorithm without a step.
    member _.Yield(()) : TypedDraft<'M, 'A, NoStep> = TypedDraft(Algorithm.For<'M, 'A>())

    /// <summary>The algorithm, once it has a step.</summary>
    /// <param name="draft">The whole expression.</param>
    /// <exception cref="T:System.ArgumentException">A result type is a task or cannot be a JSON object; the message says what to write instead.</exception>
    member _.Run(draft: TypedDraft<'M, 'A, 'Last>) : Algorithm<'M, 'A> when 'Last :> AtLeastOneStep =
        StepFunction.requireCodecs draft.Algorithm

    /// <summary>Names the algorithm, for logs and recordings. Default: <c>algorithm</c>.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="name">The name.</param>
    [<CustomOperation "name">]
    member _.Name(draft: TypedDraft<'M, 'A, 'Last>, name: string) : TypedDraft<'M, 'A, 'Last> =
        draft.With(fun algorithm -> algorithm.WithName(name, algorithm.Version))

    /// <summary>Gives the algorithm a version, for logs and recordings.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="version">Free text.</param>
    [<CustomOperation "version">]
    member _.Version(draft: TypedDraft<'M, 'A, 'Last>, version: string) : TypedDraft<'M, 'A, 'Last> =
        draft.With(fun algorithm -> algorithm.WithName(algorithm.Name, version))

    /// <summary>What happens to history entries whose results do not fit the types. Default: they are left out.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="policy">Skip, cut or fail.</param>
    [<CustomOperation "unreadableHistory">]
    member _.UnreadableHistory
        (draft: TypedDraft<'M, 'A, 'Last>, policy: UnreadableHistory)
        : TypedDraft<'M, 'A, 'Last> =
        draft.With(fun algorithm -> algorithm.WithUnreadableHistory policy)

    /// <summary>How monitor's results are written and read. Default: <c>Codec.json</c>.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="codec">See <c>Codec</c>.</param>
    [<CustomOperation "monitorCodec">]
    member _.MonitorCodec(draft: TypedDraft<'M, 'A, 'Last>, codec: ResultCodec<'M>) : TypedDraft<'M, 'A, 'Last> =
        draft.With(fun algorithm -> algorithm.WithMonitorCodec codec)

    /// <summary>How analyze's results are written and read. Default: <c>Codec.json</c>.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="codec">See <c>Codec</c>.</param>
    [<CustomOperation "analyzeCodec">]
    member _.AnalyzeCodec(draft: TypedDraft<'M, 'A, 'Last>, codec: ResultCodec<'A>) : TypedDraft<'M, 'A, 'Last> =
        draft.With(fun algorithm -> algorithm.WithAnalyzeCodec codec)

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> value</c>.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (draft: TypedDraft<'M, 'A, NoStep>, step: MonitorContext<'M, 'A> -> 'M)
        : TypedDraft<'M, 'A, MonitorStep> =
        draft.With(StepFunction.addMonitor (StepFunction.Now step))

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (draft: TypedDraft<'M, 'A, NoStep>, step: MonitorContext<'M, 'A> -> Task<'M>)
        : TypedDraft<'M, 'A, MonitorStep> =
        draft.With(StepFunction.addMonitor (StepFunction.ofTask step))

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (draft: TypedDraft<'M, 'A, NoStep>, step: MonitorContext<'M, 'A> -> Async<'M>)
        : TypedDraft<'M, 'A, MonitorStep> =
        draft.With(StepFunction.addMonitor (StepFunction.ofAsync step))

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (draft: TypedDraft<'M, 'A, NoStep>, step: MonitorContext<'M, 'A> -> CancellationToken -> Task<'M>)
        : TypedDraft<'M, 'A, MonitorStep> =
        draft.With(StepFunction.addMonitor (StepFunction.Later step))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> value</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> 'A option)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.Now step |> StepFunction.orNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> Task<'A option>)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.ofTask step |> StepFunction.orNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> Async<'A option>)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.ofAsync step |> StepFunction.orNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> CancellationToken -> Task<'A option>)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.Later step |> StepFunction.orNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> value</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> 'A)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.Now step |> StepFunction.neverNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> Task<'A>)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.ofTask step |> StepFunction.neverNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> Async<'A>)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.ofAsync step |> StepFunction.neverNull))

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: TypedDraft<'M, 'A, 'Last>, step: AnalyzeContext<'M, 'A> -> CancellationToken -> Task<'A>)
        : TypedDraft<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.With(StepFunction.addAnalyze (StepFunction.Later step |> StepFunction.neverNull))

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> value</c>.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: TypedDraft<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> Plan)
        : TypedDraft<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.With(StepFunction.addPlan (StepFunction.Now step))

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: TypedDraft<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> Task<Plan>)
        : TypedDraft<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.With(StepFunction.addPlan (StepFunction.ofTask step))

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: TypedDraft<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> Async<Plan>)
        : TypedDraft<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.With(StepFunction.addPlan (StepFunction.ofAsync step))

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: TypedDraft<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> CancellationToken -> Task<Plan>)
        : TypedDraft<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.With(StepFunction.addPlan (StepFunction.Later step))
