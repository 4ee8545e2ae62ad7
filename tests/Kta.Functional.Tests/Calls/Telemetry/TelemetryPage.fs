/// The page that promises what is measured, as data.
module Kta.Functional.Tests.Telemetry.TelemetryPage

open System
open System.Diagnostics.Metrics
open System.Text.RegularExpressions
open Kta.Functional.Tests

let private page = Repository.read "docs/telemetry.md"

/// The rows of the tables of a section, without their heads.
let private rows (section: string) : string list list =
    let start = page.IndexOf $"\n## {section}\n" + 1

    let ending =
        match page.IndexOf("\n## ", start) with
        | -1 -> page.Length
        | place -> place

    page.Substring(start, ending - start).Split '\n'
    |> Seq.filter (fun line -> line.StartsWith "| `")
    |> Seq.map (fun line -> [ for cell in line.Trim('|', ' ').Split '|' -> cell.Trim() ])
    |> List.ofSeq

let private code (text: string) = [ for found in Regex.Matches(text, "`([^`]+)`") -> found.Groups[1].Value ]

type Promise = {
    Name: string
    Kind: string
    Unit: string
    Attributes: string list
    Text: string
}

let private promises (section: string) = [
    for row in rows section do
        if row.Length = 4 then
            let kind = row[1].Split(", `")

            {
                Name = (code row[0]).Head
                Kind = kind[0]
                Unit = kind[1].TrimEnd '`'
                Attributes = code row[2] |> List.filter (fun name -> name.Contains '.')
                Text = row[3]
            }
]

let ofSteps = promises "Steps"
let ofCalls = promises "Calls of a server"

let private firstCodes section (isOne: string -> bool) = [
    for row in rows section do
        let name = (code row[0]).Head

        if isOne name then
            name
]

/// Why calls are refused, with their status.
let refusals = [
    for row in rows "Calls of a server" do
        if row.Length = 3 then
            (code row[0]).Head, row[1]
]

let attributes = firstCodes "Attributes" (fun _ -> true)
let private inSpans = firstCodes "Spans" (fun _ -> true)
let spans = inSpans |> List.takeWhile ((<>) "kta.step")
let spanAttributes = inSpans |> List.skip spans.Length

/// How the page calls what an instrument is.
let kindOf (instrument: Instrument) =
    match instrument.GetType().Name.Split('`')[0] with
    | "Histogram" -> "histogram"
    | "UpDownCounter" -> "up-down counter"
    | "Counter" -> "counter"
    | "Gauge" -> "gauge"
    | other -> failwith $"The page has no word for a {other}."

/// What is asked of Prometheus.
let queries = [
    for block in Regex.Matches(page, "```promql\n(.*?)```", RegexOptions.Singleline) -> block.Groups[1].Value.Trim()
]
