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
    /// The lag in seconds, where it is known.
    Lags: LiveNumbers.Told list
}

let secondsSince (start: DateTimeOffset) (at: DateTimeOffset) = (at - start).TotalSeconds

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

    let told = LiveNumbers.told pause times decisions run.Topology

    let column (name: string) (number: LiveNumbers.Number) (combine: float list -> float) = [
        match told number with
        | [] -> ()
        | known -> name, LiveNumbers.held width stretches combine known
    ]

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
        Lags = told LiveNumbers.lagSeconds
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
                    yield! column "rate" LiveNumbers.rate List.average
                    yield! column "capacity" LiveNumbers.capacity List.average
                    yield! column "lagSeconds" LiveNumbers.lagSeconds List.max
                    yield! column "lag" LiveNumbers.lag List.max
                ]
            }
        }
    }
