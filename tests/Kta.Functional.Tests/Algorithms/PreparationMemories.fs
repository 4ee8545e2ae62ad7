/// Preparations and rules written with a memory, and what they are tried with.
module Kta.Functional.Tests.Algorithms.PreparationMemories

open System
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Algorithms.Loops

let seconds (n: int) = TimeSpan.FromSeconds(float n)

/// What is measured of a node; nothing of what is missing.
type Sample = {
    Arrivals: int option
    Lag: int option
    IsCounted: bool
}

type Tick = { After: int; Samples: Sample list }

let private sample (level: int) = gen {
    let! noise = Gen.choose (-80, 80)
    let! lag = Gen.frequency [ 3, Gen.constant 0; 2, Gen.choose (1, 20000) ]
    let! missing = Gen.choose (0, 19)
    let! counted = Gen.elements [ true; true; false ]

    return {
        Arrivals = if missing = 0 then None else Some(max 0 (level + noise))
        Lag = if missing = 1 then None else Some lag
        IsCounted = counted
    }
}

let ticks = gen {
    let! count = Gen.choose (2, 20)

    let! levels =
        Gen.listOfLength count (Gen.frequency [ 4, Gen.constant None; 1, Gen.choose (50, 2000) |> Gen.map Some ])

    let levels =
        levels
        |> List.scan (fun now next -> Option.defaultValue now next) 800
        |> List.tail

    let! samples = levels |> List.map (sample >> Gen.listOfLength 3) |> Gen.sequenceToList
    let! after = Gen.listOfLength count (Gen.elements [ 30; 30; 30; 25; 45; 120 ])
    return List.map2 (fun after samples -> { After = after; Samples = samples }) after samples
}

let private number (count: int option) : Reading = count |> Option.map float |> Option.toNullable |> Reading.op_Implicit

let measured (tick: Tick) (isFirst: bool) (current: int list) =
    Measurements.Of [|
        for node, sample, count in Seq.zip3 chain tick.Samples current do
            struct (node,
                    NodeMeasurements(
                        ArrivalRate = number sample.Arrivals,
                        Lag = number sample.Lag,
                        Parallelism =
                            (if sample.IsCounted || isFirst then
                                 number (Some count)
                             else
                                 Reading.Absent)
                    ))
    |]

let private instancesFor (rate: float) = max 1 (int (ceil (rate / 100. - 1e-9)))

/// One instance for each 100 records per second; nothing without a rate.
let hundred =
    Rule.Of(
        "hundred",
        fun now context ->
            let plan = context.Keep now

            (plan, context.Topology)
            ||> Seq.fold (fun plan node ->
                match Option.ofNullable now[node].ArrivalRate.Value with
                | Some rate -> plan.With(node, instancesFor rate)
                | None -> plan.ForLackOfData(node, "no rate"))
    )

/// The same for the largest rate of a minute; nothing goes down before it has seen one.
let patient =
    Rule.Of(
        "patient",
        (fun now context ->
            let past = [ for past in context.History -> context.StartedAt - past.StartedAt, past.Measurements ]
            let isCovered = past |> List.exists (fun (age, _) -> age >= seconds 60)

            (context.Keep now, context.Topology)
            ||> Seq.fold (fun plan node ->
                let rates = [
                    for age, measurements in (TimeSpan.Zero, now) :: past do
                        match Option.ofNullable measurements[node].ArrivalRate.Value with
                        | Some rate when age <= seconds 60 -> rate
                        | _ -> ()
                ]

                match now[node].ArrivalRate.State, rates with
                | ReadingState.Current, _ ->
                    let wanted = instancesFor (List.max rates)
                    plan.With(node, (if isCovered then wanted else max wanted plan[node]))
                | _ -> plan.ForLackOfData(node, "no rate"))),
        HistoryNeeded(0, seconds 60)
    )

/// What a preparation with a memory knows of a node now: its rate, if there is one, and whether enough is known to go down.
type Prepared = {
    Rates: float option list
    IsKnown: bool
}

/// A preparation with a memory, told of every iteration once, in order: the time, the rates, the lags, and what is there.
type Remembering = DateTimeOffset -> Prepared -> int option list -> int list -> Prepared

let catchUp (time: TimeSpan) : Remembering =
    fun _ prepared lags _ -> {
        prepared with
            Rates =
                List.map2
                    (fun (rate: float option) (lag: int option) ->
                        match rate, lag with
                        | Some rate, Some lag -> Some(rate + float lag / time.TotalSeconds)
                        | _ -> None)
                    prepared.Rates
                    lags
    }

let smooth (halfLife: TimeSpan) : Remembering =
    // For each node what was seen since its last change, newest first, and whether that change was seen.
    let mutable seen: ((DateTimeOffset * float option) list * bool * int) list = []

    fun time prepared _ current ->
        let window = 5. * halfLife

        let before =
            if seen.IsEmpty then
                current |> List.map (fun count -> [], false, count)
            else
                List.map2
                    (fun (past, isWhole, was) count ->
                        if was = count then
                            past, isWhole, count
                        else
                            [], true, count)
                    seen
                    current

        let mean (rate: float) (past: (DateTimeOffset * float option) list) =
            let weighted = [
                for at, then' in past do
                    match then' with
                    | Some then' when time - at <= window -> then', Math.Pow(0.5, (time - at) / halfLife)
                    | _ -> ()
            ]

            let sum = weighted |> List.fold (fun sum (then', weight) -> sum + weight * then') rate
            let weight = weighted |> List.fold (fun sum (_, weight) -> sum + weight) 1.
            sum / weight

        let result = {
            prepared with
                Rates =
                    List.map2
                        (fun (rate: float option) (past, _, _) -> rate |> Option.map (fun rate -> mean rate past))
                        prepared.Rates
                        before
                IsKnown =
                    prepared.IsKnown
                    && before
                       |> List.forall (fun (past, isWhole, _) ->
                           isWhole || past |> List.exists (fun (at, _) -> time - at >= window))
        }

        seen <-
            List.map2 (fun rate (past, isWhole, count) -> (time, rate) :: past, isWhole, count) prepared.Rates before

        result

let warmUp (wait: TimeSpan) : Remembering =
    let mutable last: (DateTimeOffset * int list) option = None
    let mutable changed = None
    let mutable began = None

    fun time prepared _ current ->
        match last with
        | Some(at, was) when was <> current -> changed <- Some at
        | _ -> ()

        let first = began
        began <- Some(defaultArg began time)
        last <- Some(time, current)

        match changed, first with
        | Some at, _ when time - at < wait -> {
            prepared with
                Rates = current |> List.map (fun _ -> None)
          }
        | Some _, _ -> prepared
        | None, Some first when time - first >= wait -> prepared
        | _ -> {
            prepared with
                IsKnown = prepared.IsKnown && wait = TimeSpan.Zero
          }

/// One after the other. What comes later is told nothing before those in front of it know enough: its past begins there.
let chained (memories: Remembering list) : Remembering =
    fun time prepared lags current ->
        (prepared, memories)
        ||> List.fold (fun prepared memory ->
            if prepared.IsKnown then
                memory time prepared lags current
            else
                prepared)

/// The same, with a parallelism in each measurement.
let counted =
    List.map (fun tick -> {
        tick with
            Samples = tick.Samples |> List.map (fun sample -> { sample with IsCounted = true })
    })

/// The rule for each 100 records, told what is prepared.
let hundredOf () =
    fun (_: DateTimeOffset) (prepared: Prepared) current ->
        List.map2
            (fun (rate: float option) (now: int) ->
                match rate with
                | Some rate when prepared.IsKnown -> instancesFor rate
                | Some rate -> max now (instancesFor rate)
                | None -> now)
            prepared.Rates
            current

/// The rule for the largest of a minute, with a memory of what was prepared, as long as that was known.
let patientOf () =
    let mutable seen: (DateTimeOffset * float option list) list = []

    fun (time: DateTimeOffset) (prepared: Prepared) (current: int list) ->
        let isCovered = prepared.IsKnown && seen |> List.exists (fun (at, _) -> time - at >= seconds 60)

        let result = [
            for i, (rate, now) in List.indexed (List.zip prepared.Rates current) do
                match rate with
                | None -> now
                | Some rate ->
                    let past = seen |> List.filter (fun (at, _) -> time - at <= seconds 60)
                    let wanted = instancesFor (List.max (rate :: (past |> List.choose (fun (_, rates) -> rates[i]))))
                    if isCovered then wanted else max wanted now
        ]

        seen <-
            if prepared.IsKnown then
                (time, prepared.Rates) :: seen
            else
                []

        result
