namespace Kta.Functional.Http

open System
open System.Threading
open System.Threading.RateLimiting
open System.Threading.Tasks
open Microsoft.AspNetCore.Http

/// A place that was waited for, or the refusal to answer with.
type internal AwaitedSlot = {
    Lease: RateLimitLease | null
    Status: int
    Refusal: string | null
} with

    interface IDisposable with
        member this.Dispose() =
            match this.Lease with
            | null -> ()
            | lease -> lease.Dispose()

/// The calls an algorithm reads and runs at once, whatever their step; the others queue, oldest first.
type internal CallSlots(options: KtaOptions) =
    let limiter =
        new ConcurrencyLimiter(
            ConcurrencyLimiterOptions(
                PermitLimit = options.MaxConcurrentCalls,
                QueueLimit = options.MaxQueuedCalls,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst
            )
        )

    let advice =
        "Raise MaxConcurrentCalls if the process has processors and memory to spare, or run more replicas."

    let refused status reason = {
        Lease = null
        Status = status
        Refusal = reason
    }

    /// A place if one is free and nobody waits for it.
    member _.TryTake() : RateLimitLease = limiter.AttemptAcquire 1

    /// A place as soon as it is this call's turn, but no longer than a step may take: by then nobody waits for the answer.
    member _.Wait(callerGone: CancellationToken) : Task<AwaitedSlot> = task {
        use patience = CancellationTokenSource.CreateLinkedTokenSource callerGone
        patience.CancelAfter options.StepTimeLimit

        try
            let! lease = limiter.AcquireAsync(1, patience.Token)

            if lease.IsAcquired then
                return {
                    Lease = lease
                    Status = StatusCodes.Status200OK
                    Refusal = null
                }
            else
                return
                    refused
                        StatusCodes.Status429TooManyRequests
                        $"{options.MaxConcurrentCalls} calls are running and {options.MaxQueuedCalls} are waiting, which is as many as may. {advice}"
        with :? OperationCanceledException when not callerGone.IsCancellationRequested ->
            return
                refused
                    StatusCodes.Status503ServiceUnavailable
                    $"The call has waited {options.StepTimeLimit.TotalSeconds} s for one of the {options.MaxConcurrentCalls} that were running to end. {advice}"
    }
