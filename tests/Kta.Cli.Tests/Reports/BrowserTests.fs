/// The pages in a real browser. Where there is none, the tests are skipped.
module Kta.Cli.Tests.Reports.BrowserTests

open System
open System.IO
open System.Threading.Tasks
open Expecto
open Kta.Functional.Reports
open Kta.Cli.Tests.Reports.Browser

/// Opens a file in every way a reader may, and looks at it.
let private visit (file: string) (look: Page -> Task<unit>) : Task<unit> = task {
    use! page = Page.Start()

    for width, hasTouch in [ 1280, false; 400, true ] do
        for scheme in [ "light"; "dark" ] do
            do! page.LooksLike width scheme hasTouch
            do! page.Open file
            let! overflow = page.Text "document.documentElement.scrollWidth > innerWidth"
            Expect.equal overflow "False" $"nothing sticks out at {width} pixels"
            do! look page

    Expect.equal page.Problems [] "nothing goes wrong in the page"

    let strangers =
        page.Requests
        |> List.filter (fun one -> not (one.StartsWith "data:" || one.StartsWith "file:"))

    Expect.equal strangers [] "nothing is asked of the network"
}

let inBrowser (name: string) (html: Lazy<string>) (look: Page -> Task<unit>) = testTask name {
    if installed.IsNone then
        skiptest "Needs Chromium: apt-get install chromium"

    let file = Path.Combine(Path.GetTempPath(), $"kta-{Guid.NewGuid()}.html")
    File.WriteAllText(file, html.Value)

    try
        do! visit file look
    finally
        File.Delete file
}

/// The middle of the panels on the screen.
let private middle (page: Page) = task {
    let! _ = page.Evaluate "document.getElementById('panels').scrollIntoView({ block: 'center' })"

    let! box =
        page.Evaluate
            "(() => { const b = document.getElementById('panels').getBoundingClientRect(); return [b.x, b.y, b.width, b.height]; })()"

    let at (place: int) = box[place].GetDouble()
    return at 0 + at 2 / 2.0, at 1 + at 3 / 2.0
}

let private mouse (page: Page) (kind: string) (x: float) (y: float) (clicks: int) = task {
    let! _ =
        page.Send "Input.dispatchMouseEvent" {|
            ``type`` = kind
            x = x
            y = y
            button = (if kind = "mouseMoved" && clicks = 0 then "none" else "left")
            buttons = (if clicks > 0 && kind <> "mouseReleased" then 1 else 0)
            clickCount = clicks
        |}

    return ()
}

let private key (page: Page) (name: string) = task {
    for kind in [ "keyDown"; "keyUp" ] do
        let! _ =
            page.Send "Input.dispatchKeyEvent" {|
                ``type`` = kind
                key = name
                text = (if name.Length = 1 then name else "")
            |}

        ()
}

let private moment (page: Page) = page.Text "document.getElementById('moment').textContent"
let private range (page: Page) = page.Text "panels.range().join()"

let expectText (page: Page) (expression: string) (expected: string) = task {
    let! actual = page.Text expression
    Expect.equal actual expected expression
}

/// Cursor and zoom, as every page with panels has them.
let movesAndZooms (first: string) (duration: int) (page: Page) = task {
    let! isTouch = page.Text "matchMedia('(pointer: coarse)').matches"
    let! x, y = middle page
    let whole = $"0,{duration}"
    let! before = moment page

    if isTouch = "True" then
        for kind, points in [ "touchStart", [ {| x = x; y = y |} ]; "touchEnd", [] ] do
            let! _ =
                page.Send "Input.dispatchTouchEvent" {|
                    ``type`` = kind
                    touchPoints = points
                |}

            ()
    else
        do! mouse page "mouseMoved" x y 0

    let! pointed = moment page
    Expect.notEqual pointed before "the cursor follows"
    do! expectText page "document.querySelector('.cursor').hidden" "False"

    do! expectText page "document.getElementById('panels').focus(), document.activeElement.id" "panels"
    do! key page "Home"
    let! start = moment page
    Expect.stringStarts start first "at the start"
    do! key page "ArrowRight"
    let! stepped = moment page
    Expect.notEqual stepped start "a key moves it"

    do! key page "+"
    let! zoomed = range page
    Expect.notEqual zoomed whole "a key zooms in"
    do! key page "0"
    do! expectText page "panels.range().join()" whole

    if isTouch <> "True" then
        do! mouse page "mousePressed" x y 1

        for step in 1..5 do
            do! mouse page "mouseMoved" (x + 40.0 * float step) y 1

        do! mouse page "mouseReleased" (x + 200.0) y 1
        let! dragged = range page
        Expect.notEqual dragged whole "dragging zooms in"

        for clicks in [ 1; 2 ] do
            do! mouse page "mousePressed" x y clicks
            do! mouse page "mouseReleased" x y clicks

        do! expectText page "panels.range().join()" whole
}

let private report =
    lazy RunReport.ToHtml(Runs.run.Value, ReportDetails(commandLine = "kta simulate orders.yaml"))

let private comparison =
    lazy ComparisonReport.ToHtml("Three rules", ComparisonTests.runs.Value, ComparisonTests.front.Value)

let private reportWorks (page: Page) = task {
    do! expectText page "document.querySelectorAll('#panels .label').length" "3"

    do!
        expectText
            page
            "document.querySelectorAll('#rows > tr.changed').length"
            (string Runs.run.Value.Figures.Rescales)

    do! movesAndZooms "00:00:00: " 8400 page

    // Busy and back-pressure open on demand.
    let! _ = page.Evaluate "document.getElementById('more-panels').click()"
    do! expectText page "document.querySelectorAll('#panels .label').length" "5"

    // A large figure leads to where it happened.
    let! _ =
        page.Evaluate
            "followed = new Promise(done => addEventListener('hashchange', () => setTimeout(done))); document.querySelector('a[href*=\"-\"].figure').click(); followed"

    let longest = (Option.ofObj Runs.run.Value.Figures.LongestViolation).Value
    do! expectText page "panels.now()" (string longest.From.TotalSeconds)

    // A row opens to its reasons and measurements.
    let! _ = page.Evaluate "document.querySelector('#rows button').click()"
    do! expectText page "document.querySelector('#rows button').getAttribute('aria-expanded')" "true"
    do! expectText page "document.querySelector('#rows .more:not([hidden]) tbody').rows.length" "3"

    let! _ = page.Evaluate "document.getElementById('changed').click()"

    do!
        expectText
            page
            "document.querySelectorAll('#rows > tr:not(.more)').length"
            (string Runs.run.Value.Iterations.Count)

    // The CSV is what was simulated.
    let! csv = page.Text "csvOfSeconds()"
    let lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)

    Expect.equal
        lines[0]
        "second,rate,capacity,lagSeconds,lag,latencySeconds,instances,needed,over,under,down,source,map,agg"
        "head"

    Expect.equal lines.Length (1 + Runs.run.Value.Samples.Count) "lines"

    for second in [ 0; 2500; 8399 ] do
        let sample = Runs.run.Value.Samples[second]
        let cells = lines[second + 1].Split ',' |> Array.map float
        Expect.equal cells[0] (float second) "second"
        Expect.floatClose Accuracy.low cells[1] sample.Rate "rate"
        Expect.equal cells[6] (float sample.Instances) "instances"
        Expect.equal (Array.sum cells[11..]) (float sample.Instances) "the nodes' instances"
}

let private comparisonWorks (page: Page) = task {
    do! expectText page "document.querySelectorAll('#panels .label').length" "3"
    do! expectText page "document.querySelectorAll('table.runs tbody tr').length" "3"
    do! expectText page "document.querySelectorAll('#front .point').length > 3" "True"
    do! movesAndZooms "00:00:00: " 8400 page
    let! _ = page.Evaluate "document.querySelector('input[data-run=\"1\"]').click()"
    let! sentence = moment page
    Expect.isFalse (sentence.Contains "ds2") "what is not chosen is not shown"
}

let tests =
    testSequenced (
        testList "Pages in a browser" [
            inBrowser "a report works in light and dark, wide and narrow" report reportWorks
            inBrowser "a comparison works in light and dark, wide and narrow" comparison comparisonWorks

            inBrowser
                "a page runs no script that stands in a name"
                (lazy RunReport.ToHtml Runs.ofEvilNames.Value)
                (fun page -> task {
                    do! expectText page "document.querySelector('h1').textContent" $"{Runs.evil} · {Runs.evil}"
                    do! expectText page "document.querySelectorAll('main b:not(.label b):not(.more b)').length" "0"
                })
        ]
    )
