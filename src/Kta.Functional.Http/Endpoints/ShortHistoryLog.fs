namespace Kta.Functional.Http

open System.Threading
open Kta.Functional.Calls
open Microsoft.Extensions.Logging

/// Says once that a policy sends less history than rules and strategies look at. Right after a start that is normal, so it waits
/// until more calls were answered than there are entries: then the history does not grow with them.
type internal ShortHistoryLog() =
    let mutable calls = 0
    let mutable told = 0

    /// So many calls may have failed later on, or come from another operator.
    static let spared = 3

    member _.Note(logger: ILogger, reply: StepReply) =
        let answered = Interlocked.Increment &calls

        match reply.ShortHistory with
        | null -> ()
        | short when answered > short.Entries + spared && Interlocked.Exchange(&told, 1) = 0 ->
            Log.shortHistory.Invoke(logger, short.Message, short.Entries, string reply.Iteration, null)
        | _ -> ()
