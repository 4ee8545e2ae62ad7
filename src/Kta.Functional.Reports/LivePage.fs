/// A live run as a page: the panels, the table and the scripts are those of a simulated run.
module internal Kta.Functional.Reports.LivePage

open System
open System.Globalization
open Giraffe.ViewEngine
open Plotly.NET.StyleParam
open Kta.Functional.Reports.LiveCourse
open Kta.Functional.Reports.Panels
open Kta.Functional.Reports.Phrase

/// Points of time a page holds.
let private points = 8_700

let private mostEvents = 500

/// Moments of the calendar, all with the offset from UTC that this machine has at the beginning.
let private calendar (live: Live) (at: DateTimeOffset) =
    at
        .ToOffset(TimeZoneInfo.Local.GetUtcOffset live.Start)
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)

let private offset (live: Live) =
    let at = live.Start.ToOffset(TimeZoneInfo.Local.GetUtcOffset live.Start)
    "UTC" + at.ToString("zzz", CultureInfo.InvariantCulture)

let private column (live: Live) (name: string) =
    live.Course.Series.Columns |> List.tryFind (fst >> (=) name) |> Option.map snd

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

/// The time of the stretches in which something is known and holds, of all in which it is known; and the longest of them in one piece.
let private lateness (live: Live) (objective: TimeSpan) =
    column live "lagSeconds"
    |> Option.map (fun lags ->
        let known = lags |> Array.filter Double.IsFinite |> Array.length
        let late = lags |> Array.map (fun lag -> lag > objective.TotalSeconds)

        let _, longest =
            ((0, (0, 0)), Array.indexed late)
            ||> Array.fold (fun (length, (first, most)) (i, isLate) ->
                let length = if isLate then length + 1 else 0

                length,
                (if length > most then
                     i + 1 - length, length
                 else
                     first, most))

        float (late |> Array.filter id |> Array.length) / float (max 1 known), longest)

let private instanceHours (live: Live) =
    let course = live.Course

    (0.0, course.Start) :: course.Changes
    @ [ float course.Series.Seconds, course.Start ]
    |> List.pairwise
    |> List.sumBy (fun ((from, counts), (until, _)) -> (until - from) * float (Array.sum counts) / 3600.0)

let private updown (live: Live) =
    (live.Course.Start :: List.map snd live.Course.Changes)
    |> List.map Array.sum
    |> List.pairwise
    |> List.partition (fun (before, after) -> after >= before)
    |> fun (up, down) -> $"{up.Length} up, {down.Length} down"

/// Of all nodes of all decisions: how often a shadow says what was planned, and how many instances more it wants on average.
let private agreement (live: Live) (rule: int) =
    let said = [
        for turn in live.Course.Turns do
            for shadow, place, number in turn.Shadows do
                if shadow = rule then
                    let planned =
                        turn.Decided
                        |> List.tryFind (fun one -> one.Place = place)
                        |> Option.map _.Planned
                        |> Option.defaultValue turn.Before[place]

                    number - planned
    ]

    let same = said |> List.filter ((=) 0) |> List.length
    same, said.Length, (said |> List.averageBy float)

let private figures (run: LiveRun) (live: Live) =
    let down = run.Events |> Seq.sumBy _.Took.TotalSeconds

    div [ _class "figures" ] [
        let hours = instanceHours live
        RunPage.large "instance-hours" "instanceHours" hours (fixedTo 1 hours) "#t=0" []

        match
            Option.ofNullable run.Objective
            |> Option.bind (fun objective -> lateness live objective |> Option.map (fun late -> objective, late))
        with
        | Some(objective, (share, (first, most))) ->
            let width = live.Course.Series.Width
            let length = TimeSpan.FromSeconds(float (most * width))

            RunPage.large "above objective" "timeAboveObjective" share (percent share) $"#t={first * width}" [
                $"lag > {duration objective}, of the time it was measured"
            ]

            RunPage.large
                "longest violation"
                "longestViolationSeconds"
                length.TotalSeconds
                (if most = 0 then "none" else duration length)
                $"#t={first * width}-{(first + most) * width}"
                [
                    if most > 0 then
                        $"from {calendar live (live.Start.AddSeconds(float (first * width)))} on"
                ]
        | None -> ()

        RunPage.large
            "rescales"
            "rescales"
            (float live.Course.Changes.Length)
            (string live.Course.Changes.Length)
            "#decisions"
            [
                updown live
                if down > 0.0 then
                    $"{duration (TimeSpan.FromSeconds down)} down"
            ]

        for place, rule in List.indexed live.Rules do
            let same, all, more = agreement live place
            let share = float same / float all

            RunPage.large $"agreement with {rule}" "agreement" share (percent share) "#decisions" [
                $"{fixedTo 0 (float same)} of {fixedTo 0 (float all)} times the shadow said the same number"
                if more <> 0.0 then
                    let word = if more > 0.0 then "more" else "fewer"
                    $"it wants {fixedTo 1 (abs more)} instances {word} per node"
            ]
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
        figures run live
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
