namespace Kta.Functional.Http

open System
open System.Globalization
open System.Threading
open System.Threading.RateLimiting
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// The memory that the bodies of all requests may take together.
type internal BodyMemory(most: int64) =
    /// Whole KiB, for a limiter counts with 32 bits.
    let permits (bytes: int64) = int (min (int64 Int32.MaxValue) ((bytes >>> 10) + 1L))

    let limiter =
        new ConcurrencyLimiter(
            ConcurrencyLimiterOptions(
                PermitLimit = permits most,
                // Who waits has a place among the calls that run, so there are few.
                QueueLimit = Int32.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst
            )
        )

    member _.Most = most

    /// A body that is larger than all may come alone.
    member _.TryTake(bytes: int64) : RateLimitLease = limiter.AttemptAcquire(permits (min bytes most))

    /// Null: patience has ended.
    member _.Take(bytes: int64, patience: CancellationToken) : Task<RateLimitLease | null> = task {
        try
            let! lease = limiter.AcquireAsync(permits (min bytes most), patience)
            return lease
        with :? OperationCanceledException ->
            return null
    }

/// A call that may be read and run, until it is disposed of.
[<Sealed>]
type internal Admitted(places: Places, memory: BodyMemory, room: RateLimitLease | null) =
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
                places.GiveBack()

/// What became of a call that had to wait.
[<Struct>]
type internal Turn =
    | Granted of admitted: Admitted
    | Refused of status: int * reason: string

/// Which calls are read and run now: so many at once, with so much memory for their bodies. The others wait for their turn,
/// oldest first.
type internal Admission(options: KtaOptions) =
    let memory = BodyMemory options.MaxRequestMemory
    let places = Places options.MaxConcurrentCalls
    let mutable waiting = 0

    let limit = String.Format(CultureInfo.InvariantCulture, "{0} s", options.StepTimeLimit.TotalSeconds)

    let megabytes (bytes: int64) = String.Format(CultureInfo.InvariantCulture, "{0:0.#} MB", float bytes / 1e6)

    let adviceOnPlaces =
        "Raise MaxConcurrentCalls if the process has processors and memory to spare, or run more replicas."

    let full () =
        let advice =
            if places.Taken < options.MaxConcurrentCalls then
                Admission.AdviceOnMemory
            else
                adviceOnPlaces

        Refused(
            StatusCodes.Status429TooManyRequests,
            $"{places.Taken} calls are running and {options.MaxQueuedCalls} are waiting, which is as many as may. {advice}"
        )

    let noPlace () =
        Refused(
            StatusCodes.Status503ServiceUnavailable,
            $"The call has waited {limit} for one of the {options.MaxConcurrentCalls} that were running to end. {adviceOnPlaces}"
        )

    let noMemory (body: int64) =
        Refused(
            StatusCodes.Status503ServiceUnavailable,
            $"The call has waited {limit} for {megabytes body} of the {megabytes memory.Most} that requests may take together (MaxRequestMemory). {Admission.AdviceOnMemory}"
        )

    let waitForPlace (room: RateLimitLease | null) (patience: CancellationToken) : Task<Turn> = task {
        let! hasPlace = places.Take patience

        if hasPlace then
            return Granted(new Admitted(places, memory, room))
        else
            room |> Option.ofObj |> Option.iter _.Dispose()
            return noPlace ()
    }

    /// Memory first: a call that waits for it takes no place from one that needs little.
    let wait (body: int64) (patience: CancellationToken) : Task<Turn> = task {
        if BodyBuffers.IsSmall body then
            return! waitForPlace null patience
        else
            match! memory.Take(body, patience) with
            | null -> return noMemory body
            | room -> return! waitForPlace room patience
    }

    static member AdviceOnMemory =
        "Set resultHistoryLength in the policy, give the process more memory, or run more replicas."

    /// Whether a call waits for its turn.
    member _.IsQueueing = Volatile.Read &waiting > 0

    /// Admits a call at once, unless it has to wait for its turn.
    member _.TryEnter(body: int64) : Admitted | null =
        if not (places.TryTake()) then
            null
        elif BodyBuffers.IsSmall body then
            new Admitted(places, memory, null)
        else
            let room = memory.TryTake body

            if room.IsAcquired then
                new Admitted(places, memory, room)
            else
                places.GiveBack()
                null

    /// Admits a call as soon as it is its turn. It waits no longer than a step may take: by then nobody waits for the answer.
    member _.Enter(body: int64, callerGone: CancellationToken) : Task<Turn> = task {
        if Interlocked.Increment &waiting > options.MaxQueuedCalls then
            Interlocked.Decrement &waiting |> ignore
            return full ()
        else
            try
                use patience = CancellationTokenSource.CreateLinkedTokenSource callerGone
                patience.CancelAfter options.StepTimeLimit
                let! turn = wait body patience.Token

                match turn with
                | Refused _ -> callerGone.ThrowIfCancellationRequested()
                | Granted _ -> ()

                return turn
            finally
                Interlocked.Decrement &waiting |> ignore
    }
