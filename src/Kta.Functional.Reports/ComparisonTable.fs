/// The head of a comparison: runs that saw the same load, their figures, and the best of each.
module internal Kta.Functional.Reports.ComparisonTable

open System
open Giraffe.ViewEngine
open Kta.Functional.Simulation
open Kta.Functional.Reports.Phrase

/// Runs of one application under one load: only these can be compared by number.
type Group = {
    Title: string
    /// The runs with their numbers on the page.
    Runs: (int * ComparedRun) list
    Front: RunFigures list
}

let situation (application: Application) = application.Name, load application, application.Seed

let groups (runs: ComparedRun list) (front: ClairvoyantOptimum list) : Group list =
    let several = runs |> List.distinctBy _.Run.Seed |> List.length > 1

    List.indexed runs
    |> List.groupBy (fun (_, one) -> one.Application, one.Trace, one.Run.Seed)
    |> List.map (fun ((application, trace, seed), members) ->
        let situations = members |> List.map (fun (_, one) -> situation one.Run.Application) |> set

        {
            Title = $"{application} · {trace}" + (if several then $" · seed {seed}" else "")
            Runs = members
            Front =
                front
                |> List.filter (fun one -> situations.Contains(situation one.Run.Application))
                |> List.map _.Figures
                |> List.sortBy _.InstanceHours
        })

/// Whether no other is as good in both and better in one.
let isOnFront (runs: (int * ComparedRun) list) (one: ComparedRun) =
    let hours, late = one.Figures.InstanceHours, one.Figures.TimeAboveObjective

    runs
    |> List.exists (fun (_, other) ->
        let otherHours, otherLate = other.Figures.InstanceHours, other.Figures.TimeAboveObjective

        otherHours <= hours
        && otherLate <= late
        && (otherHours < hours || otherLate < late))
    |> not

/// The columns of the table, each better where it is less.
let private columns: (string * string * (RunFigures -> float) * (float -> string)) list = [
    "J", "j", _.J, fixedTo 3
    "instance-hours", "instanceHours", _.InstanceHours, fixedTo 1
    "above objective", "timeAboveObjective", _.TimeAboveObjective, percent
    "longest violation",
    "longestViolationSeconds",
    (fun figures ->
        match figures.LongestViolation with
        | null -> 0.0
        | longest -> longest.Length.TotalSeconds),
    (TimeSpan.FromSeconds >> duration)
    "rescales", "rescales", (fun figures -> float figures.Rescales), fixedTo 0
    "down", "downtimeSeconds", _.DowntimeSeconds, (TimeSpan.FromSeconds >> duration)
    "mean lag", "meanLagSeconds", _.MeanLagSeconds, (fun lag -> fixedTo 1 lag + " s")
    "largest lag", "maxLagSeconds", _.MaxLagSeconds, (fun lag -> fixedTo 1 lag + " s")
    "p99 latency", "p99LatencySeconds", _.P99LatencySeconds, (fun latency -> fixedTo 1 latency + " s")
    "too many", "overProvisioned", _.OverProvisioned, fixedTo 1
    "too few", "underProvisioned", _.UnderProvisioned, fixedTo 1
    "oscillations", "oscillations", (fun figures -> float figures.Oscillations), fixedTo 0
]

let private cells (least: float list) (figures: RunFigures) =
    let cell (least: float) (_, key, number: RunFigures -> float, show: float -> string) =
        let value = number figures
        let isBest = value = least

        td [
            if isBest then
                _class "best"
        ] [
            Page.figure key value (show value)
            if isBest then
                span [ _class "unseen" ] [ Page.text " best" ]
        ]

    List.map2 cell least columns

let private choice (place: int) (one: ComparedRun) =
    label [] [
        input [ _type "checkbox"; attr "data-run" (string place) ]
        span [ _class "line"; attr "data-line" (string place) ] []
        Page.text $" {one.Name}"
    ]

let private clairvoyant (figures: RunFigures) =
    match Option.ofNullable figures.ClairvoyantInstanceHours with
    | Some hours -> fixedTo 2 (figures.InstanceHours / hours)
    | None -> "–"

let create (group: Group) =
    let least =
        columns
        |> List.map (fun (_, _, number, _) ->
            match group.Runs with
            | [ _ ] -> nan // Alone is not best.
            | several -> several |> List.map (fun (_, one) -> number one.Figures) |> List.min)

    let heads = [ "run"; "front"; yield! columns |> List.map (fun (name, _, _, _) -> name); "hours × clairvoyant" ]

    div [ _class "scroll" ] [
        table [ _class "runs" ] [
            thead [] [ tr [] [ for head in heads -> th [ attr "scope" "col" ] [ Page.text head ] ] ]
            tbody [] [
                for place, one in group.Runs do
                    tr [] [
                        th [ attr "scope" "row" ] [ choice place one ]
                        td [] [ Page.text (if isOnFront group.Runs one then "●" else "") ]
                        yield! cells least one.Figures
                        td [] [ Page.text (clairvoyant one.Figures) ]
                    ]
            ]
        ]
    ]
