/// Random days of a policy: what a plan step proposes iteration by iteration, and the same strategies written with a memory.
module Kta.Functional.Tests.Algorithms.Trajectories

open System
open System.Collections.Generic
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Algorithms.Loops

/// Seconds since the last iteration, and a proposal for each node.
type Tick = { After: int; Proposals: int list }

let ticks: Gen<Tick list> = gen {
    let! count = Gen.choose (2, 40)
    // Levels that last, with noise: windows, runs and breaks all occur.
    let! level = Gen.listOfLength count (Gen.frequency [ 4, Gen.constant None; 1, Gen.choose (1, 20) |> Gen.map Some ])
    let! noise = Gen.listOfLength count (Gen.listOfLength 3 (Gen.choose (-1, 1)))
    let! after = Gen.listOfLength count (Gen.elements [ 30; 30; 30; 25; 45; 120 ])

    let levels =
        level |> List.scan (fun now next -> Option.defaultValue now next) 8 |> List.tail

    return
        List.zip3 after levels noise
        |> List.map (fun (after, level, noise) -> {
            After = after
            Proposals = noise |> List.map (fun n -> max 1 (level + n))
        })
}

let private measured (proposals: int list) (current: int list) =
    Measurements.Of [|
        for node, proposal, count in Seq.zip3 chain proposals current do
            struct (node,
                    NodeMeasurements(
                        ArrivalRate = Reading.op_Implicit (proposal: int),
                        Parallelism = Reading.op_Implicit (count: int)
                    ))
    |]

/// A plan step that proposes what its monitor says.
let proposing =
    Algorithm.CreatePlan<Measurements>(fun (ctx: PlanContext<Measurements, System.Text.Json.Nodes.JsonObject>) ->
        Plan.ForEach(ctx.Topology, (fun node -> int ctx.MonitorResult[node].ArrivalRate.Value.Value)))

type Entry = HistoryEntry<Measurements, System.Text.Json.Nodes.JsonObject>

let decide
    (algorithm: Algorithm<Measurements, System.Text.Json.Nodes.JsonObject>)
    (time: DateTimeOffset)
    (now: Measurements)
    (history: Entry seq)
    =
    let context =
        PlanContext<Measurements, System.Text.Json.Nodes.JsonObject>(
            chain,
            now,
            history = history,
            udfStartTimestampMillis = time.ToUnixTimeMilliseconds()
        )

    (nonNull algorithm.Plan).InvokeAsync(context).GetAwaiter().GetResult()

/// One iteration of a loop that has gone on: the time, what was measured, what was there, and the whole history, newest first.
type Iteration = {
    Time: DateTimeOffset
    Now: Measurements
    Current: int list
    History: Entry list
    Decided: int list
}

/// Runs a loop in which everything that is planned is applied.
let run (algorithm: Algorithm<Measurements, System.Text.Json.Nodes.JsonObject>) (ticks: Tick list) : Iteration list =
    ((start, [ 8; 8; 8 ], [], []), ticks)
    ||> List.fold (fun (time, current, history, iterations) tick ->
        let time = time + TimeSpan.FromSeconds(float tick.After)
        let now = measured tick.Proposals current
        let plan = decide algorithm time now history

        let entry =
            Entry(now, null, plan, udfStartTimestampMillis = time.ToUnixTimeMilliseconds())

        let decided = numbersOf chain plan

        let iteration = {
            Time = time
            Now = now
            Current = current
            History = history
            Decided = decided
        }

        time, decided, entry :: history, iteration :: iterations)
    |> fun (_, _, _, iterations) -> List.rev iterations

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
        let within window i =
            [ for at, numbers in seen do if time - at <= window then List.item i numbers ]

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
                        run |> List.filter (fun (at, _) -> time - at <= wait) |> List.map snd |> List.max
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
                    if length >= evaluations || (isUp && mayBeLonger) then count else now
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

/// One memory after the other, each told what the one before it said.
let chained (memories: Remembering list) : Remembering =
    fun time proposed current ->
        memories |> List.fold (fun proposed memory -> memory time proposed current) proposed

/// A strategy that looks at nothing but the plan and what is there.
let plainly (judge: int list -> int list -> int list) : Remembering = fun _ proposed current -> judge proposed current
