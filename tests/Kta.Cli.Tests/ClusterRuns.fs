/// Policies that scale a Kubernetes which answers as the API does.
module Kta.Cli.Tests.ClusterRuns

open System.IO
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open k8s
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Runs

/// A server of steps that plans so many of each node.
let planning (count: int) (work: RunningHttpBackend -> Task<unit>) = task {
    let algorithm =
        Algorithm.Create(
            (fun (_: MonitorContext<JsonObject, JsonObject>) -> JsonObject()),
            (fun (context: PlanContext<JsonObject, JsonObject>) -> Plan.ForEach(context.Topology, fun _ -> count))
        )

    do! withSteps algorithm work
}

/// The policy of the test in the namespace shop.
let inShop (text: string) = text.Replace("metadata:\n", "metadata:\n  namespace: shop\n")

let withFile (server: RunningHttpBackend) (work: string -> string -> Task<unit>) =
    Tool.inFolder (fun folder ->
        let text = policy "orders" [] (endpoints server.BaseAddress) (deployments [ "orders" ])
        work folder (write folder "orders.yaml" [ inShop text ]))

let kubeconfigIn (folder: string) (cluster: FakeKubernetes.Served) =
    let file = Path.Combine(folder, "kubeconfig")
    File.WriteAllText(file, kubeconfigOf cluster.Address)
    file
