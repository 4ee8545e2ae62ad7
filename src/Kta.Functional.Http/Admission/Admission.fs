namespace Kta.Functional.Http

open System
open System.Globalization
open System.Threading
open System.Threading.RateLimiting
open System.Threading.Tasks
open Kta.Functional.Calls
open Microsoft.AspNetCore.Http

/// A call that may be read and run, until it is disposed of.
[<Sealed>]
type internal CallLease(running: SemaphoreSlim, memory: BodyMemory, room: RateLimitLease | null) =
    let mutable reserved = room
    let mutable isHeld = 1

    let giveRoomBack () =
        match reserved with
        | null -> ()
        | lease -> lease.Dispose()

    /// Reserves memory for a body instead of what was reserved before. False: there is not enough.
    member _.TryReserve(bytes: int64) =
        giveRoomBack ()
        let lease = memory.TryTake bytes
        reserved <- lease
        lease.IsAcquired

    interface IDisposable with
        member _.Dispose() =
            if Interlocked.Exchange(&isHeld, 0) = 1 then
                giveRoomBack ()
                running.Release() |> ignore

/// What became of a call that had to wait.
[<Struct>]
type internal AdmissionResult =
    | Granted of lease: CallLease
    | Refused of status: int * errorType: string * reason: string

/// Which calls are read and run now: so many at once, with so much memory for their bodies. The others wait for their turn,
/// oldest first.
type internal Admission(options: KtaOptions, instruments: CallInstruments) =
    let memory = BodyMemory options.MaxRequestMemory
    let running = new SemaphoreSlim(options.MaxConcurrentCalls, options.MaxConcurrentCalls)
    let mutable waiting = 0

    let limit = String.Format(CultureInfo.InvariantCulture, "{0} s", options.StepTimeLimit.TotalSeconds)

    let megabytes (bytes: int64) = String.Format(CultureInfo.InvariantCulture, "{0:0.#} MB", float bytes / 1e6)

    let adviceOnCalls =
        "Raise MaxConcurrentCalls if the process has processors and memory to spare, or run more replicas."

    let full () =
        let taken = options.MaxConcurrentCalls - running.CurrentCount

        let advice =
            if taken < options.MaxConcurrentCalls then
                StepErrors.AdviceOnMemory
            else
                adviceOnCalls

        Refused(
            StatusCodes.Status429TooManyRequests,
            Refusal.QueueFull,
            $"{taken} calls are running and {options.MaxQueuedCalls} are waiting, which is as many as may. {advice}"
        )

    let tooLate () =
        Refused(
            StatusCodes.Status503ServiceUnavailable,
            Refusal.QueueTimeout,
            $"The call has waited {limit} for one of the {options.MaxConcurrentCalls} that were running to end. {adviceOnCalls}"
        )

    let noMemory (body: int64) =
        Refused(
            StatusCodes.Status503ServiceUnavailable,
            Refusal.Memory,
            $"The call has waited {limit} for {megabytes body} of the {megabytes memory.Most} that requests may take together (MaxRequestMemory). {StepErrors.AdviceOnMemory}"
        )

    let waitForTurn (room: RateLimitLease | null) (patience: CancellationToken) : Task<AdmissionResult> = task {
        try
            // A place that is free is not waited for, also when memory came at the last moment.
            if not (running.Wait 0) then
                do! running.WaitAsync patience

            return Granted(new CallLease(running, memory, room))
        with :? OperationCanceledException ->
            room |> Option.ofObj |> Option.iter _.Dispose()
            return tooLate ()
    }

    /// Memory first: a call that waits for it takes no place from one that needs little.
    let wait (body: int64) (patience: CancellationToken) : Task<AdmissionResult> = task {
        if BodyBuffers.IsSmall body then
            return! waitForTurn null patience
        else
            match! memory.Take(body, patience) with
            | null -> return noMemory body
            | room -> return! waitForTurn room patience
    }

    /// Whether a call waits for its turn.
    member _.IsQueueing = Volatile.Read &waiting > 0

    /// Admits a call at once, unless it has to wait for its turn.
    member _.TryEnter(body: int64) : CallLease | null =
        if not (running.Wait 0) then
            null
        elif BodyBuffers.IsSmall body then
            new CallLease(running, memory, null)
        else
            let room = memory.TryTake body

            if room.IsAcquired then
                new CallLease(running, memory, room)
            else
                running.Release() |> ignore
                null

    /// Admits a call as soon as it is its turn. It waits no longer than a step may take: by then nobody waits for the answer.
    member _.Enter(body: int64, callerGone: CancellationToken) : Task<AdmissionResult> = task {
        if Interlocked.Increment &waiting > options.MaxQueuedCalls then
            Interlocked.Decrement &waiting |> ignore
            return full ()
        else
            try
                use _ = instruments.Queue()
                use patience = CancellationTokenSource.CreateLinkedTokenSource callerGone
                patience.CancelAfter options.StepTimeLimit
                let! result = wait body patience.Token

                match result with
                | Refused _ -> callerGone.ThrowIfCancellationRequested()
                | Granted _ -> ()

                return result
            finally
                Interlocked.Decrement &waiting |> ignore
    }
