/// Quantities as people write them in settings: a unit is part of a time, for "30" means seconds to one and days to another.
module internal Kta.Functional.Http.Units

open System
open System.Globalization

let private decimal (text: string) =
    match Decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) with
    | true, value -> ValueSome value
    | _ -> ValueNone

/// The number and the unit behind it.
let private split (text: string) =
    let isOfNumber c = Char.IsAsciiDigit c || c = '.'
    let length = text |> Seq.takeWhile isOfNumber |> Seq.length
    text.Substring(0, length), text.Substring(length).Trim()

let private ticksOf (unit: string) =
    match unit with
    | "ms" -> ValueSome TimeSpan.TicksPerMillisecond
    | "s" -> ValueSome TimeSpan.TicksPerSecond
    | "m"
    | "min" -> ValueSome TimeSpan.TicksPerMinute
    | "h" -> ValueSome TimeSpan.TicksPerHour
    | "d" -> ValueSome TimeSpan.TicksPerDay
    | _ -> ValueNone

let private bytesOf (unit: string) =
    match unit with
    | "" -> ValueSome 1L
    | "k"
    | "kB" -> ValueSome 1_000L
    | "M"
    | "MB" -> ValueSome 1_000_000L
    | "G"
    | "GB" -> ValueSome 1_000_000_000L
    | "Ki"
    | "KiB" -> ValueSome(1L <<< 10)
    | "Mi"
    | "MiB" -> ValueSome(1L <<< 20)
    | "Gi"
    | "GiB" -> ValueSome(1L <<< 30)
    | _ -> ValueNone

let private times (number: string) (unit: int64 voption) : int64 voption =
    match decimal number, unit with
    | ValueSome number, ValueSome unit when number <= Decimal Int64.MaxValue / Decimal unit ->
        ValueSome(Decimal.ToInt64(number * Decimal unit))
    | _ -> ValueNone

/// 4.5s, 200ms, 1h, or 00:00:04.5.
let time (text: string) : TimeSpan voption =
    if text.Contains ':' then
        match TimeSpan.TryParse(text, CultureInfo.InvariantCulture) with
        | true, value -> ValueSome value
        | _ -> ValueNone
    else
        let number, unit = split text
        times number (ticksOf unit) |> ValueOption.map TimeSpan.FromTicks

/// 1048576, 512Mi, 1.5GiB, 30MB.
let bytes (text: string) : int64 voption =
    let number, unit = split text
    times number (bytesOf unit)

let whole (text: string) : int voption =
    match Int32.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) with
    | true, value -> ValueSome value
    | _ -> ValueNone
