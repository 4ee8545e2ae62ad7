namespace Kta.Functional.FSharp

open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.FSharp.Building

// Modules opened later win, and members of the type win over all of them: an option before a value, a task before both.

/// The forms of <c>monitor</c> and <c>analyze</c> whose function gives a plain value.
[<AutoOpen>]
module ValueSteps =

    type AlgorithmBuilder with

        /// <summary>Adds the monitor step, which collects what the decision needs. It comes first.</summary>
        /// <param name="draft">The expression so far.</param>
        /// <param name="step"><c>fun ctx -> value</c>.</param>
        [<CustomOperation "monitor">]
        member _.Monitor
            (draft: UnfinishedAlgorithm<JsonObject, JsonObject, NoStep>, step: MonitorContext -> 'M)
            : UnfinishedAlgorithm<'M, JsonObject, MonitorStep> when 'M: not struct and 'M: not null =
            draft.WithMonitor(StepFunction.Now step)

        /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
        /// <param name="draft">The expression so far.</param>
        /// <param name="step"><c>fun ctx -> value</c>.</param>
        [<CustomOperation "analyze">]
        member _.Analyze
            (draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>, step: AnalyzeContext<'M> -> 'A)
            : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
            draft.WithAnalyze(StepFunction.Now step |> StepFunction.neverNull)

/// The forms of <c>analyze</c> whose function gives a value later and always has something to say.
[<AutoOpen>]
module AsynchronousSteps =

    type AlgorithmBuilder with

        /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
        /// <param name="draft">The expression so far.</param>
        /// <param name="step"><c>fun ctx -> task { … }</c>.</param>
        [<CustomOperation "analyze">]
        member _.Analyze
            (draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>, step: AnalyzeContext<'M> -> Task<'A>)
            : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
            draft.WithAnalyze(StepFunction.ofTask step |> StepFunction.neverNull)

        /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
        /// <param name="draft">The expression so far.</param>
        /// <param name="step"><c>fun ctx -> async { … }</c>; the token is <c>Async.CancellationToken</c>.</param>
        [<CustomOperation "analyze">]
        member _.Analyze
            (draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>, step: AnalyzeContext<'M> -> Async<'A>)
            : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
            draft.WithAnalyze(StepFunction.ofAsync step |> StepFunction.neverNull)

        /// <summary>Adds the analyze step, which draws conclusions from what monitor answered.</summary>
        /// <param name="draft">The expression so far.</param>
        /// <param name="step"><c>fun ctx token -> task { … }</c>; the token fires when the caller goes away, the time is up, or the host stops.</param>
        [<CustomOperation "analyze">]
        member _.Analyze
            (
                draft: UnfinishedAlgorithm<'M, JsonObject, 'Last>,
                step: AnalyzeContext<'M> -> CancellationToken -> Task<'A>
            ) : UnfinishedAlgorithm<'M, 'A, AnalyzeStep> when 'Last :> BeforeAnalyze =
            draft.WithAnalyze(StepFunction.Later step |> StepFunction.neverNull)
