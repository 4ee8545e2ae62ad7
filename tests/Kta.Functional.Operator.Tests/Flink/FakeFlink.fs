/// A job manager with one job, in Flink's shapes: a test says what state the job is in, and sees what was asked.
module Kta.Functional.Operator.Tests.Flink.FakeFlink

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open System.Threading
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies

type Flink = {
    Job: Job
    /// Least and most instances, by vertex.
    Required: (string * (int * int)) list
    FreeSlots: int
    /// When it was stopped, by its own clock, while it is RESTARTING.
    RestartingSince: int64
    Scheduler: string option
}

let running: Flink = {
    Job = orders
    Required = [ "source", (1, 2); "map", (1, 3) ]
    FreeSlots = 5
    RestartingSince = 0L
    Scheduler = None
}

let required (bounds: (string * (int * int)) list) (flink: Flink) = { flink with Required = bounds }

let inState (state: string) (flink: Flink) = {
    flink with
        Job = { flink.Job with State = state }
}

let observed (vertex: string) (instances: int) (flink: Flink) = {
    flink with
        Job = flink.Job |> change vertex (fun one -> { one with Parallelism = instances })
}

let requirementsOf (bounds: (string * (int * int)) list) =
    bounds
    |> List.map (fun (id, (lower, upper)) ->
        $"\"{id}\":{{\"parallelism\":{{\"lowerBound\":{lower},\"upperBound\":{upper}}}}}")
    |> String.concat ","
    |> sprintf "{%s}"

let private jobOf (flink: Flink) =
    let json = JsonNode.Parse(details flink.Job) |> nonNull |> _.AsObject()
    (nonNull json["timestamps"])["RESTARTING"] <- JsonValue.Create flink.RestartingSince

    flink.Scheduler
    |> Option.iter (fun scheduler -> json["schedulerType"] <- JsonValue.Create scheduler)

    json.ToJsonString()

let private boundsIn (body: string) = [
    for KeyValue(vertex, requirement) in JsonNode.Parse body |> nonNull |> _.AsObject() do
        let parallelism = (nonNull requirement)["parallelism"] |> nonNull
        let bound (name: string) = parallelism[name] |> nonNull |> _.GetValue<int>()
        vertex, (bound "lowerBound", bound "upperBound")
]

/// What Flink does with a request that asks for a vertex without any others, or for more than it can have, is not its matter.
let answerOf (flink: Flink) (asked: Asked) : Answer =
    match asked.Method, asked.Path with
    | "GET", "/overview" -> ok $"""{{"taskmanagers":3,"slots-total":8,"slots-available":{flink.FreeSlots}}}"""
    | "GET", path when path = $"/jobs/{flink.Job.Jid}/resource-requirements" -> ok (requirementsOf flink.Required)
    | "GET", path when path = $"/jobs/{flink.Job.Jid}" -> ok (jobOf flink)
    | "PUT", _ -> ok "{}"
    | _ -> FlinkReplies.answer [ flink.Job ] asked

/// A running one whose state a test changes.
type Served(system: FakeSystem, now: Flink ref) =
    member _.Address = system.Address
    member _.Now = Volatile.Read(&now.contents)
    member _.Becomes(flink: Flink) = Volatile.Write(&now.contents, flink)
    member _.Asked = system.Asked

    /// What was asked for, the first first.
    member _.Required = [
        for asked in system.Asked do
            if asked.Method = "PUT" then
                boundsIn asked.Body
    ]

    interface IAsyncDisposable with
        member _.DisposeAsync() = (system :> IAsyncDisposable).DisposeAsync()

/// Starts one that takes what it is asked for, unless a test answers something else.
let startWith (other: Asked -> Answer option) (flink: Flink) = task {
    let now = ref flink

    let! system =
        startAnswering (fun asked ->
            match other asked with
            | Some answer -> answer
            | None ->
                let answer = answerOf (Volatile.Read(&now.contents)) asked

                if asked.Method = "PUT" then
                    now.Value <- required (boundsIn asked.Body) now.Value

                answer)

    return new Served(system, now)
}

let start (flink: Flink) = startWith (fun _ -> None) flink

let decisionOf (wanted: (string * int) list) =
    let parallelism =
        Dictionary(dict [ for id, count in wanted -> TopologyNode.Flink id :> TopologyNode, count ])

    Decision("default/orders", "1", DateTimeOffset.UnixEpoch, parallelism)

let fast = FlinkScaleDriverOptions(WatchInterval = TimeSpan.FromMilliseconds 5.)

let driverAt (address: string) (taskManagers: TaskManagerDeployment | null) (options: FlinkScaleDriverOptions) =
    new FlinkScaleDriver(FlinkTarget(Uri address, "orders", taskManagers), job, options)

let driverOf (flink: Served) = driverAt flink.Address null fast

/// What becomes of a decision.
let scaled (driver: ScaleDriver) (wanted: (string * int) list) =
    driver.ScaleAsync(decisionOf wanted, CancellationToken.None)

/// What became of each node: what it ran with, what is wanted, and what was done.
let outcomes (result: ScalingResult) = [
    for node in result.Nodes -> string node.Node, Option.ofNullable node.Observed, node.Wanted, node.Outcome
]

let problems (result: ScalingResult) = [
    for node in result.Nodes do
        match node.Problem with
        | null -> ()
        | problem -> problem
]
