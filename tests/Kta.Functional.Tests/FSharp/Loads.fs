/// What the algorithms of these tests answer: 12,000 records per second, 5,000 per instance, so 3 of each node.
module Kta.Functional.Tests.FSharp.Loads

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Simulation
open Kta.Functional.Tests.Calls

type Load = { RecordsPerSecond: float }
type Demand = { Instances: int }

let load = { RecordsPerSecond = 12_000.0 }

let demandOf (load: Load) = {
    Instances = int (ceil (load.RecordsPerSecond / 5_000.0))
}

let orOne (demand: Demand option) topology =
    topology
    |> Kta.Functional.FSharp.Plan.forEach (fun _ -> demand |> Option.map _.Instances |> Option.defaultValue 1)

let two = Topology.Of(orders, payments)

/// A few turns of the loop, the same in every run.
let turn (iterations: int) (algorithm: Algorithm) : Task<LocalRun> =
    let options = LocalOperatorOptions(Clock = VirtualClock(), NewId = IterationIds.Numbered())
    LocalOperator.RunAsync(algorithm, two, iterations, options)

let decisions (run: LocalRun) = [ for decision in run.Decisions -> [ for node in run.Topology -> decision[node] ] ]

/// What monitor and analyze answered in the first turn, and what was decided then.
let firstTurn (algorithm: Algorithm) = task {
    let! run = turn 1 algorithm
    let first = run.Iterations[0]
    return first.MonitorResult, first.AnalyzeResult, List.head (decisions run)
}

/// A request to a step with the results of the steps before it.
let requestWith monitorResult analyzeResult =
    Kta.Functional.Tests.Requests.ofNodes [ "orders"; "payments" ] monitorResult analyzeResult "[]"

/// What a step answers when its time is up before it has ended.
let outOfTime (algorithm: Algorithm) (step: Step) (request: string) = task {
    let runner = StepRunner(algorithm, Nullable(TimeSpan.FromMilliseconds 50.0))
    let! reply = runner.RunAsync(step, Text.Encoding.UTF8.GetBytes request)
    Expect.equal reply.StatusCode 500 (body reply)
    return message reply
}
