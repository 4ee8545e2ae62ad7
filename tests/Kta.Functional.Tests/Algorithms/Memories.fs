/// Strategies written with a memory, as a reference for those that have none.
module Kta.Functional.Tests.Algorithms.Memories

open System
open System.Collections.Generic

/// A strategy with a memory: what it makes of a proposal now, given what is there. It is told of every iteration, once, in order.
type Remembering = DateTimeOffset -> int list -> int list -> int list

let private since (began: DateTimeOffset option) (time: DateTimeOffset) (window: TimeSpan) =
    match began with
    | Some began -> time - began >= window
    | None -> window = TimeSpan.Zero

/// Tells a memory when the plan was changed, as an operator would see it: the change of an iteration shows in the next one.
let private changes () =
    let mutable last: (DateTimeOffset * int list) option = None
    let mutable changed: DateTimeOffset option = None
    let mutable began: DateTimeOffset option = None

    fun (time: DateTimeOffset) (current: int list) ->
        match last with
        | Some(at, before) when before <> current -> changed <- Some at
        | _ -> ()

        let first = began
        began <- Some(defaultArg began time)
        last <- Some(time, current)
        changed, first

let stabilize (down: TimeSpan) (up: TimeSpan) : Remembering =
    let seen = Queue<DateTimeOffset * int list>()
    let mutable began = None

    fun time proposed current ->
        let within window i = [
            for at, numbers in seen do
                if time - at <= window then
                    List.item i numbers
        ]

        let covered = since began time down

        let result = [
            for i, (count, now) in List.indexed (List.zip proposed current) ->
                if count < now then
                    let kept = List.max (count :: within down i)
                    if kept >= now || covered then min now kept else now
                elif count > now then
                    max now (List.min (count :: within up i))
                else
                    count
        ]

        seen.Enqueue(time, proposed)
        began <- Some(defaultArg began time)
        result

let cooldown (up: TimeSpan) (down: TimeSpan) : Remembering =
    let changes = changes ()

    fun time proposed current ->
        let changed, began = changes time current

        List.map2
            (fun count now ->
                let wait = if count > now then up else down

                match changed with
                | Some at when time - at < wait -> now
                | None when count < now && not (since began time wait) -> now
                | _ -> count)
            proposed
            current

let delayScaleDown (wait: TimeSpan) : Remembering =
    let changes = changes ()
    let mutable runs: Map<int, (DateTimeOffset * int) list> = Map.empty
    let mutable seen = None

    fun time proposed current ->
        let changed, _ = changes time current

        if changed <> seen then
            runs <- Map.empty
            seen <- changed

        [
            for i, (count, now) in List.indexed (List.zip proposed current) do
                if count >= now then
                    runs <- runs.Remove i
                    count
                else
                    let run = (time, count) :: (Map.tryFind i runs |> Option.defaultValue [])
                    runs <- runs.Add(i, run)

                    if time - fst (List.last run) >= wait then
                        run
                        |> List.filter (fun (at, _) -> time - at <= wait)
                        |> List.map snd
                        |> List.max
                    else
                        now
        ]

let activation (evaluations: int) : Remembering =
    let changes = changes ()
    let mutable runs: Map<int, int * bool * bool> = Map.empty
    let mutable seen = None
    let mutable isFirst = true

    fun time proposed current ->
        let changed, _ = changes time current

        if changed <> seen then
            runs <- Map.empty
            seen <- changed

        let result = [
            for i, (count, now) in List.indexed (List.zip proposed current) do
                if count = now then
                    runs <- runs.Remove i
                    count
                else
                    let isUp = count > now

                    // A run that goes back to the beginning may have been longer.
                    let length, mayBeLonger =
                        match Map.tryFind i runs with
                        | Some(length, wasUp, mayBeLonger) when wasUp = isUp -> length + 1, mayBeLonger
                        | _ -> 1, isFirst

                    runs <- runs.Add(i, (length, isUp, mayBeLonger))

                    if length >= evaluations || (isUp && mayBeLonger) then
                        count
                    else
                        now
        ]

        isFirst <- false
        result

let rateLimit (up: int * TimeSpan) (down: int * TimeSpan) : Remembering =
    let events = List<DateTimeOffset * int list>()
    let mutable last: (DateTimeOffset * int list) option = None
    let mutable began = None

    fun time proposed current ->
        match last with
        | Some(at, before) when before <> current -> events.Add(at, List.map2 (-) current before)
        | _ -> ()

        let covered = began
        began <- Some(defaultArg began time)
        last <- Some(time, current)

        [
            for i, (count, now) in List.indexed (List.zip proposed current) do
                let change (period: TimeSpan) =
                    events
                    |> Seq.filter (fun (at, _) -> time - at < period)
                    |> Seq.sumBy (fun (_, numbers) -> List.item i numbers)

                if count > now then
                    let most, period = up
                    min count (max now (now - change period + most))
                elif count < now then
                    let most, period = down

                    if since covered time period then
                        max count (max 1 (min now (now - change period - most)))
                    else
                        now
                else
                    count
        ]

/// A number for a node about which nothing has been proposed for a time.
let fallback (after: TimeSpan) (safe: int) (mayGoDown: bool) : Remembering =
    let mutable silent: Map<int, DateTimeOffset> = Map.empty

    fun time proposed current -> [
        for i, (count, now) in List.indexed (List.zip proposed current) do
            if count <> 0 then
                silent <- silent.Remove i
                count
            else
                silent <- silent.Add(i, Map.tryFind i silent |> Option.defaultValue time)

                if time - silent[i] < after then now
                elif mayGoDown then safe
                else max safe now
    ]

/// The clocks of Berlin in 2026, by hand.
let private inBerlin (time: DateTimeOffset) =
    let utc = time.UtcDateTime
    let isSummer = utc >= DateTime(2026, 3, 29, 1, 0, 0) && utc < DateTime(2026, 10, 25, 1, 0, 0)
    TimeOnly.FromDateTime(utc.AddHours(if isSummer then 2. else 1.))

/// A memory that is always told, and counts in a part of the day only.
let during (from: TimeOnly) (until: TimeOnly) (memory: Remembering) : Remembering =
    fun time proposed current ->
        let now = inBerlin time

        let isInside =
            if from < until then
                now >= from && now < until
            else
                now >= from || now < until

        let bent = memory time proposed current
        if isInside then bent else proposed

/// One memory after the other, each told what the one before it said.
let chained (memories: Remembering list) : Remembering =
    fun time proposed current ->
        memories
        |> List.fold (fun proposed memory -> memory time proposed current) proposed

/// A strategy that looks at nothing but the plan and what is there.
let plainly (judge: int list -> int list -> int list) : Remembering = fun _ proposed current -> judge proposed current
