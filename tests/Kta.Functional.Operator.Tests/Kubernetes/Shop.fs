/// A policy of two Deployments, and decisions about them.
module Kta.Functional.Operator.Tests.Kubernetes.Shop

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes

let orders: TopologyNode = TopologyNode.Deployment "orders"
let payments: TopologyNode = TopologyNode.Deployment "payments"

let objectOf (apiVersion: string) (kind: string) (name: string) =
    ScaledObject(TopologyNode.Deployment name, apiVersion, kind, name)

let both = [ objectOf "apps/v1" "Deployment" "orders"; objectOf "apps/v1" "Deployment" "payments" ]

let decisionOf (explanation: Explanation | null) (wanted: (string * int) list) =
    let parallelism =
        Dictionary(dict [ for name, count in wanted -> TopologyNode.Deployment name :> TopologyNode, count ])

    Decision("shop/orders", "1", DateTimeOffset.UnixEpoch, parallelism, explanation)

/// Each decision may write events.
let always = KubernetesScaleDriverOptions(EventInterval = TimeSpan.Zero)

let driverWith (options: KubernetesScaleDriverOptions) (objects: ScaledObject list) (cluster: Served) =
    new KubernetesScaleDriver(KubernetesTarget(List.toArray objects), "shop", cluster.Connection, options)

let driverOf (cluster: Served) = driverWith always both cluster

let scaled (driver: ScaleDriver) (wanted: (string * int) list) : Task<ScalingResult> =
    driver.ScaleAsync(decisionOf null wanted, CancellationToken.None)

let outcomes (result: ScalingResult) = [
    for node in result.Nodes -> Option.ofNullable node.Observed, node.Wanted, node.Outcome
]

let problems (result: ScalingResult) = [
    for node in result.Nodes do
        match node.Problem with
        | null -> ()
        | problem -> problem
]

type Wish = { Wanted: int }
type private Context = PlanContext<Wish, JsonObject>
type private Entry = HistoryEntry<Wish, JsonObject>

/// The decision of an algorithm that wants so many of both, where four run since a change 40 s ago.
let private decided (plan: Context -> Plan) (strategies: Strategy list) =
    let algorithm = Algorithm.CreatePlan<Wish>(plan).WithStrategies(List.toArray strategies)
    let now = DateTimeOffset(2026, 11, 26, 8, 0, 0, TimeSpan.Zero)

    let entry (age: float) (count: int) =
        Entry(
            { Wanted = count },
            null,
            Plan.Of(struct (orders, count), struct (payments, count)),
            udfStartTimestampMillis = now.AddSeconds(-age).ToUnixTimeMilliseconds()
        )

    let context =
        Context(
            Topology.Of(orders, payments),
            { Wanted = 6 },
            history = [ entry 40. 4; entry 70. 3; entry 100. 3 ],
            udfStartTimestampMillis = now.ToUnixTimeMilliseconds()
        )

    let why = algorithm.Explain context
    decisionOf why [ for node in why.Nodes -> (string node.Node).Replace("Deployment/", ""), node.Planned ]

let wishing =
    decided (fun context ->
        Plan.ForEach(context.Topology, (fun _ -> context.MonitorResult.Wanted)).Because(orders, "Wish: all of them"))

/// Orders lacks a measurement, payments is as wanted.
let lacking =
    decided (fun context ->
        Plan.ForEach(context.Topology, (fun _ -> 4)).ForLackOfData(orders, "DS2: its busy time is missing"))
