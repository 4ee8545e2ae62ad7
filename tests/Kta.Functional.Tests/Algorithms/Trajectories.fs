/// Random days of a policy: what a plan step proposes, iteration by iteration.
module Kta.Functional.Tests.Algorithms.Trajectories

open System
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Algorithms.Loops

/// Seconds since the last iteration, and a proposal for each node.
type Tick = { After: int; Proposals: int list }

let ticks: Gen<Tick list> = gen {
    let! count = Gen.choose (2, 40)
    // Levels that last, with noise: windows, runs and breaks all occur.
    let! level =
        Gen.listOfLength count (Gen.frequency [ 4, Gen.constant None; 1, Gen.choose (1, 20) |> Gen.map Some ])

    let! noise = Gen.listOfLength count (Gen.listOfLength 3 (Gen.choose (-1, 1)))
    let! after = Gen.listOfLength count (Gen.elements [ 30; 30; 30; 25; 45; 120 ])

    let levels = level |> List.scan (fun now next -> Option.defaultValue now next) 8 |> List.tail

    return
        List.zip3 after levels noise
        |> List.map (fun (after, level, noise) -> {
            After = after
            Proposals = noise |> List.map (fun n -> max 1 (level + n))
        })
}

let private measured (proposals: int list) (current: int list) =
    Measurements.Of [|
        for node, proposal, count in Seq.zip3 chain proposals current do
            struct (node,
                    NodeMeasurements(
                        ArrivalRate = Reading.op_Implicit (proposal: int),
                        Parallelism = Reading.op_Implicit (count: int)
                    ))
    |]

/// A plan step that proposes what its monitor says.
let proposing =
    Algorithm.CreatePlan<Measurements>(fun (ctx: PlanContext<Measurements, System.Text.Json.Nodes.JsonObject>) ->
        Plan.ForEach(ctx.Topology, (fun node -> int ctx.MonitorResult[node].ArrivalRate.Value.Value)))

type Entry = HistoryEntry<Measurements, System.Text.Json.Nodes.JsonObject>

let decide
    (algorithm: Algorithm<Measurements, System.Text.Json.Nodes.JsonObject>)
    (time: DateTimeOffset)
    (now: Measurements)
    (history: Entry seq)
    =
    let context =
        PlanContext<Measurements, System.Text.Json.Nodes.JsonObject>(
            chain,
            now,
            history = history,
            udfStartTimestampMillis = time.ToUnixTimeMilliseconds()
        )

    (nonNull algorithm.Plan).InvokeAsync(context).GetAwaiter().GetResult()

/// One iteration of a loop that has gone on: the time, what was measured, what was there, and the whole history, newest first.
type Iteration = {
    Time: DateTimeOffset
    Now: Measurements
    Current: int list
    History: Entry list
    Decided: int list
}

/// Runs a loop in which everything that is planned is applied.
let run (algorithm: Algorithm<Measurements, System.Text.Json.Nodes.JsonObject>) (ticks: Tick list) : Iteration list =
    ((start, [ 8; 8; 8 ], [], []), ticks)
    ||> List.fold (fun (time, current, history, iterations) tick ->
        let time = time + TimeSpan.FromSeconds(float tick.After)
        let now = measured tick.Proposals current
        let plan = decide algorithm time now history

        let entry = Entry(now, null, plan, udfStartTimestampMillis = time.ToUnixTimeMilliseconds())

        let decided = numbersOf chain plan

        let iteration = {
            Time = time
            Now = now
            Current = current
            History = history
            Decided = decided
        }

        time, decided, entry :: history, iteration :: iterations)
    |> fun (_, _, _, iterations) -> List.rev iterations
