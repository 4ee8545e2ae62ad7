/// What the scripts of a page read. It stands in the page once: panels, tables and CSV are made from it.
module internal Kta.Functional.Reports.PageData

open System
open System.Buffers
open System.Text
open System.Text.Encodings.Web
open System.Text.Json
open Kta.Functional

/// JSON text of an object.
let object (write: Utf8JsonWriter -> unit) : string =
    let buffer = ArrayBufferWriter<byte>()
    let options = JsonWriterOptions(Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping)

    using (new Utf8JsonWriter(buffer, options)) (fun writer ->
        writer.WriteStartObject()
        write writer
        writer.WriteEndObject())

    Encoding.UTF8.GetString buffer.WrittenSpan

/// The number with six significant digits, which is more than a screen or a decision needs.
let rounded (number: float) : float =
    if number = 0.0 then
        0.0
    else
        let digits = 5 - int (floor (log10 (abs number)))

        if digits >= 0 then
            Math.Round(number, min digits 15)
        else
            Math.Round number

let number (writer: Utf8JsonWriter) (number: float) =
    if Double.IsFinite number then
        writer.WriteNumberValue(rounded number)
    else
        writer.WriteNullValue()

let list (writer: Utf8JsonWriter) (name: string) (values: seq<'T>) (write: 'T -> unit) =
    writer.WriteStartArray name
    Seq.iter write values
    writer.WriteEndArray()

let private row (writer: Utf8JsonWriter) (write: unit -> unit) =
    writer.WriteStartArray()
    write ()
    writer.WriteEndArray()

/// The nodes, the changes and these columns of what happened.
let course (writer: Utf8JsonWriter) (columns: string list) (course: Course) =
    let series = course.Series
    writer.WriteNumber("width", series.Width)
    writer.WriteNumber("seconds", series.Seconds)
    list writer "nodes" course.Nodes (fun node -> writer.WriteStringValue(Phrase.node node))
    list writer "start" course.Start writer.WriteNumberValue

    course.Changes
    |> List.scan (fun (_, before, _) (at, now) -> at, now, before) (0.0, course.Start, course.Start)
    |> List.tail
    |> fun changes ->
        list writer "changes" changes (fun (at, now, before) ->
            row writer (fun () ->
                number writer at

                for i in 0 .. now.Length - 1 do
                    if now[i] <> before[i] then
                        writer.WriteNumberValue i
                        writer.WriteNumberValue now[i]))

    list writer "down" series.Down (fun (from, until) ->
        row writer (fun () ->
            writer.WriteNumberValue from
            writer.WriteNumberValue until))

    writer.WriteStartObject "columns"

    for name, values in series.Columns do
        if List.contains name columns then
            list writer name values (number writer)

    writer.WriteEndObject()

let private isChange (before: int array) (decisions: Decided list) =
    decisions |> List.exists (fun one -> one.Applied <> before[one.Place])

/// Numbers of iterations times nodes, and of characters of reasons, that keep a page small.
let private mostNumbers, private mostCharacters = 30_000, 500_000

/// The places of the iterations a page holds: all, or those with changes, their neighbours, and some of the others.
let private chosen (most: int) (isChanged: bool array) : int list =
    let count = isChanged.Length

    let rank (i: int) =
        if isChanged[i] then
            0
        elif (i > 0 && isChanged[i - 1]) || (i + 1 < count && isChanged[i + 1]) then
            1
        else
            2

    let evenly (room: int) (places: int list) =
        if places.Length <= room then
            places
        else
            let all = Array.ofList places
            [ for k in 0 .. room - 1 -> all[int (int64 k * int64 all.Length / int64 room)] ]

    ([], [ 0; 1; 2 ])
    ||> List.fold (fun taken wanted ->
        let places = [ 0 .. count - 1 ] |> List.filter (fun i -> rank i = wanted)
        evenly (most - taken.Length) places @ taken)
    |> List.sort

let private quantities = [
    Quantity.Busy
    Quantity.BackPressured
    Quantity.RecordsIn
    Quantity.TrueProcessingRate
    Quantity.ArrivalRate
    Quantity.Lag
]

/// What was measured about a node; shares in thousandths, and nothing behind the last number there is.
let private measured (writer: Utf8JsonWriter) (numbers: NodeMeasurements) =
    let values =
        quantities
        |> List.map (fun quantity -> quantity, numbers[quantity].Value |> Option.ofNullable)

    let known =
        1
        + (values |> List.tryFindIndexBack (snd >> Option.isSome) |> Option.defaultValue -1)

    row writer (fun () ->
        for quantity, value in List.truncate known values do
            match quantity, value with
            | _, None -> writer.WriteNullValue()
            | (Quantity.Busy | Quantity.BackPressured), Some share ->
                writer.WriteNumberValue(Math.Round(1000.0 * share))
            | _, Some value -> writer.WriteNumberValue(Math.Round(value, if value < 100.0 then 2 else 0)))

/// The iterations: what was measured, decided, and why.
let iterations (writer: Utf8JsonWriter) (course: Course) =
    let all = course.Turns
    let decisions = all |> Array.map _.Decided
    let isChanged = all |> Array.map (fun one -> isChange one.Before one.Decided)
    let places = chosen (max 1 (mostNumbers / course.Nodes.Length)) isChanged

    // Those of changes first, where not all reasons have room.
    let explained =
        let room = ref mostCharacters

        places
        |> List.sortBy (fun i -> (if isChanged[i] then 0 else 1), i)
        |> List.filter (fun i ->
            room.Value <-
                room.Value
                - (decisions[i] |> List.sumBy (fun one -> one.Reasons |> List.sumBy String.length))

            room.Value >= 0)
        |> Set

    writer.WriteNumber("iterationCount", all.Length)

    list writer "iterations" places (fun i ->
        writer.WriteStartObject()
        writer.WriteNumber("n", all[i].Number)
        writer.WriteNumber("at", all[i].At)
        list writer "p" all[i].Before writer.WriteNumberValue
        list writer "m" all[i].Measured (measured writer)

        list writer "d" decisions[i] (fun one ->
            row writer (fun () ->
                for number in
                    [
                        one.Place
                        one.Planned
                        one.Applied
                        Convert.ToInt32 one.IsHeldBack
                        Convert.ToInt32 one.LacksData
                    ] do
                    writer.WriteNumberValue number

                row writer (fun () ->
                    for reason in one.Reasons do
                        writer.WriteStringValue(
                            if explained.Contains i then
                                reason
                            else
                                "left out: all reasons would make the page too large"
                        ))))

        if not all[i].Shadows.IsEmpty then
            list writer "s" all[i].Shadows (fun (rule, place, count) ->
                row writer (fun () ->
                    for number in [ rule; place; count ] do
                        writer.WriteNumberValue number))

        writer.WriteEndObject())
