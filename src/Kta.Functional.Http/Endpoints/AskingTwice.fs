namespace Kta.Functional.Http

open System.Collections.Concurrent
open Kta.Functional
open Kta.Functional.Calls
open Microsoft.Extensions.Logging

/// The steps of an algorithm that are asked twice beside their calls: which ones, and what follows.
type internal AskingTwice(algorithm: Algorithm, runner: StepRunner, options: KtaOptions, isBusy: unit -> bool) =
    let mutable logger: ILogger | null = null
    let refusals = ConcurrentDictionary<Step, IllegalAccessException>()

    let changed (decision: ChangedDecisionException) =
        if options.RefuseStatefulSteps then
            refusals[decision.Step] <- IllegalAccessException decision.Message

        match logger with
        | null -> ()
        | logger -> Log.changedDecision.Invoke(logger, decision.Message, null)

    let ended (reason: string) =
        match logger with
        | null -> ()
        | logger -> Log.askingEnded.Invoke(logger, reason, null)

    let asker: SecondAsker | null =
        match options.AskTwice with
        | AskTwice.Never -> null
        | which -> SecondAsker(algorithm, runner, (which = AskTwice.AllSteps), isBusy, changed, ended)

    /// Where findings are told.
    member _.Attach(known: ILogger) = logger <- known

    /// Why a step is not called any more, or null.
    member _.Refusal(step: Step) : IllegalAccessException | null =
        if not options.RefuseStatefulSteps then
            null
        else
            match refusals.TryGetValue step with
            | true, error -> error
            | _ -> null

    /// The same calls, of which some are remembered and asked again.
    member _.Around(steps: StepHandler) : StepHandler =
        match asker with
        | null -> steps
        | asker -> asker.Around steps
