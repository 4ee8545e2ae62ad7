namespace Kta.Functional.Http

open System.Threading
open Kta.Functional
open Kta.Functional.Hosting
open Microsoft.Extensions.Logging

/// The steps of an algorithm that were given up and have not ended: how many are too many, and what the log tells of them.
type internal GivenUpSteps(runner: StepRunner, options: KtaOptions) =
    let mutable attached = 0

    /// Why no more steps are begun, or null.
    member _.Refusal: string | null =
        if runner.GivenUpSteps < options.MaxGivenUpSteps then
            null
        else
            $"{runner.GivenUpSteps} steps took longer than StepTimeLimit and have not ended since; {options.MaxGivenUpSteps} may. "
            + "Something they wait for does not come: the log names the steps. Give waits inside of a step a time limit, or pass its CancellationToken on. "
            + "Calls are served again when the steps end, or after a restart."

    /// Logs how such steps end. Once per server.
    member _.Attach(logger: ILogger) =
        if Interlocked.Exchange(&attached, 1) = 0 then
            runner.add_EndedLate (fun _ late ->
                let how =
                    match late.Error with
                    | null -> "with a result"
                    | error -> "with " + ThrownText.Describe error

                Log.endedLate.Invoke(
                    logger,
                    late.Step.ToString().ToLowerInvariant(),
                    late.Duration.TotalSeconds,
                    how,
                    late.Error
                ))
