namespace Kta.Functional.Http

open System
open System.Threading

/// Threads of the pool for steps that block: its minimum is raised, for the whole process, until this is disposed of. Below
/// its minimum the pool adds threads at once, beyond it one or two in a second.
[<Sealed>]
type internal ThreadReserve private (count: int) =
    static let gate = obj ()

    static let add (count: int) =
        lock gate (fun () ->
            let workers, ports = ThreadPool.GetMinThreads()
            // False beyond the maximum of the pool: then it is large enough.
            ThreadPool.SetMinThreads(workers + count, ports))

    let mutable isHeld = add count

    /// As many as calls may run, and steps be abandoned.
    static member For(options: KtaOptions) =
        new ThreadReserve(
            if options.ReserveThreads then
                options.MaxConcurrentCalls + options.MaxAbandonedSteps
            else
                0
        )

    interface IDisposable with
        member _.Dispose() =
            if Interlocked.Exchange(&isHeld, false) then
                add -count |> ignore
