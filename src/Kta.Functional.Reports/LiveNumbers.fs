/// What measurements say about an application as a whole; NaN where they do not.
module internal Kta.Functional.Reports.LiveNumbers

open System
open Kta.Functional

type Number = Topology -> Measurements -> float

/// A number and the time it is about, in seconds.
type Told = { From: float; To: float; Value: float }

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
let rate (topology: Topology) (now: Measurements) =
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
let capacity (topology: Topology) (now: Measurements) =
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

let lag (topology: Topology) (now: Measurements) = [ for node in topology -> value now[node].Lag ] |> sumOf

/// How long the worst node would take for what waits, at the rate that arrives there.
let lagSeconds (topology: Topology) (now: Measurements) =
    let known = [
        for node in topology do
            match value now[node].Lag, value now[node].ArrivalRate |> Option.orElse (value now[node].RecordsIn) with
            | Some waiting, Some arriving -> waiting / max 1.0 arriving
            | _ -> ()
    ]

    if known.IsEmpty then nan else List.max known

/// What was measured is about the time since the decision before, unless that was long ago.
let told (pause: float) (times: float array) (decisions: LiveDecision array) (topology: Topology) (number: Number) = [
    for i in 0 .. times.Length - 1 do
        match decisions[i].Measured with
        | null -> ()
        | measured ->
            let value = number topology measured

            if Double.IsFinite value then
                let before = if i = 0 then times[i] - pause else times[i - 1]

                {
                    From = max 0.0 (max before (times[i] - 1.5 * pause))
                    To = times[i]
                    Value = value
                }
]

/// A number for each stretch of time, of all that is told about it.
let held (width: int) (stretches: int) (combine: float list -> float) (told: Told list) : float array =
    let found = Array.create stretches []

    for one in told do
        let first = int one.From / width
        let last = max first (int (ceil (one.To / float width)) - 1)

        for i in first .. min last (stretches - 1) do
            found[i] <- one.Value :: found[i]

    found
    |> Array.map (function
        | [] -> nan
        | some -> combine some)
