namespace Kta.Functional.Http

open System
open System.Threading
open System.Threading.RateLimiting
open System.Threading.Tasks

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
