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

/// What stands for the proposal of a node whose measurements are missing.
let nothing = 0

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

/// The same, but now and then, and for a while, there is nothing to propose for a node.
let ticksWithGaps: Gen<Tick list> = gen {
    let! ticks = ticks

    let! begun =
        Gen.listOfLength
            ticks.Length
            (Gen.listOfLength 3 (Gen.frequency [ 4, Gen.constant None; 1, Gen.map Some (Gen.elements [ true; false ]) ]))

    let isMissing =
        begun
        |> List.scan (List.map2 (fun now next -> Option.defaultValue now next)) [ false; false; false ]
        |> List.tail

    return
        List.map2
            (fun tick missing -> {
                tick with
                    Proposals =
                        List.map2 (fun count isMissing -> if isMissing then nothing else count) tick.Proposals missing
            })
            ticks
            isMissing
}

/// Hours with an iteration now and then.
let slowTicks: Gen<Tick list> =
    Gen.zip ticks (Gen.listOfLength 40 (Gen.elements [ 900; 1800; 2700; 3600; 7200 ]))
    |> Gen.map (fun (ticks, after) ->
        List.map2 (fun tick after -> { tick with After = after }) ticks (List.truncate ticks.Length after))

let private measured (proposals: int list) (current: int list) =
    Measurements.Of [|
        for node, proposal, count in Seq.zip3 chain proposals current do
            struct (node,
                    NodeMeasurements(
                        ArrivalRate = Reading.op_Implicit (proposal: int),
                        Parallelism = Reading.op_Implicit (count: int)
                    ))
    |]

/// A plan step that proposes what its monitor says, and keeps a node about which it says nothing.
let proposing =
    Algorithm.CreatePlan<Measurements>(fun (ctx: PlanContext<Measurements, System.Text.Json.Nodes.JsonObject>) ->
        let said (quantity: Quantity) (node: TopologyNode) : int =
            let numbers: NodeMeasurements = ctx.MonitorResult[node]
            int numbers[quantity].Value.Value

        let proposed node =
            match said Quantity.ArrivalRate node with
            | 0 -> said Quantity.Parallelism node
            | count -> count

        ctx.Topology
        |> Seq.filter (fun node -> said Quantity.ArrivalRate node = nothing)
        |> Seq.fold
            (fun (plan: Plan) node -> plan.ForLackOfData(node, "nothing measured"))
            (Plan.ForEach(ctx.Topology, proposed)))

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
    Reasons: string list list
}

/// Runs a loop from a time on in which everything that is planned is applied.
let runFrom
    (start: DateTimeOffset)
    (algorithm: Algorithm<Measurements, System.Text.Json.Nodes.JsonObject>)
    (ticks: Tick list)
    =
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
            Reasons = [ for node in chain -> textsOf node plan ]
        }

        time, decided, entry :: history, iteration :: iterations)
    |> fun (_, _, _, iterations: Iteration list) -> List.rev iterations

let run algorithm ticks = runFrom start algorithm ticks
