/// Runs side by side as a page.
module internal Kta.Functional.Reports.ComparisonPage

open Giraffe.ViewEngine
open Kta.Functional.Simulation
open Kta.Functional.Reports.ComparisonTable
open Kta.Functional.Reports.Panels
open Kta.Functional.Reports.Phrase

/// Points of all runs together, and of one run at most.
let private allPoints, private mostPoints = 90_000, 8_700

/// How many runs the panels show at once.
let private mostAtOnce = 6

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
            PageData.course writer [ "rate"; "capacity"; "lagSeconds" ] (Course.ofRun points one.Run)
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
            ComparisonTable.create group
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
