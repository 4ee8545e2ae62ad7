namespace Kta.Functional.FSharp.Building

open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Kta.Functional

/// <summary>Evaluates <c>algorithm { }</c>; see there.</summary>
/// <remarks>
/// The forms of a step differ only in what the function gives. Where two of them fit, the one in here wins over the
/// more general ones in <c>Kta.Functional.FSharp</c>, which are extensions for just that reason.
/// </remarks>
[<Sealed>]
type AlgorithmBuilder internal () =

    /// The algorithm without a step.
    member _.Yield(()) : UnfinishedAlgorithm<JsonObject, JsonObject, NoStep> = UnfinishedAlgorithm.empty

    /// <summary>The algorithm, once it has a step.</summary>
    /// <param name="draft">The whole expression.</param>
    /// <exception cref="T:System.ArgumentException">A result type is a task or cannot be a JSON object; the message says what to write instead.</exception>
    member _.Run(draft: UnfinishedAlgorithm<'M, 'A, 'Last>) : Algorithm<'M, 'A> when 'Last :> AtLeastOneStep =
        draft.ToAlgorithm() |> StepFunction.requireCodecs

    /// <summary>Names the algorithm, for logs and recordings. Default: <c>algorithm</c>.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="name">The name.</param>
    [<CustomOperation "name">]
    member _.Name(draft: UnfinishedAlgorithm<'M, 'A, 'Last>, name: string) : UnfinishedAlgorithm<'M, 'A, 'Last> =
        draft.With(fun settings -> { settings with Name = name })

    /// <summary>Gives the algorithm a version, for logs and recordings.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="version">Free text.</param>
    [<CustomOperation "version">]
    member _.Version(draft: UnfinishedAlgorithm<'M, 'A, 'Last>, version: string) : UnfinishedAlgorithm<'M, 'A, 'Last> =
        draft.With(fun settings -> { settings with Version = version })

    /// <summary>What happens to history entries whose results do not fit the types. Default: they are left out.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="policy">Skip, cut or fail.</param>
    [<CustomOperation "unreadableHistory">]
    member _.UnreadableHistory
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, policy: UnreadableHistory)
        : UnfinishedAlgorithm<'M, 'A, 'Last> =
        draft.With(fun settings -> {
            settings with
                UnreadableHistory = policy
        })

    /// <summary>How monitor's results are written and read. Stands behind <c>monitor</c>. Default: <c>Codec.json</c>.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="codec">See <c>Codec</c>.</param>
    [<CustomOperation "monitorCodec">]
    member _.MonitorCodec
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, codec: ResultCodec<'M>)
        : UnfinishedAlgorithm<'M, 'A, 'Last> when 'Last :> AtLeastOneStep =
        draft.WithMonitorCodec codec

    /// <summary>How analyze's results are written and read. Stands behind <c>analyze</c>. Default: <c>Codec.json</c>.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="codec">See <c>Codec</c>.</param>
    [<CustomOperation "analyzeCodec">]
    member _.AnalyzeCodec
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, codec: ResultCodec<'A>)
        : UnfinishedAlgorithm<'M, 'A, 'Last> when 'Last :> AfterAnalyze =
        draft.WithAnalyzeCodec codec

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (draft: UnfinishedAlgorithm<JsonObject, JsonObject, NoStep>, step: MonitorContext -> Task<'M>)
        : UnfinishedAlgorithm<'M, JsonObject, MonitorStep> =
        draft.WithMonitor(StepFunction.ofTask step)

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (draft: UnfinishedAlgorithm<JsonObject, JsonObject, NoStep>, step: MonitorContext -> Async<'M>)
        : UnfinishedAlgorithm<'M, JsonObject, MonitorStep> =
        draft.WithMonitor(StepFunction.ofAsync step)

    /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "monitor">]
    member _.Monitor
        (
            draft: UnfinishedAlgorithm<JsonObject, JsonObject, NoStep>,
            step: MonitorContext -> CancellationToken -> Task<'M>
        ) : UnfinishedAlgorithm<'M, JsonObject, MonitorStep> =
        draft.WithMonitor(StepFunction.Later step)

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> value</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>, step: AnalyzeContext<'M> -> 'A option)
        : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.WithAnalyze(StepFunction.Now step |> StepFunction.orNull)

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>, step: AnalyzeContext<'M> -> Task<'A option>)
        : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.WithAnalyze(StepFunction.ofTask step |> StepFunction.orNull)

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>, step: AnalyzeContext<'M> -> Async<'A option>)
        : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.WithAnalyze(StepFunction.ofAsync step |> StepFunction.orNull)

    /// <summary>Adds the analyze step, which draws conclusions from what monitor answered. <c>None</c> is nothing to say.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "analyze">]
    member _.Analyze
        (
            draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>,
            step: AnalyzeContext<'M> -> CancellationToken -> Task<'A option>
        ) : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
        draft.WithAnalyze(StepFunction.Later step |> StepFunction.orNull)

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> value</c>.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> Plan)
        : UnfinishedAlgorithm<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.WithPlan(StepFunction.Now step)

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> Task<Plan>)
        : UnfinishedAlgorithm<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.WithPlan(StepFunction.ofTask step)

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> Async<Plan>)
        : UnfinishedAlgorithm<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.WithPlan(StepFunction.ofAsync step)

    /// <summary>Adds the plan step, which decides the parallelism of every node. It comes last.</summary>
    /// <param name="draft">The expression so far.</param>
    /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
    [<CustomOperation "plan">]
    member _.Plan
        (draft: UnfinishedAlgorithm<'M, 'A, 'Last>, step: PlanContext<'M, 'A> -> CancellationToken -> Task<Plan>)
        : UnfinishedAlgorithm<'M, 'A, PlanStep> when 'Last :> BeforePlan =
        draft.WithPlan(StepFunction.Later step)
