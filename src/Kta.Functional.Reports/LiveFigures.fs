/// How good a live run was, as far as one can tell who was not inside.
module internal Kta.Functional.Reports.LiveFigures

open System
open System.Globalization
open Giraffe.ViewEngine
open Kta.Functional.Reports.LiveCourse
open Kta.Functional.Reports.Phrase

/// Moments of the calendar, all with the offset from UTC that this machine has at the beginning.
let calendar (live: Live) (at: DateTimeOffset) =
    at
        .ToOffset(TimeZoneInfo.Local.GetUtcOffset live.Start)
        .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)

let offset (live: Live) =
    let at = live.Start.ToOffset(TimeZoneInfo.Local.GetUtcOffset live.Start)
    "UTC" + at.ToString("zzz", CultureInfo.InvariantCulture)

let column (live: Live) (name: string) = live.Course.Series.Columns |> List.tryFind (fst >> (=) name) |> Option.map snd

/// The share of the time that was measured, and the longest piece of it.
let private lateness (live: Live) (objective: TimeSpan) =
    let length (one: LiveNumbers.Told) = one.To - one.From
    let late = live.Lags |> List.filter (fun one -> one.Value > objective.TotalSeconds)

    let longest =
        late
        |> List.fold
            (fun (pieces: LiveNumbers.Told list) one ->
                match pieces with
                | last :: others when one.From <= last.To -> { last with To = one.To } :: others
                | _ -> one :: pieces)
            []
        |> List.sortByDescending length
        |> List.tryHead

    if live.Lags.IsEmpty then
        None
    else
        Some(List.sumBy length late / max 1.0 (List.sumBy length live.Lags), longest)

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

let create (run: LiveRun) (live: Live) =
    let down = run.Events |> Seq.sumBy _.Took.TotalSeconds

    div [ _class "figures" ] [
        let hours = instanceHours live
        RunPage.large "instance-hours" "instanceHours" hours (fixedTo 1 hours) "#t=0" []

        match run.Objective |> Option.ofNullable |> Option.bind (lateness live) with
        | Some(share, longest) ->
            let objective = run.Objective.Value

            let first, last =
                longest
                |> Option.map (fun one -> int one.From, int one.To)
                |> Option.defaultValue (0, 0)

            let length = TimeSpan.FromSeconds(float (last - first))

            RunPage.large "above objective" "timeAboveObjective" share (percent share) $"#t={first}" [
                $"lag > {duration objective}, of the time it was measured"
            ]

            RunPage.large
                "longest violation"
                "longestViolationSeconds"
                length.TotalSeconds
                (if longest.IsNone then "none" else duration length)
                $"#t={first}-{last}"
                [
                    if longest.IsSome then
                        $"from {calendar live (live.Start.AddSeconds(float first))} on"
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
