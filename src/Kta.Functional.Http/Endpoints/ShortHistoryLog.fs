namespace Kta.Functional.Http

open System
open System.Collections.Generic
open Kta.Functional
open Kta.Functional.Calls
open Microsoft.Extensions.Logging

/// Says once that a policy sends less history than rules and strategies look at. After a restart of the operator that is normal, so it
/// waits until it has seen that a history does not grow: its oldest entry has gone, or an iteration that was there is in none.
type internal ShortHistoryLog() =
    /// The last call about each topology, and in how many iterations in a row its history was empty.
    let calls = Dictionary<Topology, ShortHistory * int>()
    let mutable told = false

    /// A server decides for few; what is beyond is forgotten.
    static let mostTopologies = 100

    /// An operator that restarts again and again is no reason, so that it needs some.
    static let mostEmpty = 3

    static let isCut (before: ShortHistory) (now: ShortHistory) =
        match Option.ofNullable before.Oldest, Option.ofNullable now.Oldest with
        | Some was, Some oldest -> was < oldest && oldest <= before.StartedAt
        | _ -> false

    let note (now: ShortHistory) =
        let before, empty =
            match calls.TryGetValue now.Topology with
            | true, (before, empty) -> before, empty
            | _ -> now, 0

        // A further attempt at the same iteration says nothing about the history.
        let isNext = empty = 0 || before.StartedAt < now.StartedAt

        let empty =
            if now.Entries > 0 then 0
            elif isNext then empty + 1
            else empty

        if calls.Count >= mostTopologies then
            calls.Clear()

        calls[now.Topology] <- (now, empty)
        isCut before now || empty >= mostEmpty

    member _.Note(logger: ILogger, reply: StepReply) =
        match reply.ShortHistory with
        | null -> ()
        | short ->
            let isNews =
                lock calls (fun () ->
                    let isNews = not told && note short
                    told <- told || isNews
                    isNews)

            if isNews then
                Log.shortHistory.Invoke(logger, short.Message, short.Entries, string reply.Iteration, null)
