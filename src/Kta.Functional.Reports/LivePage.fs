/// A live run as a page: the panels, the table and the scripts are those of a simulated run.
module internal Kta.Functional.Reports.LivePage

open System
open Giraffe.ViewEngine
open Plotly.NET.StyleParam
open Kta.Functional.Reports.LiveCourse
open Kta.Functional.Reports.LiveFigures
open Kta.Functional.Reports.Panels
open Kta.Functional.Reports.Phrase

/// Points of time a page holds.
let private points = 8_700

let private mostEvents = 500

let private panels (run: LiveRun) (live: Live) =
    let names = live.Course.Nodes |> Array.map node |> List.ofArray
    let has name = (column live name).IsSome
    let measures quantity = live.Course.Turns |> Array.exists (_.Measured >> Array.exists quantity)

    let shadows = [
        for place, rule in List.indexed live.Rules do
            for i, name in List.indexed names do
                {
                    stepped $"{name}: {rule}" $"shadow:{place * names.Length + i}" with
                        Dash = DrawingStyle.Dot
                }
    ]

    [
        if has "rate" then
            {
                panel "Records per second" [
                    line "rate" "column:rate"
                    if has "capacity" then
                        {
                            stepped "capacity" "column:capacity" with
                                Dash = DrawingStyle.Dash
                        }
                ] with
                    Height = 170
            }
        if has "lagSeconds" then
            {
                panel "Lag" [
                    line "lag" "column:lagSeconds"
                    match Option.ofNullable run.Objective with
                    | Some objective -> RunPage.level "objective" objective
                    | None -> ()
                ] with
                    Suffix = " s"
            }
        elif has "lag" then
            panel "Records that wait" [ line "lag" "column:lag" ]
        RunPage.instances names shadows
        if measures _.Busy.Value.HasValue then
            RunPage.shares names "Busy" "busy"
        if measures _.BackPressured.Value.HasValue then
            RunPage.shares names "Back-pressured" "blocked"
    ]

let private sentence (run: LiveRun) (live: Live) =
    let who = if run.Algorithm = "" then "The loop" else run.Algorithm
    let failures = run.Events |> Seq.filter (fun one -> one.Kind = "failure") |> Seq.length
    let last = live.Start.AddSeconds(float live.Course.Series.Seconds)
    let nodes = count live.Course.Nodes.Length "node" "nodes"
    let decisions = count live.Course.Turns.Length "decision" "decisions"

    $"{who} scaled {run.Policy}, {nodes}, from {calendar live live.Start} to {calendar live last} ({offset live}): {decisions}"
    + (if failures > 0 then
           ", " + count failures "failure" "failures"
       else
           "")
    + (if live.Gaps.IsEmpty then
           ""
       else
           ", " + count live.Gaps.Length "gap" "gaps" + " without decisions")
    + "."

let private events (run: LiveRun) (live: Live) =
    let gaps = [
        for gap in live.Gaps ->
            gap.From, gap.To - gap.From, "gap", $"no decision for {duration (TimeSpan.FromSeconds(gap.To - gap.From))}"
    ]

    let told =
        [
            for one in run.Events -> secondsSince live.Start one.At, one.Took.TotalSeconds, one.Kind, one.Text
        ]
        @ gaps
        |> List.sortBy (fun (at, _, _, _) -> at)

    told

let private eventSection (live: Live) (told: (float * float * string * string) list) =
    section [ _id "events" ] [
        h2 [] [ Page.text "What else happened" ]
        if told.IsEmpty then
            p [] [ Page.text "Nothing but decisions." ]
        else
            div [ _class "scroll tall" ] [
                table [] [
                    thead [] [
                        tr [] [ for head in [ "time"; "what"; "" ] -> th [ attr "scope" "col" ] [ Page.text head ] ]
                    ]
                    tbody [] [
                        for at, length, kind, text in List.truncate mostEvents told do
                            let link =
                                if length > 0.0 then
                                    $"#t={int at}-{int (at + length)}"
                                else
                                    $"#t={int at}"

                            tr [] [
                                th [ attr "scope" "row" ] [
                                    a [ _href link ] [ Page.text (calendar live (live.Start.AddSeconds at)) ]
                                ]
                                td [
                                    if kind = "failure" then
                                        _class "alarm"
                                ] [ Page.text kind ]
                                td [ _class "wide" ] [ Page.text text ]
                            ]
                    ]
                ]
            ]

            if told.Length > mostEvents then
                p [ _class "note" ] [ Page.text $"… and {told.Length - mostEvents} later ones." ]
    ]

let private data (run: LiveRun) (live: Live) told =
    PageData.object (fun writer ->
        writer.WriteNumber("epoch", live.Start.ToUnixTimeMilliseconds())
        writer.WriteNumber("offsetMinutes", (TimeZoneInfo.Local.GetUtcOffset live.Start).TotalMinutes)
        PageData.list writer "rules" live.Rules writer.WriteStringValue

        PageData.list
            writer
            "events"
            (List.truncate mostEvents told)
            (fun (at: float, length: float, kind: string, _: string) ->
                writer.WriteStartArray()
                writer.WriteNumberValue at
                writer.WriteNumberValue length
                writer.WriteStringValue kind
                writer.WriteEndArray())

        PageData.course writer Series.names live.Course
        PageData.iterations writer live.Course)

let create (run: LiveRun) =
    let live = ofRun points run
    let title = run.Policy + (if run.Algorithm = "" then "" else $" · {run.Algorithm}")
    let panels = panels run live
    let told = events run live

    let background = [ Area "gaps"; Thin "settings"; Thin "failures" ]

    Page.create title [ "panels.js"; "run.js" ] [
        h1 [] [ Page.text title ]
        p [ _class "lead" ] [ Page.text (sentence run live) ]
        LiveFigures.create run live
        RunPage.panelSection [ RunPage.morePanels ]
        p [ _class "note" ] [
            Page.text
                "Numbers are those of the monitor, each for the time since the decision before. Capacity is what the narrowest node could \
                take in, in the mix that is processed. Thin grey lines are changes of parallelism, coloured ones changes of settings, red ones failures; \
                grey stretches are rescales, red ones are without decisions. "
            if not live.Rules.IsEmpty then
                Page.text "Dotted lines are what the shadow would have planned. "
            Page.text $"Times are {offset live}."
        ]
        RunPage.decisions []
        eventSection live told
        section [ _id "repeat" ] [
            h2 [] [ Page.text "To repeat it" ]
            yield! Repeat.commandLine run.CommandLine
            Page.definitions [
                "read from", run.Source
                if run.Algorithm <> "" then
                    "algorithm", run.Algorithm
                for name, version in Page.versions.Value do
                    name, version
            ]
            h3 [] [ Page.text "Data" ]
            Repeat.download (run.Policy.Replace('/', '-'))
        ]
        Page.json "data" (data run live told)
        Page.json "figure" (Panels.figureOver background live.Course.Series.Seconds panels)
        Page.json "panel-list" (Panels.description panels)
    ]
