/// What someone needs who wants to see for themselves: every figure, and how to run it again.
module internal Kta.Functional.Reports.Repeat

open System
open Giraffe.ViewEngine
open Kta.Functional.Simulation
open Kta.Functional.Reports.Phrase

let private optional (key: string) (name: string) (value: Nullable<float>) (digits: int) (unit: string) = [
    if value.HasValue then
        key, name, value.Value, fixedTo digits value.Value + unit
]

let private values (figures: RunFigures) : (string * string * float * string) list = [
    let number key name value digits unit = key, name, value, fixedTo digits value + unit
    number "downtimeSeconds" "downtime" figures.DowntimeSeconds 0 " s"
    number "rescalesUp" "rescales up" (float figures.RescalesUp) 0 ""
    number "rescalesDown" "rescales down" (float figures.RescalesDown) 0 ""
    number "oscillations" "oscillations" (float figures.Oscillations) 0 ""
    number "meanLagSeconds" "mean lag" figures.MeanLagSeconds 2 " s"
    number "maxLagSeconds" "largest lag" figures.MaxLagSeconds 1 " s"
    number "meanLatencySeconds" "mean latency" figures.MeanLatencySeconds 2 " s"
    number "p99LatencySeconds" "latency of 99 of 100 seconds" figures.P99LatencySeconds 1 " s"
    number "overProvisioned" "instances too many, mean" figures.OverProvisioned 2 ""
    number "underProvisioned" "instances too few, mean" figures.UnderProvisioned 2 ""

    yield!
        optional
            "convergedAfterDecisions"
            "changes until it settled"
            (figures.ConvergedAfterDecisions
             |> Option.ofNullable
             |> Option.map float
             |> Option.toNullable)
            0
            ""

    yield! optional "convergedAfterSeconds" "time until it settled" figures.ConvergedAfterSeconds 0 " s"
    number "idealInstanceHours" "instance-hours of ideal tracking" figures.IdealInstanceHours 1 ""
    yield! optional "staticPeakInstanceHours" "instance-hours of the static peak" figures.StaticPeakInstanceHours 1 ""
    yield! optional "clairvoyantInstanceHours" "instance-hours of the clairvoyant" figures.ClairvoyantInstanceHours 1 ""
    number "j" "J" figures.J 3 ""
    yield! optional "clairvoyantJ" "J of the clairvoyant" figures.ClairvoyantJ 3 ""
]

/// The figures that are not large, to be opened.
let allFigures (figures: RunFigures) =
    tag "details" [] [
        tag "summary" [] [ Page.text "All figures" ]
        dl [ _class "columns" ] [
            for key, name, value, shown in values figures do
                div [] [ dt [] [ Page.text name ]; dd [] [ Page.figure key value shown ] ]
        ]
    ]

let private operatorTable (application: Application) =
    let optional (value: Nullable<int>) = if value.HasValue then string value.Value else "–"

    div [ _class "scroll" ] [
        table [] [
            thead [] [
                tr [] [
                    for head in
                        [
                            "operator"
                            "rate per instance"
                            "exponent"
                            "selectivity"
                            "most instances"
                            "partitions"
                            "skew"
                        ] do
                        th [ attr "scope" "col" ] [ Page.text head ]
                ]
            ]
            tbody [] [
                for one in application.Operators do
                    tr [] [
                        th [ attr "scope" "row" ] [ Page.text (node one.Node) ]
                        for cell in
                            [
                                fixedTo 0 one.RatePerInstance + "/s"
                                string one.Exponent
                                string one.Selectivity
                                optional one.MaxParallelism
                                optional one.Partitions
                                string one.Skew
                            ] do
                            td [] [ Page.text cell ]
                    ]
            ]
        ]
    ]

let private describedApplication (application: Application) = [
    let limits = $"{application.Limits.Min} to {application.Limits.Max} instances"

    operatorTable application

    Page.definitions [
        "sources", load application
        match application.Edges with
        | null -> "edges", "a chain"
        | edges -> "edges", edges |> Seq.map string |> String.concat ", "
        "buffers", $"{application.BufferSeconds} s"
        "downtime", duration application.Downtime
        "warm-up", duration application.WarmUp
        "interval", duration application.Interval
        "objective", $"too late: {objective application.Objective}"
        "limits", limits
        "noise", string application.Noise
        "length", duration application.RunTime
    ]
]

/// The application as its file says it, or in words.
let application (application: Application) (text: string | null) =
    match text with
    | null -> describedApplication application
    | text -> [ pre [ attr "tabindex" "0" ] [ code [] [ Page.text text ] ] ]

let commandLine (command: string | null) = [
    match command with
    | null -> ()
    | command -> pre [ _class "command"; attr "tabindex" "0" ] [ code [] [ Page.text command ] ]
]

let download (name: string) =
    p [] [
        a [ _id "csv"; _href "#data"; attr "download" $"{name}.csv" ] [ Page.text "The seconds as CSV" ]
        Page.text " · "
        a [ _id "csv-decisions"; _href "#data"; attr "download" $"{name}-decisions.csv" ] [
            Page.text "the decisions as CSV"
        ]
    ]

let section (run: SimulatedRun) (details: ReportDetails) =
    section [ _id "repeat" ] [
        h2 [] [ Page.text "To repeat it" ]
        yield! commandLine details.CommandLine
        Page.definitions [
            "algorithm", run.Algorithm
            "seed", string run.Seed
            for name, version in Page.versions.Value do
                name, version
        ]
        if details.Settings.Count > 0 then
            h3 [] [ Page.text "Settings" ]
            Page.definitions [ for setting in details.Settings -> setting.Key, setting.Value ]
        h3 [] [ Page.text "Application" ]
        yield! application run.Application details.ApplicationText
        h3 [] [ Page.text "Data" ]
        download $"{run.Application.Name}-{run.Algorithm}"
    ]
