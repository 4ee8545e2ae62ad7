/// A loop in which everything that a rule plans is applied, with the history the operator would send.
module Kta.Functional.Tests.Algorithms.RuleLoops

open System
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Algorithms.Loops

type Entry = HistoryEntry<Measurements, Proposals>

type Iteration = {
    Time: DateTimeOffset
    Current: int list
    History: Entry list
    Decided: int list
}

/// An entry of another policy, and one of another topology.
let foreign = [
    Entry(Measurements.Nothing, null, Plan.Of(struct (Kta.Functional.Tests.Calls.orders, 3)))
    Entry(Measurements.Nothing, null, Plan.Of(struct (Kta.Functional.Tests.Calls.orders, 3), struct (map, 1)))
]

let decide (algorithm: Algorithm<Measurements, Proposals>) (time: DateTimeOffset) now (history: Entry list) =
    let context =
        PlanContext<Measurements, Proposals>(
            chain,
            now,
            history = history,
            udfStartTimestampMillis = time.ToUnixTimeMilliseconds()
        )

    numbersOf chain (algorithm.Explain(context).Plan)

/// Runs a loop. What is measured is told by the iteration, whether it is the first one, and what is there.
let run
    algorithm
    first
    (after: 'Tick -> int)
    (measured: 'Tick -> bool -> int list -> Measurements)
    (ticks: 'Tick list)
    =
    ((start, first, [], []), ticks)
    ||> List.fold (fun (time, current, history, iterations) tick ->
        let time = time + TimeSpan.FromSeconds(float (after tick))
        let now = measured tick (List.isEmpty history) current
        let decided = decide algorithm time now history

        let entry =
            Entry(now, null, counts decided chain, udfStartTimestampMillis = time.ToUnixTimeMilliseconds())

        let iteration = {
            Time = time
            Current = current
            History = history
            Decided = decided
        }

        time, decided, entry :: history, iteration :: iterations)
    |> fun (_, _, _, iterations) -> List.rev iterations
