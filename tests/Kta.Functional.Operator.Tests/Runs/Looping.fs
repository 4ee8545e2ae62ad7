/// Loops for tests: what decides, and what is scaled, are functions.
module Kta.Functional.Operator.Tests.Runs.Looping

open System
open System.Text.Json.Nodes
open System.Threading.Channels
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Functional.Operator.Tests.Knowledge.Stored

let node: TopologyNode = TopologyNode.Deployment "orders"

/// Scales nothing, and tells what it was asked for.
type Asked(answer: Decision -> ScalingResult) =
    inherit ScaleDriver()
    let decisions = Channel.CreateUnbounded<Decision>()
    member _.Next() = decisions.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds 30.0)
    override _.Target = "a test"

    override _.ScaleAsync(decision, _) =
        decisions.Writer.TryWrite decision |> ignore
        Task.FromResult(answer decision)

let unchanged (decision: Decision) =
    ScalingResult(
        [|
            for one in decision.Parallelism ->
                NodeScaling(one.Key, Nullable one.Value, one.Value, ScalingOutcome.Unchanged)
        |],
        [||]
    )

let policy =
    KtaPolicy(
        Name = "orders",
        Topology = Topology.Of node,
        Target = KubernetesTarget [| ScaledObject(node, "apps/v1", "Deployment", "orders") |],
        Interval = TimeSpan.FromMilliseconds 20.0
    )

/// What a plan says of an iteration, by how many there were before it.
let operated (driver: ScaleDriver) (decide: int -> Plan) =
    let algorithm =
        Algorithm.Create(
            (fun (_: MonitorContext<JsonObject, JsonObject>) -> JsonObject()),
            (fun (context: PlanContext<JsonObject, JsonObject>) -> decide context.History.Count)
        )

    OperatedPolicy(
        Policy = policy,
        Driver = driver,
        Steps = fun _ -> LocalPolicy.Of(policy.FullName, algorithm, policy.Topology, OperatedPolicy.OptionsOf policy)
    )

let plan (count: int) = Plan.ForEach(policy.Topology, fun _ -> count)
let wanted (decision: Decision) = decision.Parallelism[node]
