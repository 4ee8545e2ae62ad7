/// Numbers, times and applications in words.
module internal Kta.Functional.Reports.Phrase

open System
open System.Globalization
open Kta.Functional
open Kta.Functional.Simulation

let private invariant = CultureInfo.InvariantCulture

/// A number with so many digits behind the point, thousands grouped.
let fixedTo (digits: int) (number: float) = number.ToString("N" + string digits, invariant)

/// A number that is small as it is, a large one in thousands or millions.
let short (number: float) =
    let size = abs number

    if size >= 1e6 then
        (number / 1e6).ToString("0.##", invariant) + "M"
    elif size >= 1e4 then
        (number / 1e3).ToString("0", invariant) + "k"
    elif size >= 1e3 then
        (number / 1e3).ToString("0.#", invariant) + "k"
    else
        number.ToString("0.##", invariant)

let percent (share: float) = (100.0 * share).ToString("0.0", invariant) + " %"

/// A length of time: `2 h 20 min`, `2 min 12 s`, `45 s`.
let duration (time: TimeSpan) =
    let parts = [ int64 time.TotalHours, "h"; int64 time.Minutes, "min"; int64 time.Seconds, "s" ]

    match parts |> List.filter (fun (number, _) -> number > 0L) |> List.truncate 2 with
    | [] -> "0 s"
    | some -> some |> List.map (fun (number, unit) -> $"{number} {unit}") |> String.concat " "

/// A moment since the start: `01:42:10`.
let moment (time: TimeSpan) =
    String.Format(invariant, "{0:00}:{1:00}:{2:00}", int64 time.TotalHours, time.Minutes, time.Seconds)

let count (number: int) (one: string) (many: string) =
    if number = 1 then
        $"1 {one}"
    else
        $"{fixedTo 0 (float number)} {many}"

let node (node: TopologyNode) = node.ToString()

/// What arrives: `cosine 50k…250k/s`, of several sources with their names.
let load (application: Application) =
    match List.ofSeq application.Sources with
    | [ only ] -> string only.Value
    | several ->
        several
        |> List.map (fun source -> $"{node source.Key}: {source.Value}")
        |> String.concat ", "

/// What is too late: `lag > 10 s or latency > 2 s`.
let objective (objective: ServiceObjective) =
    let lag = $"lag > {duration objective.Lag}"

    match Option.ofNullable objective.Latency with
    | Some latency -> $"{lag} or latency > {duration latency}"
    | None -> lag
