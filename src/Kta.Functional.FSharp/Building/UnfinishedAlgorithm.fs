namespace Kta.Functional.FSharp.Building

open System.Text.Json.Nodes
open Kta.Functional

type internal Settings = {
    Name: string
    Version: string
    UnreadableHistory: UnreadableHistory
}

/// <summary>An algorithm while its <c>algorithm { }</c> expression is evaluated. The types of the results come with the steps.</summary>
/// <typeparam name="'M">What monitor answers; a JSON object as long as there is no monitor step.</typeparam>
/// <typeparam name="'A">What analyze answers; a JSON object as long as there is no analyze step.</typeparam>
/// <typeparam name="'Last">The last step so far.</typeparam>
[<Sealed>]
type UnfinishedAlgorithm<'M, 'A, 'Last when 'M: not struct and 'M: not null and 'A: not struct and 'A: not null>
    internal
    (
        settings: Settings,
        monitor: StepFunction<MonitorContext, 'M> option,
        monitorCodec: ResultCodec<'M> option,
        analyze: StepFunction<AnalyzeContext<'M>, 'A | null> option,
        analyzeCodec: ResultCodec<'A> option,
        plan: StepFunction<PlanContext<'M, 'A>, Plan> option
    ) =

    member internal _.With(changed: Settings -> Settings) : UnfinishedAlgorithm<'M, 'A, 'Last> =
        UnfinishedAlgorithm(changed settings, monitor, monitorCodec, analyze, analyzeCodec, plan)

    member internal _.WithMonitorCodec codec : UnfinishedAlgorithm<'M, 'A, 'Last> =
        UnfinishedAlgorithm(settings, monitor, Some codec, analyze, analyzeCodec, plan)

    member internal _.WithAnalyzeCodec codec : UnfinishedAlgorithm<'M, 'A, 'Last> =
        UnfinishedAlgorithm(settings, monitor, monitorCodec, analyze, Some codec, plan)

    member internal _.WithMonitor
        (step: StepFunction<MonitorContext, 'Result>)
        : UnfinishedAlgorithm<'Result, JsonObject, MonitorStep> =
        StepFunction.refuseFunctions<'Result> "monitor"
        UnfinishedAlgorithm(settings, Some step, None, None, None, None)

    member internal _.WithAnalyze
        (step: StepFunction<AnalyzeContext<'M>, 'Result | null>)
        : UnfinishedAlgorithm<'M, 'Result, AnalyzeStep> =
        StepFunction.refuseFunctions<'Result> "analyze"
        UnfinishedAlgorithm(settings, monitor, monitorCodec, Some step, None, None)

    member internal _.WithPlan(step: StepFunction<PlanContext<'M, 'A>, Plan>) : UnfinishedAlgorithm<'M, 'A, PlanStep> =
        UnfinishedAlgorithm(settings, monitor, monitorCodec, analyze, analyzeCodec, Some step)

    member internal _.ToAlgorithm() : Algorithm<'M, 'A> =
        let perhaps add step algorithm =
            match step with
            | Some step -> add step algorithm
            | None -> algorithm

        Algorithm
            .For<'M, 'A>()
            .WithName(settings.Name, settings.Version)
            .WithUnreadableHistory(settings.UnreadableHistory)
        |> perhaps (fun codec algorithm -> algorithm.WithMonitorCodec codec) monitorCodec
        |> perhaps (fun codec algorithm -> algorithm.WithAnalyzeCodec codec) analyzeCodec
        |> perhaps (StepFunction.under (fun ctx -> ctx :> MonitorContext) >> StepFunction.addMonitor) monitor
        |> perhaps
            (StepFunction.under (fun ctx -> ctx :> AnalyzeContext<'M>)
             >> StepFunction.addAnalyze)
            analyze
        |> perhaps StepFunction.addPlan plan

module internal UnfinishedAlgorithm =
    let empty: UnfinishedAlgorithm<JsonObject, JsonObject, NoStep> =
        let defaults = Algorithm.For<JsonObject, JsonObject>()

        let settings = {
            Name = defaults.Name
            Version = defaults.Version
            UnreadableHistory = defaults.UnreadableHistory
        }

        UnfinishedAlgorithm(settings, None, None, None, None, None)
