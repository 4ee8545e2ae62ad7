/// Runs side by side as a page.
module internal Kta.Functional.Reports.ComparisonPage

open System
open System.Text.Json
open Giraffe.ViewEngine
open Kta.Functional.Simulation
open Kta.Functional.Reports.Panels
open Kta.Functional.Reports.Phrase

/// Points of all runs together, and of one run at most.
let private allPoints, private mostPoints = 90_000, 8_700

/// How many runs the panels show at once.
let private mostAtOnce = 6

/// Runs of one application under one load: only these can be compared by number.
type private Group = {
    Title: string
    /// The runs with their numbers on the page.
    Runs: (int * ComparedRun) list
    Front: RunFigures list
}

let private situation (application: Application) = application.Name, load application, application.Seed

let private groups (runs: ComparedRun list) (front: ClairvoyantOptimum list) : Group list =
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
let private isOnFront (runs: (int * ComparedRun) list) (one: ComparedRun) =
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

let private groupTable (group: Group) =
    let least =
        columns
        |> List.map (fun (_, _, number, _) -> group.Runs |> List.map (fun (_, one) -> number one.Figures) |> List.min)

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

/// The panels of six runs at most; whose they are the script says.
let private panels (runs: ComparedRun list) : Panel list =
    let slots = [ 0 .. min mostAtOnce runs.Length - 1 ]
    let rates = [ for slot in slots -> line "" $"rate:{slot}" ]

    let capacities = [
        for slot in slots ->
            {
                stepped "" $"capacity:{slot}" with
                    Dash = Plotly.NET.StyleParam.DrawingStyle.Dash
            }
    ]

    let objectives =
        runs
        |> List.map (fun one -> one.Run.Application.Objective.Lag.TotalSeconds)
        |> List.distinct
        |> List.map (fun lag -> {
            line "objective" $"level:{lag}" with
                Dash = Plotly.NET.StyleParam.DrawingStyle.Dash
        })

    [
        {
            panel "Rate and capacity (dashed)" (rates @ capacities) with
                Height = 180
        }
        {
            panel "Lag, logarithmic" ([ for slot in slots -> line "" $"lag:{slot}" ] @ objectives) with
                Suffix = " s"
                Format = "~g"
                IsLogarithmic = true
        }
        {
            panel "Instances" [ for slot in slots -> stepped "" $"instances:{slot}" ] with
                Height = 180
                Format = "d"
        }
    ]

let private data (groups: Group list) (runs: ComparedRun list) =
    let points = min mostPoints (max 60 (allPoints / runs.Length))

    let groupOf place =
        groups
        |> List.findIndex (fun group -> List.exists (fst >> (=) place) group.Runs)

    PageData.object (fun writer ->
        writer.WriteNumber("mostAtOnce", mostAtOnce)

        PageData.list writer "groups" groups (fun group ->
            writer.WriteStartObject()
            writer.WriteString("title", group.Title)

            PageData.list writer "front" group.Front (fun figures ->
                writer.WriteStartArray()
                PageData.number writer figures.InstanceHours
                PageData.number writer figures.TimeAboveObjective
                writer.WriteNumberValue figures.Rescales
                writer.WriteEndArray())

            writer.WriteEndObject())

        PageData.list writer "runs" (List.indexed runs) (fun (place, one) ->
            let group = groupOf place
            writer.WriteStartObject()
            writer.WriteString("name", one.Name)
            writer.WriteString("algorithm", one.Run.Algorithm)
            writer.WriteNumber("group", group)
            writer.WriteNumber("hours", one.Figures.InstanceHours)
            writer.WriteNumber("above", one.Figures.TimeAboveObjective)
            writer.WriteBoolean("onFront", isOnFront groups[group].Runs one)
            PageData.run writer points [ "rate"; "capacity"; "lagSeconds" ] one.Run
            writer.WriteEndObject()))

let private frontSection (groups: Group list) =
    section [] [
        h2 [] [ Page.text "What it costs to be in time" ]
        div [ _class "toolbar" ] [
            if groups.Length > 1 then
                label [] [
                    Page.text "Application "
                    select [ _id "group" ] [
                        for place, group in List.indexed groups do
                            option [ _value (string place) ] [ Page.text group.Title ]
                    ]
                ]
        ]
        div [
            _id "front"
            attr "role" "img"
            attr "aria-label" "Instance-hours against time above objective; the numbers are in the table above"
        ] []
        p [ _class "note" ] [
            Page.text "Left and low is good. Filled marks are on the front: none is better in both. "
            if groups |> List.exists (fun group -> not group.Front.IsEmpty) then
                Page.text
                    "The line is the clairvoyant's, who knew the load in advance: one mark for each number of rescales."
        ]
    ]

let private repeat (runs: ComparedRun list) (command: string | null) =
    section [ _id "repeat" ] [
        h2 [] [ Page.text "To repeat it" ]
        yield! Repeat.commandLine command
        Page.definitions [
            "runs", String.concat ", " (runs |> List.map (fun one -> one.Run.Algorithm) |> List.distinct)
            "seeds", String.concat ", " (runs |> List.map (fun one -> string one.Run.Seed) |> List.distinct)
            for name, version in Page.versions.Value do
                name, version
        ]
        for application in runs |> List.map _.Run.Application |> List.distinctBy situation do
            tag "details" [] [
                tag "summary" [] [ Page.text $"{application.Name} · {load application} · seed {application.Seed}" ]
                yield! Repeat.application application null
            ]
        h3 [] [ Page.text "Data" ]
        p [] [
            a [ _id "csv"; _href "#data"; attr "download" "comparison.csv" ] [
                Page.text "The seconds of the chosen runs as CSV"
            ]
        ]
    ]

let create (title: string) (runs: ComparedRun list) (front: ClairvoyantOptimum list) (command: string | null) =
    let groups = groups runs front
    let panels = panels runs
    let seconds = runs |> List.map _.Run.Samples.Count |> List.max
    let names = runs |> List.map _.Name |> List.distinct

    Page.create title [ "panels.js"; "comparison.js" ] [
        h1 [] [ Page.text title ]
        p [ _class "lead" ] [
            Page.text (
                count runs.Length "run" "runs"
                + " side by side: "
                + String.concat ", " names
                + ". The best of each column is marked with a star; choose up to six runs for the panels."
            )
        ]
        for group in groups do
            h3 [] [ Page.text group.Title ]
            groupTable group
        frontSection groups
        RunPage.panelSection [
            label [] [
                Page.text "Instances of "
                select [ _id "node" ] [ option [ _value "-1" ] [ Page.text "all nodes" ] ]
            ]
        ]
        repeat runs command
        Page.json "data" (data groups runs)
        Page.json "figure" (Panels.figure seconds panels)
        Page.json "front-figure" (Panels.front ())
        Page.json "panel-list" (Panels.description panels)
    ]
