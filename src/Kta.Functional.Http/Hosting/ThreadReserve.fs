namespace Kta.Functional.Http

open System
open System.Diagnostics
open System.Threading

/// Threads of the pool for steps that block: a watchdog that raises the pool's minimum, for the whole process, when work waits
/// for a thread, and takes that back after a while in which none did. Below its minimum the pool adds threads at once, beyond
/// it one or two in a second. Not raised all the time, for then every piece of work wakes a thread of its own.
[<Sealed>]
type internal ThreadReserve private (count: int) =
    static let look = TimeSpan.FromMilliseconds 100.0
    static let calm = TimeSpan.FromMinutes 1.0
    static let gate = obj ()

    static let add (count: int) =
        lock gate (fun () ->
            let workers, ports = ThreadPool.GetMinThreads()
            // False beyond the maximum of the pool: then it is large enough.
            ThreadPool.SetMinThreads(workers + count, ports))

    let ending = new ManualResetEventSlim(false)
    // Whether the work that was given to the pool at the last look has been done.
    let mutable isDone = true

    let watch () =
        let mutable isRaised = false
        let mutable waited = 0L

        while not (ending.Wait look) do
            if Volatile.Read &isDone then
                Volatile.Write(&isDone, false)

                ThreadPool.UnsafeQueueUserWorkItem((fun _ -> Volatile.Write(&isDone, true)), null)
                |> ignore

                if isRaised && Stopwatch.GetElapsedTime waited > calm then
                    isRaised <- not (add -count)
            else
                waited <- Stopwatch.GetTimestamp()

                if not isRaised then
                    isRaised <- add count

        if isRaised then
            add -count |> ignore

    let watchdog =
        if count > 0 then
            let thread = Thread(watch, IsBackground = true, Name = "Kta.Functional thread reserve")
            thread.Start()
            Some thread
        else
            None

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
            ending.Set()
            watchdog |> Option.iter _.Join()
