namespace Kta.Functional.Http

open System
open System.Collections.Generic
open System.Threading
open Kta.Functional
open Kta.Functional.Calls

/// Why a call is refused before its step begins, as a value of error.type.
module internal Refusal =
    [<Literal>]
    let QueueFull = "queue_full"

    [<Literal>]
    let QueueTimeout = "queue_timeout"

    [<Literal>]
    let Memory = "memory"

    [<Literal>]
    let AbandonedSteps = "abandoned_steps"

    [<Literal>]
    let ChangedDecision = "changed_decision"

    [<Literal>]
    let Method = "method"

    [<Literal>]
    let ContentType = "content_type"

    [<Literal>]
    let ContentEncoding = "content_encoding"

    [<Literal>]
    let Charset = "charset"

    [<Literal>]
    let TooLarge = "too_large"

    [<Literal>]
    let Unreadable = "unreadable"

    [<Literal>]
    let InternalError = "internal_error"

    /// What comes of load; all else is a mistake of somebody.
    let ofLoad = [ QueueFull; QueueTimeout; Memory; AbandonedSteps ]

/// What is measured of calls before their steps, and beside them, under the meter of the steps. docs/telemetry.md is the contract.
[<Sealed>]
type internal CallInstruments(ofSteps: StepInstruments, steps: Step seq, areCalls: bool) =
    let queued =
        ofSteps.Meter.CreateUpDownCounter<int64>(
            "kta.functional.calls.queued",
            "{call}",
            "Calls that wait for their turn."
        )

    let refused =
        ofSteps.Meter.CreateCounter<int64>(
            "kta.functional.calls.refused",
            "{call}",
            "Calls that were refused before a step began."
        )

    let abandoned =
        ofSteps.Meter.CreateCounter<int64>(
            "kta.functional.calls.abandoned",
            "{call}",
            "Calls whose caller went away before the answer was ready."
        )

    let because (reason: string) = KeyValuePair<string, obj | null>(Tags.ErrorType, reason)

    let mutable areShown = 0

    let show () =
        ofSteps.Show steps
        queued.Add 0L

        for step in steps do
            abandoned.Add(0L, Tags.Of step)

            for reason in Refusal.ofLoad do
                refused.Add(0L, Tags.Of step, because reason)

    let leave = {
        new IDisposable with
            member _.Dispose() = queued.Add -1L
    }

    /// For questions, which are no calls: they may have to wait among calls, and are in none of the other counters.
    member _.OfQuestions = CallInstruments(ofSteps, steps, false)

    member _.Refused(step: Step, reason: string) =
        if areCalls then
            refused.Add(1L, Tags.Of step, because reason)

    member _.Abandoned(step: Step) =
        if areCalls then
            abandoned.Add(1L, Tags.Of step)

    /// A call waits until this is disposed of; null if nobody listens to its beginning.
    member _.Queue() : IDisposable | null =
        if queued.Enabled then
            queued.Add 1L
            leave
        else
            null

    /// Makes the series appear that are there before they have something to tell, those of steps, too.
    member _.Show() = show ()

    /// Does so with the first call that somebody listens to, for who came after the start.
    member _.ShowOnce() =
        if
            areShown = 0
            && (queued.Enabled || refused.Enabled || abandoned.Enabled)
            && Interlocked.Exchange(&areShown, 1) = 0
        then
            show ()
