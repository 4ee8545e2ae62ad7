module Kta.Cli.Tests.Reports.ReportTests

open System
open System.Collections.Generic
open System.Globalization
open System.IO
open System.Text.Json
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.Simulation
open Kta.Functional.Reports

/// The JSON a page holds under an id.
let dataOf (id: string) (page: string) : JsonElement =
    let found =
        Regex.Match(page, $"""<script type="application/json" id="{id}">(.*?)</script>""", RegexOptions.Singleline)

    JsonDocument.Parse(found.Groups[1].Value).RootElement

/// The figures of a page with all their digits, in the order they stand there.
let figuresOf (page: string) : (string * float) list = [
    for found in Regex.Matches(page, """data-figure="(\w+)" data-value="([^"]+)">""") do
        found.Groups[1].Value, Double.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture)
]

let numbers (element: JsonElement) : float list = [ for one in element.EnumerateArray() -> one.GetDouble() ]

/// The page without the drawing library, whose text is not ours.
let withoutLibrary (page: string) : string =
    let start = page.IndexOf("<script>/**", StringComparison.Ordinal)
    let finish = page.IndexOf("</script>", start, StringComparison.Ordinal)
    page.Remove(start, finish - start)

/// Places of a page that make a browser fetch something.
let fetches (page: string) : string list =
    let reaches = [
        """<(?:script|img|iframe|link|source|embed|object|audio|video)\b[^>]*\b(?:src|href|data)\s*="""
        """@import|url\(|\bfetch\(|XMLHttpRequest|\bimport\s*\(|sourceMappingURL|@font-face|EventSource|WebSocket"""
        """(?:href|src|action)="(?:https?:)?//"""
    ]

    [
        for pattern in reaches do
            for found in Regex.Matches(withoutLibrary page, pattern) do
                found.Value
    ]

/// A page is too long to be shown where a text is missing.
let private has (page: string) (text: string) =
    Expect.isTrue (page.Contains(text, StringComparison.Ordinal)) $"the page has: {text}"

let private details (clairvoyant: ClairvoyantOptimum) =
    ReportDetails(
        clairvoyant = clairvoyant,
        settings = [ KeyValuePair("catchUp", "120s"); KeyValuePair("spareCapacity", "0.05") ],
        commandLine = "kta simulate orders.yaml --set catchUp=120s",
        applicationText = "name: orders # as it was read"
    )

let private clairvoyant = lazy ClairvoyantOptimum.Of Runs.orders
let private page = lazy RunReport.ToHtml(Runs.run.Value, details clairvoyant.Value)
let private plain = lazy RunReport.ToHtml Runs.run.Value

let private nearly (expected: float) (actual: float) = abs (expected - actual) <= 1e-5 * max 1e-9 (abs expected)

let tests =
    testList "The report of a run" [
        test "has the figures of the run, with all their digits" {
            let figures = RunFigures.Of(Runs.run.Value, clairvoyant.Value)
            let shown = Map(figuresOf page.Value)

            for name, value in
                [
                    "instanceHours", figures.InstanceHours
                    "timeAboveObjective", figures.TimeAboveObjective
                    "rescales", float figures.Rescales
                    "rescalesUp", float figures.RescalesUp
                    "rescalesDown", float figures.RescalesDown
                    "longestViolationSeconds", (Option.ofObj figures.LongestViolation).Value.Length.TotalSeconds
                    "downtimeSeconds", figures.DowntimeSeconds
                    "meanLagSeconds", figures.MeanLagSeconds
                    "maxLagSeconds", figures.MaxLagSeconds
                    "meanLatencySeconds", figures.MeanLatencySeconds
                    "p99LatencySeconds", figures.P99LatencySeconds
                    "overProvisioned", figures.OverProvisioned
                    "underProvisioned", figures.UnderProvisioned
                    "oscillations", float figures.Oscillations
                    "staticPeakInstanceHours", figures.StaticPeakInstanceHours.Value
                    "clairvoyantInstanceHours", figures.ClairvoyantInstanceHours.Value
                    "j", figures.J
                ] do
                Expect.equal shown[name] value name
        }

        test "begins with a sentence, and links each large figure to where it happened" {
            let longest = (Option.ofObj Runs.run.Value.Figures.LongestViolation).Value
            let first = longest.From.TotalSeconds

            has page.Value "scaled orders, 3 operators under cosine 50k…250k/s, for 2 h 20 min"

            has page.Value $"href=\"#t={first}-{first + longest.Length.TotalSeconds}\""
            has page.Value "× clairvoyant"
            Expect.isFalse (plain.Value.Contains "× clairvoyant") "no yardstick that was not given"
        }

        test "holds every second of two hours" {
            let data = dataOf "data" page.Value
            let columns = data.GetProperty "columns"
            let samples = Runs.run.Value.Samples
            Expect.equal (data.GetProperty("width").GetInt32()) 1 "one point is one second"

            for name, number in
                [
                    "rate", (fun (one: RunSample) -> one.Rate)
                    "lagSeconds", _.LagSeconds
                    "lag", _.Lag
                    "latencySeconds", _.LatencySeconds
                    "instances", (fun one -> float one.Instances)
                    "needed", (fun one -> float one.Needed)
                    "over", (fun one -> float one.Over)
                    "under", (fun one -> float one.Under)
                    "down", (fun one -> if one.IsDown then 1.0 else 0.0)
                ] do
                let expected = samples |> Seq.map number |> List.ofSeq
                let actual = numbers (columns.GetProperty name)
                Expect.equal actual.Length expected.Length name
                Expect.isTrue (List.forall2 nearly expected actual) name
        }

        test "has the capacity of the narrowest operator, as what the sources could take in" {
            let capacity = numbers ((dataOf "data" page.Value).GetProperty("columns").GetProperty "capacity")
            let run = Runs.run.Value
            let demand = Runs.orders.Demand(dict [ TopologyNode.Flink "source" :> TopologyNode, 1.0 ] |> Dictionary)

            let of' (plan: IReadOnlyDictionary<TopologyNode, int>) =
                Runs.orders.Operators
                |> Seq.map (fun one -> one.CapacityAt plan[one.Node] / demand[one.Node])
                |> Seq.min

            Expect.isTrue (nearly (of' run.Start) capacity[0]) "at the start"

            for change in run.Changes do
                let second = int change.At.TotalSeconds
                Expect.isTrue (nearly (of' change.From) capacity[second - 1]) $"before {change.At}"
                Expect.isTrue (nearly (of' change.To) capacity[second]) $"from {change.At} on"
        }

        test "holds every iteration: what was measured, decided, and why" {
            let run = Runs.run.Value
            let map = TopologyNode.Flink "map" :> TopologyNode
            let iterations = [ for one in (dataOf "data" page.Value).GetProperty("iterations").EnumerateArray() -> one ]
            Expect.equal iterations.Length run.Iterations.Count "all"
            let changed = run.Iterations |> Seq.findIndex (fun one -> one.Before[map] <> one.Plan[map])
            let expected, actual = run.Iterations[changed], iterations[changed]

            let decided =
                actual.GetProperty("d").EnumerateArray()
                |> Seq.find (fun one -> one[0].GetInt32() = 1)

            Expect.equal (actual.GetProperty("at").GetDouble()) expected.At.TotalSeconds "at"
            Expect.equal (decided[1].GetInt32()) expected.Plan[map] "planned"

            Expect.equal
                [ for reason in decided[5].EnumerateArray() -> string (reason.GetString()) ]
                [
                    for node in (Option.ofObj expected.Explanation).Value.Nodes do
                        if node.Node = map then
                            yield! node.Reasons |> Seq.map string
                ]
                "reasons"
        }

        test "says how to repeat it" {
            for text in
                [
                    "kta simulate orders.yaml --set catchUp=120s"
                    "<dt>catchUp</dt><dd>120s</dd>"
                    "<dt>seed</dt><dd>1</dd>"
                    "<dt>Kta.Functional</dt>"
                    "name: orders # as it was read"
                ] do
                has page.Value text

            has plain.Value "<dt>sources</dt><dd>cosine 50k…250k/s</dd>"
        }

        test "asks nothing of any host" {
            Expect.equal (fetches page.Value) [] "what a browser would fetch"
            has page.Value "default-src &#39;none&#39;"
        }

        test "shows names and reasons as they are, whatever stands in them" {
            let page =
                RunReport.ToHtml(
                    Runs.ofEvilNames.Value,
                    ReportDetails(commandLine = Runs.evil, applicationText = Runs.evil)
                )

            Expect.isFalse (page.Contains Runs.evil) "nothing ends an element"
            let data = dataOf "data" page
            let first (element: JsonElement) = element.EnumerateArray() |> Seq.head
            let node = first (data.GetProperty "nodes")
            Expect.equal (node.GetString()) (Runs.evil.Replace("=", "")) "a node"
            let iteration = first (data.GetProperty "iterations")
            let decided = first (iteration.GetProperty "d")
            let reason = first (decided[5])
            Expect.equal (reason.GetString()) Runs.evil "a reason"
        }

        test "is the same page for the same run" {
            Expect.isTrue (RunReport.ToHtml Runs.run.Value = plain.Value) "page"
        }

        test "stays under 6 MB for a day of twenty nodes, and shows all its iterations" {
            let page = RunReport.ToHtml Runs.day.Value
            Expect.isLessThan (Text.Encoding.UTF8.GetByteCount page) 6_000_000 "bytes"
            let data = dataOf "data" page
            Expect.equal (data.GetProperty("width").GetInt32()) 10 "seconds in a point"
            Expect.equal (data.GetProperty("iterations").GetArrayLength()) Runs.day.Value.Iterations.Count "iterations"
            let lags = numbers (data.GetProperty("columns").GetProperty "lagSeconds")
            Expect.isTrue (nearly Runs.day.Value.Figures.MaxLagSeconds (List.max lags)) "the worst is not smoothed away"
        }

        test "is written to a file, from C# and F# alike" {
            let folder = Directory.CreateTempSubdirectory "kta-report-"

            try
                let file name = Path.Combine(folder.FullName, name)
                Runs.run.Value.WriteReport(file "a.html")
                Runs.run.Value |> Report.write (file "b.html")
                Expect.isTrue (File.ReadAllText(file "a.html") = plain.Value) "the extension"
                Expect.isTrue (File.ReadAllText(file "b.html") = plain.Value) "the function"

                Expect.throwsT<DirectoryNotFoundException>
                    (fun () -> Runs.run.Value.WriteReport(file "no/such/folder.html"))
                    "a folder that is not there"
            finally
                folder.Delete true
        }
    ]
