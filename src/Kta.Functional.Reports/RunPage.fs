/// A run as a page.
module internal Kta.Functional.Reports.RunPage

open System
open Giraffe.ViewEngine
open Kta.Functional.Simulation
open Kta.Functional.Reports.Panels
open Kta.Functional.Reports.Phrase

/// Points of time a page holds: every second of 140 minutes, every tenth of a day.
let private points = 8_700

let private perNode (names: string list) (shows: string) (shape: Plotly.NET.StyleParam.Shape) = [
    for place, name in List.indexed names do
        {
            line name $"{shows}:{place}" with
                Shape = shape
                Dash = dashOf place
        }
]

let shares (names: string list) (title: string) (shows: string) = {
    panel title (perNode names shows Plotly.NET.StyleParam.Shape.Vh) with
        Format = ",.0%"
        Most = Some 1.0
        IsOptional = true
}

let instances (names: string list) (others: Line list) = {
    panel "Instances" (perNode names "node" Plotly.NET.StyleParam.Shape.Hv @ others) with
        Height = 180
        Format = "d"
}

let level (name: string) (time: TimeSpan) = {
    line name $"level:{time.TotalSeconds}" with
        Dash = Plotly.NET.StyleParam.DrawingStyle.Dash
}

let private panels (run: SimulatedRun) =
    let objective = run.Application.Objective
    let names = run.Topology |> Seq.map node |> List.ofSeq

    [
        {
            panel "Records per second" [
                {
                    line "rate" "column:rate" with
                        Name = "rate"
                }
                {
                    stepped "capacity" "column:capacity" with
                        Dash = Plotly.NET.StyleParam.DrawingStyle.Dash
                }
            ] with
                Height = 170
        }
        {
            panel "Lag" [ line "lag" "column:lagSeconds"; level "objective" objective.Lag ] with
                Suffix = " s"
        }
        match Option.ofNullable objective.Latency with
        | Some latency -> {
            panel "Latency" [ line "latency" "column:latencySeconds"; level "objective" latency ] with
                Suffix = " s"
                Height = 120
          }
        | None -> ()
        instances names []
        shares names "Busy" "busy"
        shares names "Back-pressured" "blocked"
    ]

let private sentence (run: SimulatedRun) (figures: RunFigures) =
    let application = run.Application
    let operators = count application.Operators.Count "operator" "operators"
    let rescales = count figures.Rescales "rescale" "rescales"

    $"{run.Algorithm} scaled {application.Name}, {operators} under {load application}, for {duration application.RunTime}: "
    + $"it used {fixedTo 1 figures.InstanceHours} instance-hours in {rescales}, "
    + $"and was above the objective ({objective application.Objective}) {percent figures.TimeAboveObjective} of the time."

/// Where the number is largest.
let private peak (run: SimulatedRun) (number: RunSample -> float) = (run.Samples |> Seq.maxBy number).Second

let private times (number: float) (yardstick: Nullable<float>) (name: string) = [
    if yardstick.HasValue && yardstick.Value > 0.0 then
        $"{fixedTo 2 (number / yardstick.Value)} × {name} ({fixedTo 1 yardstick.Value})"
]

let large (name: string) (key: string) (value: float) (shown: string) (target: string) (beside: string list) =
    a [ _class "figure"; _href target ] [
        span [ _class "name" ] [ Page.text name ]
        strong [] [ Page.figure key value shown ]
        for line in beside do
            small [] [ Page.text line ]
    ]

let private largeFigures (run: SimulatedRun) (figures: RunFigures) (best: RunFigures option) =
    let clairvoyant (text: RunFigures -> string) = best |> Option.map text |> Option.toList
    let updown = $"{figures.RescalesUp} up, {figures.RescalesDown} down"
    let down = figures.DowntimeSeconds |> TimeSpan.FromSeconds |> duration

    div [ _class "figures" ] [
        large
            "instance-hours"
            "instanceHours"
            figures.InstanceHours
            (fixedTo 1 figures.InstanceHours)
            $"#t={peak run (fun one -> float one.Instances)}"
            [
                yield! times figures.InstanceHours figures.ClairvoyantInstanceHours "clairvoyant"
                yield! times figures.InstanceHours figures.StaticPeakInstanceHours "static peak"
            ]
        large
            "above objective"
            "timeAboveObjective"
            figures.TimeAboveObjective
            (percent figures.TimeAboveObjective)
            $"#t={peak run _.LagSeconds}"
            [
                objective run.Application.Objective
                yield! clairvoyant (fun best -> $"clairvoyant {percent best.TimeAboveObjective}")
            ]
        large "rescales" "rescales" (float figures.Rescales) (string figures.Rescales) "#decisions" [
            $"{updown}, {down} down"
            yield! clairvoyant (fun best -> $"clairvoyant {best.Rescales}")
        ]
        match figures.LongestViolation with
        | null -> large "longest violation" "longestViolationSeconds" 0.0 "none" "#t=0" [ "never above the objective" ]
        | longest ->
            let first = int longest.From.TotalSeconds

            large
                "longest violation"
                "longestViolationSeconds"
                longest.Length.TotalSeconds
                (duration longest.Length)
                $"#t={first}-{first + int longest.Length.TotalSeconds}"
                [
                    $"from {moment longest.From} on"
                    yield!
                        clairvoyant (fun best ->
                            match best.LongestViolation with
                            | null -> "clairvoyant none"
                            | longest -> $"clairvoyant {duration longest.Length}")
                ]
    ]

let private zoomButtons =
    p [ _class "controls" ] [
        for action, sign, name in [ "in", "+", "Zoom in"; "out", "−", "Zoom out"; "all", "all", "Show the whole run" ] do
            button [ attr "data-zoom" action; attr "aria-label" name; _title name ] [ Page.text sign ]
    ]

/// The figure, its line of text, and how to use it.
let panelSection (extra: XmlNode list) =
    section [ _class "over-time" ] [
        h2 [] [ Page.text "Over time" ]
        div [ _class "toolbar" ] [ yield! extra; zoomButtons ]
        p [ _id "moment"; attr "aria-live" "polite" ] []
        div [
            _id "panels"
            attr "role" "slider"
            attr "tabindex" "0"
            attr "aria-label" "Moment shown in the panels"
            attr "aria-valuemin" "0"
            attr "aria-valuenow" "0"
            attr "aria-describedby" "keys"
        ] []
        p [ _id "keys"; _class "note" ] [
            Page.text
                "Drag to zoom, double click to see all. Keys: ← → move the cursor (with Shift faster), Page Up and Page Down jump \
                to the rescales, + − zoom, 0 shows all."
        ]
    ]

let morePanels =
    label [] [ input [ _type "checkbox"; _id "more-panels" ]; Page.text " busy and back-pressure" ]

let private resolution (width: int) =
    if width = 1 then
        "One point is one second."
    else
        $"One point is {width} s: rates, instances and capacity by their mean, lag and latency by their worst."

let decisions (alarms: string list) =
    section [ _id "decisions" ] [
        h2 [] [ Page.text "Decisions" ]
        for alarm in alarms do
            p [ _class "alarm" ] [ Page.text alarm ]
        div [ _class "toolbar" ] [
            label [] [ Page.text "Node "; select [ _id "node" ] [ option [ _value "-1" ] [ Page.text "all" ] ] ]
            label [] [ input [ _type "checkbox"; _id "changed" ]; Page.text " changed only" ]
            span [ _id "row-count"; attr "role" "status" ] []
        ]
        div [ _class "scroll tall" ] [
            table [] [
                thead [] [
                    tr [] [
                        for head in [ "time"; "rate"; "lag"; "decision"; "why" ] do
                            th [ attr "scope" "col" ] [ Page.text head ]
                    ]
                ]
                tbody [ _id "rows" ] []
            ]
        ]
    ]

let create (run: SimulatedRun) (details: ReportDetails) =
    let figures = RunFigures.Of(run, details.Clairvoyant)
    let best = details.Clairvoyant |> Option.ofObj |> Option.map _.Figures
    let title = $"{run.Application.Name} · {run.Algorithm}"
    let panels = panels run
    let course = Course.ofRun points run

    let data =
        PageData.object (fun writer ->
            PageData.course writer Series.names course
            PageData.iterations writer course)

    Page.create title [ "panels.js"; "run.js" ] [
        h1 [] [ Page.text title ]
        p [ _class "lead" ] [ Page.text (sentence run figures) ]
        largeFigures run figures best
        Repeat.allFigures figures
        panelSection [ morePanels ]
        p [ _class "note" ] [
            Page.text
                "Capacity is what the sources could take in with the instances there are, in the mix that arrives. \
                Thin lines are rescales, shaded stretches are downtime. "
            Page.text (resolution (Series.widthFor run.Samples.Count points))
        ]
        decisions [
            for failure in Seq.truncate 10 run.Failures ->
                $"Iteration {failure.Iteration} failed at {failure.Step}: {failure.Message}"
        ]
        Repeat.section run details
        Page.json "data" data
        Page.json "figure" (Panels.figure run.Samples.Count panels)
        Page.json "panel-list" (Panels.description panels)
    ]
