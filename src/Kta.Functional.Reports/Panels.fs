/// The figure of a page: panels over one time axis. Its traces have no points yet, the script takes them from the data of the page.
module internal Kta.Functional.Reports.Panels

open System.Text.Json
open Plotly.NET
open Plotly.NET.LayoutObjects
open Plotly.NET.StyleParam

/// A line of a panel.
type Line = {
    Name: string
    /// What it shows, for the script: `column:rate`, `node:2`.
    Shows: string
    Shape: Shape
    Dash: DrawingStyle
}

/// A panel; its place is its number, from the top.
type Panel = {
    Title: string
    /// Of its drawing, in pixels.
    Height: int
    /// How numbers stand at its axis, as d3-format has it.
    Format: string
    Suffix: string
    /// The axis goes from 0 to this; None: as far as the lines.
    Most: float option
    IsLogarithmic: bool
    /// Hidden until somebody wants to see it.
    IsOptional: bool
    Lines: Line list
}

let line (name: string) (shows: string) : Line = {
    Name = name
    Shows = shows
    Shape = Shape.Linear
    Dash = DrawingStyle.Solid
}

let stepped (name: string) (shows: string) : Line = {
    line name shows with
        Shape = Shape.Hv
}

/// Six colours, and as many dashes as it takes to tell more lines apart.
let dashOf (place: int) =
    [ DrawingStyle.Solid; DrawingStyle.Dash; DrawingStyle.Dot; DrawingStyle.DashDot ][place / 6 % 4]

let panel (title: string) (lines: Line list) : Panel = {
    Title = title
    Height = 150
    Format = "~s"
    Suffix = ""
    Most = None
    IsLogarithmic = false
    IsOptional = false
    Lines = lines
}

/// The axis behind all panels has number 1, those of the panels follow.
let private axisOf (place: int) = place + 2

let private trace (axis: int) (width: float) (fill: Fill option) (one: Line) : Trace =
    Trace2D.initScatter (
        Trace2DStyle.Scatter(
            Name = one.Name,
            Meta = one.Shows,
            Mode = Mode.Lines,
            HoverInfo = HoverInfo.Skip,
            Line = Plotly.NET.Line.init (Width = width, Shape = one.Shape, Dash = one.Dash),
            ?Fill = fill
        )
    )
    |> Trace2DStyle.SetAxisAnchor(X = LinearAxisId.X 1, Y = LinearAxisId.Y axis)
    :> Trace

/// What lies behind all panels: stretches of time, or moments.
type Background =
    | Area of shows: string
    | Thin of shows: string

let private behind (one: Background) : Trace =
    match one with
    | Area shows -> trace 1 0.0 (Some Fill.ToSelf) (line shows shows)
    | Thin shows -> trace 1 1.0 None (line shows shows)

let private yAxis (panel: Panel) =
    LinearAxis.init (
        FixedRange = true,
        NTicks = 4,
        TickFormat = panel.Format,
        TickSuffix = panel.Suffix,
        ZeroLine = true,
        RangeMode = RangeMode.ToZero,
        AxisType =
            (if panel.IsLogarithmic then
                 AxisType.Log
             else
                 AxisType.Linear),
        ?Range = (panel.Most |> Option.map (fun most -> Range.ofMinMax (0.0, most)))
    )

/// The figure as JSON: traces, layout and configuration of the drawing library. Behind the panels is when it was down, when it
/// restarted, and more.
let figureOver (more: Background list) (seconds: int) (panels: Panel list) : string =
    let traces = [
        yield! List.map behind (Area "down" :: Thin "rescales" :: more)

        for place, panel in List.indexed panels do
            for one in panel.Lines do
                trace (axisOf place) 1.5 None one
    ]

    let behindAll = LinearAxis.init (FixedRange = true, Visible = false, Range = Range.ofMinMax (0.0, 1.0))

    let time =
        LinearAxis.init (
            Range = Range.ofMinMax (0.0, float seconds),
            TickMode = TickMode.Array,
            ShowGrid = true,
            ZeroLine = false,
            Anchor = LinearAxisId.Y 1
        )

    let layout =
        (Layout.init (ShowLegend = false, HoverMode = HoverMode.False, DragMode = DragMode.Zoom)
         |> Layout.setLinearAxis (SubPlotId.XAxis 1, time)
         |> Layout.setLinearAxis (SubPlotId.YAxis 1, behindAll),
         List.indexed panels)
        ||> List.fold (fun layout (place, panel) ->
            layout |> Layout.setLinearAxis (SubPlotId.YAxis(axisOf place), yAxis panel))

    GenericChart.ofTraceObjects false traces
    |> GenericChart.setLayout layout
    |> GenericChart.setConfig (Config.init (DisplayModeBar = false, Responsive = false))
    |> GenericChart.toFigureJson

let figure = figureOver []

/// What the script has to know about the panels, as JSON.
let description (panels: Panel list) : string =
    panels
    |> List.mapi (fun place panel ->
        dict [
            "axis", box $"yaxis{axisOf place}"
            "title", panel.Title
            "height", panel.Height
            "optional", panel.IsOptional
            "collapsed", panel.IsOptional
        ])
    |> JsonSerializer.Serialize

/// The figure of the front, as JSON: the clairvoyant's line, and the runs as marks with their names.
let front () : string =
    let axis (title: string) (format: string) =
        LinearAxis.init (
            Title = Title.init title,
            TickFormat = format,
            RangeMode = RangeMode.ToZero,
            FixedRange = true,
            ZeroLine = false
        )

    let traces: Trace list = [
        for name, mode in [ "clairvoyant", Mode.Lines_Markers; "runs", Mode.Markers_Text ] do
            Trace2D.initScatter (
                Trace2DStyle.Scatter(Name = name, Meta = name, Mode = mode, HoverInfo = HoverInfo.Text)
            )
    ]

    GenericChart.ofTraceObjects false traces
    |> GenericChart.setLayout (
        Layout.init (ShowLegend = false, HoverMode = HoverMode.Closest, DragMode = DragMode.False)
        |> Layout.setLinearAxis (SubPlotId.XAxis 1, axis "instance-hours" "~g")
        |> Layout.setLinearAxis (SubPlotId.YAxis 1, axis "time above objective" ",.1%")
    )
    |> GenericChart.setConfig (Config.init (DisplayModeBar = false, Responsive = false))
    |> GenericChart.toFigureJson
