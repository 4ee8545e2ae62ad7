namespace Kta.Functional.Http

open System.Threading
open Kta.Functional
open Kta.Functional.Calls
open Microsoft.Extensions.Logging

/// How many abandoned steps are too many, and what the log tells of them.
type internal AbandonmentLimit(runner: StepRunner, options: KtaOptions) =
    let mutable attached = 0

    /// Why no more steps are begun, or null.
    member _.Refusal: string | null =
        if runner.AbandonedSteps < options.MaxAbandonedSteps then
            null
        else
            $"{runner.AbandonedSteps} steps took longer than StepTimeLimit and have not ended since; {options.MaxAbandonedSteps} may. "
            + "Something they wait for does not come: the log names the steps. Give waits inside of a step a time limit, or pass its CancellationToken on. "
            + "Calls are served again when the steps end, or after a restart."

    /// Logs how such steps end. Once per server.
    member _.Attach(logger: ILogger) =
        if Interlocked.Exchange(&attached, 1) = 0 then
            runner.add_CompletedLate (fun _ late ->
                let how =
                    match late.Error with
                    | null -> "with a result"
                    | error -> "with " + ThrownText.Describe error

                Log.completedLate.Invoke(logger, late.Step.Name(), late.Duration.TotalSeconds, how, late.Error))
