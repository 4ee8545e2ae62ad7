namespace Kta.Functional.Http

open System
open System.Threading
open System.Threading.Tasks

/// The places of the calls that are read and run at once. Who finds one free takes it without a lock; the others wait, and
/// who has waited longest is next.
type internal Places(count: int) =

    /// Below 0, how many wait that no place has been given to.
    let mutable free = count

    let turns = new SemaphoreSlim(0)

    let rec tryTake () =
        let seen = Volatile.Read &free

        seen > 0
        && (Interlocked.CompareExchange(&free, seen - 1, seen) = seen || tryTake ())

    let rec tryLeave () =
        let seen = Volatile.Read &free

        seen < 0
        && (Interlocked.CompareExchange(&free, seen + 1, seen) = seen || tryLeave ())

    member _.Taken = count - max 0 (Volatile.Read &free)

    /// Takes a place if one is free.
    member _.TryTake() = tryTake ()

    /// Takes a place as soon as it is one's turn. False: patience has ended.
    member _.Take(patience: CancellationToken) : Task<bool> = task {
        if Interlocked.Decrement &free >= 0 then
            return true
        else
            try
                do! turns.WaitAsync patience
                return true
            with :? OperationCanceledException ->
                if tryLeave () then
                    return false
                else
                    // At the last moment a place has been given to everybody who waits.
                    do! turns.WaitAsync()
                    return true
    }

    member _.GiveBack() =
        if Interlocked.Increment &free <= 0 then
            turns.Release() |> ignore
