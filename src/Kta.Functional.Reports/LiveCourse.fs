/// Makes of the decisions of a live run what a page shows: what was measured holds for the time before it, what was applied for the time after.
module internal Kta.Functional.Reports.LiveCourse

open System
open System.Collections.Generic
open Kta.Functional

/// A stretch without decisions, in seconds.
type Gap = { From: float; To: float }

type Live = {
    Course: Course
    /// When second 0 is.
    Start: DateTimeOffset
    Gaps: Gap list
    Rules: string list
}

let secondsSince (start: DateTimeOffset) (at: DateTimeOffset) = (at - start).TotalSeconds

let private value (reading: Reading) = reading.Value |> Option.ofNullable

/// The nodes that feed all others.
let private sources (topology: Topology) (now: Measurements) =
    match
        topology
        |> Seq.filter (fun node -> (value now[node].ArrivalRate).IsSome)
        |> List.ofSeq
    with
    | [] ->
        match now.Edges with
        | null -> [ topology[0] ]
        | edges -> topology |> Seq.except [ for edge in edges -> edge.To ] |> List.ofSeq
    | known -> known

let private sumOf (numbers: float option list) =
    match List.choose id numbers with
    | [] -> nan
    | known -> List.sum known

/// Records per second that arrive.
let private rate (topology: Topology) (now: Measurements) =
    sources topology now
    |> List.map (fun node -> value now[node].ArrivalRate |> Option.orElse (value now[node].RecordsIn))
    |> sumOf

/// How many times more a node could take in than it does.
let private headroom (numbers: NodeMeasurements) =
    match value numbers.TrueProcessingRate, value numbers.RecordsIn, value numbers.Busy with
    | Some could, Some did, _ when did > 0.0 -> Some(could / did)
    | None, _, Some busy when busy > 0.0 -> Some(1.0 / busy)
    | _ -> None

/// Records per second that the narrowest node lets in, in the mix that is processed.
let private capacity (topology: Topology) (now: Measurements) =
    let taken =
        sources topology now
        |> List.map (fun node -> value now[node].RecordsIn)
        |> sumOf

    match
        [
            for node in topology do
                yield! Option.toList (headroom now[node])
        ]
    with
    | [] -> nan
    | known -> taken * List.min known

let private lag (topology: Topology) (now: Measurements) = [ for node in topology -> value now[node].Lag ] |> sumOf

/// How long the worst node would take for what waits, at the rate that arrives there.
let private lagSeconds (topology: Topology) (now: Measurements) =
    let known = [
        for node in topology do
            match value now[node].Lag, value now[node].ArrivalRate |> Option.orElse (value now[node].RecordsIn) with
            | Some waiting, Some arriving -> waiting / max 1.0 arriving
            | _ -> ()
    ]

    if known.IsEmpty then nan else List.max known

/// The time between most decisions.
let private usualPause (times: float array) =
    match times |> Array.pairwise |> Array.map (fun (a, b) -> b - a) |> Array.sort with
    | [||] -> 60.0
    | pauses -> max 1.0 pauses[pauses.Length / 2]

let private gaps (pause: float) (times: float array) = [
    for before, after in Array.pairwise times do
        if after - before > 2.5 * pause + 5.0 then
            { From = before; To = after }
]

let private count (counts: IReadOnlyDictionary<TopologyNode, int>) (node: TopologyNode) =
    match counts.TryGetValue node with
    | true, number -> Some number
    | _ -> None

let private decided (nodes: TopologyNode array) (before: int array) (one: LiveDecision) = [
    for place, node in Array.indexed nodes do
        match count one.Applied node with
        | None -> ()
        | Some applied ->
            let planned = count one.Planned node |> Option.defaultValue applied
            let isHeldBack, lacksData = Seq.contains node one.HeldBack, Seq.contains node one.LacksData

            let reasons =
                match one.Reasons.TryGetValue node with
                | true, reasons -> List.ofSeq reasons
                | _ -> []

            if planned <> before[place] || applied <> before[place] || isHeldBack || lacksData then
                {
                    Place = place
                    Planned = planned
                    Applied = applied
                    IsHeldBack = isHeldBack
                    LacksData = lacksData
                    Reasons = reasons
                }
]

/// What a column has in each stretch of time: of the first decision at its end or later, unless that is too late to say something about it.
let private held (width: int) (stretches: int) (pause: float) (times: float array) (values: float array) =
    let mutable next = 0

    Array.init stretches (fun i ->
        let from = float (i * width)

        while next < times.Length && times[next] <= from do
            next <- next + 1

        if next < times.Length && times[next] - from <= 1.5 * pause + float width then
            values[next]
        else
            nan)

let ofRun (points: int) (run: LiveRun) : Live =
    let nodes = Array.ofSeq run.Topology
    let decisions = Array.ofSeq run.Decisions
    let moments = [ yield! decisions |> Seq.map _.At; yield! run.Events |> Seq.map _.At ]
    let first = List.min moments
    let start = DateTimeOffset.FromUnixTimeSeconds(first.ToUnixTimeSeconds())
    let times = decisions |> Array.map (fun one -> secondsSince start one.At)
    let ends = [ yield! times; for one in run.Events -> secondsSince start (one.At + one.Took) ]
    let seconds = max 60 (int (ceil (List.max ends)) + 1)
    let width = Series.widthFor seconds points
    let stretches = (seconds + width - 1) / width
    let pause = usualPause times

    let column (name: string) (number: Topology -> Measurements -> float) =
        let values =
            decisions
            |> Array.map (fun one ->
                match one.Measured with
                | null -> nan
                | measured -> number run.Topology measured)

        if values |> Array.exists Double.IsFinite then
            [ name, held width stretches pause times values ]
        else
            []

    // What is known of a decision wins; a node that is not named keeps what it had.
    let beforeAll =
        nodes
        |> Array.map (fun node ->
            decisions
            |> Array.tryPick (fun one -> count one.Before node |> Option.orElse (count one.Applied node))
            |> Option.defaultValue 0)

    let turns, changes, _ =
        ((([], [], beforeAll), Array.indexed decisions)
         ||> Array.fold (fun (turns, changes, was) (i, one) ->
             let before =
                 nodes
                 |> Array.mapi (fun place node -> count one.Before node |> Option.defaultValue was[place])

             let after =
                 nodes
                 |> Array.mapi (fun place node ->
                     count one.Unscaled node
                     |> Option.orElse (count one.Applied node)
                     |> Option.defaultValue before[place])

             let turn = {
                 Number = i + 1
                 At = times[i]
                 Before = before
                 Measured =
                     nodes
                     |> Array.map (fun node ->
                         match one.Measured with
                         | null -> NodeMeasurements.Nothing
                         | measured -> measured[node])
                 Decided = decided nodes before one
                 Shadows = []
             }

             turn :: turns,
             (if after <> was then
                  (times[i], after) :: changes
              else
                  changes),
             after))

    let rules =
        decisions
        |> Seq.collect _.Shadows
        |> Seq.map _.Rule
        |> Seq.distinct
        |> List.ofSeq

    let withShadows (turn: Turn) = {
        turn with
            Shadows = [
                for said in decisions[turn.Number - 1].Shadows do
                    match Array.tryFindIndex ((=) said.Node) nodes with
                    | Some place -> List.findIndex ((=) said.Rule) rules, place, said.Count
                    | None -> ()
            ]
    }

    {
        Start = start
        Gaps = gaps pause times
        Rules = rules
        Course = {
            Nodes = nodes
            Start = beforeAll
            Changes = List.rev changes
            Turns = turns |> List.rev |> List.map withShadows |> Array.ofList
            Series = {
                Width = width
                Seconds = seconds
                Down = [
                    for one in run.Events do
                        if one.Took > TimeSpan.Zero then
                            let from = secondsSince start one.At
                            int from, int (ceil (from + one.Took.TotalSeconds))
                ]
                Columns = [
                    yield! column "rate" rate
                    yield! column "capacity" capacity
                    yield! column "lagSeconds" lagSeconds
                    yield! column "lag" lag
                ]
            }
        }
    }
