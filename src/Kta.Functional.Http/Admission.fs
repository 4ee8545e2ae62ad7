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

    member _.Take(bytes: int64, patience: CancellationToken) : ValueTask<RateLimitLease> =
        limiter.AcquireAsync(permits (min bytes most), patience)

/// A call that may be read and run, until it is disposed of.
[<Sealed>]
type internal Admitted(place: RateLimitLease, memory: BodyMemory) =
    let mutable reserved: RateLimitLease | null = null

    let giveBack () =
        match reserved with
        | null -> ()
        | lease -> lease.Dispose()

    /// Reserves memory for a body instead of what was reserved before. False: there is not enough.
    member _.TryReserve(bytes: int64) =
        giveBack ()
        let lease = memory.TryTake bytes
        reserved <- lease
        lease.IsAcquired

    /// The same, waiting for it. False: patience has ended.
    member _.Reserve(bytes: int64, patience: CancellationToken) : Task<bool> = task {
        try
            let! lease = memory.Take(bytes, patience)
            reserved <- lease
            return lease.IsAcquired
        with :? OperationCanceledException ->
            return false
    }

    interface IDisposable with
        member _.Dispose() =
            giveBack ()
            place.Dispose()

/// What became of a call that had to wait.
type internal Turn =
    | Granted of Admitted
    | Refused of status: int * reason: string

/// Which calls are read and run now: so many at once, with so much memory for their bodies. The others wait for their turn,
/// oldest first.
type internal Admission(options: KtaOptions) =
    let memory = BodyMemory options.MaxRequestMemory

    let places =
        new ConcurrencyLimiter(
            ConcurrencyLimiterOptions(
                PermitLimit = options.MaxConcurrentCalls,
                QueueLimit = options.MaxQueuedCalls,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst
            )
        )

    let limit = String.Format(CultureInfo.InvariantCulture, "{0} s", options.StepTimeLimit.TotalSeconds)

    let megabytes (bytes: int64) = String.Format(CultureInfo.InvariantCulture, "{0:0.#} MB", float bytes / 1e6)

    let adviceOnPlaces =
        "Raise MaxConcurrentCalls if the process has processors and memory to spare, or run more replicas."

    let full () =
        Refused(
            StatusCodes.Status429TooManyRequests,
            $"{options.MaxConcurrentCalls} calls are running and {options.MaxQueuedCalls} are waiting, which is as many as may. {adviceOnPlaces}"
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

    let waitForPlace (patience: CancellationToken) : Task<RateLimitLease | null> = task {
        try
            let! lease = places.AcquireAsync(1, patience)
            return lease
        with :? OperationCanceledException ->
            return null
    }

    let roomFor (admitted: Admitted) (body: int64) (patience: CancellationToken) =
        if BodyBuffers.IsSmall body then
            Task.FromResult true
        else
            admitted.Reserve(body, patience)

    static member AdviceOnMemory =
        "Set resultHistoryLength in the policy, give the process more memory, or run more replicas."

    /// Admits a call at once, unless it has to wait for its turn.
    member _.TryEnter(body: int64) : Admitted | null =
        let place = places.AttemptAcquire 1

        if place.IsAcquired then
            let admitted = new Admitted(place, memory)

            if BodyBuffers.IsSmall body || admitted.TryReserve body then
                admitted
            else
                (admitted :> IDisposable).Dispose()
                null
        else
            null

    /// Admits a call as soon as it is its turn. It waits no longer than a step may take: by then nobody waits for the answer.
    member _.Enter(body: int64, callerGone: CancellationToken) : Task<Turn> = task {
        use patience = CancellationTokenSource.CreateLinkedTokenSource callerGone
        patience.CancelAfter options.StepTimeLimit

        match! waitForPlace patience.Token with
        | null ->
            callerGone.ThrowIfCancellationRequested()
            return noPlace ()
        | place when not place.IsAcquired -> return full ()
        | place ->
            let admitted = new Admitted(place, memory)
            let! fits = roomFor admitted body patience.Token

            if fits then
                return Granted admitted
            else
                (admitted :> IDisposable).Dispose()
                callerGone.ThrowIfCancellationRequested()
                return noMemory body
    }
