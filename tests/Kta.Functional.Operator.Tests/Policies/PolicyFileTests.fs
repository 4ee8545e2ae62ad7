/// Policy files: what they can hold, and what it means.
module Kta.Functional.Operator.Tests.Policies.PolicyFileTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Tests
open Kta.Functional.Operator.Tests.Policies.Manifests

/// Every policy that a page or a sample shows.
let private shown = [
    for page in [ "docs/policy-file.md"; "docs/monitor-flink.md" ] do
        for block in Regex.Matches(Repository.read page, "```yaml\r?\n(.*?)```", RegexOptions.Singleline) do
            if block.Groups[1].Value.Contains "KtaPolicy" then
                $"{page} at {block.Index}", block.Groups[1].Value

    "the quickstart", Repository.read "samples/Quickstart/kubernetes/quickstart.yaml"
]

let tests =
    testList "Policy files" [
        test "every member of a policy of a Flink job is read" {
            let orders = policy flink
            Expect.equal (orders.Name, orders.Namespace, orders.FullName) ("orders", "shop", "shop/orders") "the name"
            Expect.equal orders.Interval (TimeSpan.FromSeconds 60.0) "the interval"
            Expect.equal (orders.MinParallelism, orders.MaxParallelism) (2, 32) "bounds"
            Expect.equal orders.HistoryLength (Nullable 100) "history"
            Expect.equal orders.MonitorEndpoint (Uri "http://kta:8096/api/v1alpha1/monitor") "monitor"
            Expect.equal orders.AnalyzeEndpoint (Uri "http://kta:8096/api/v1alpha1/analyze") "analyze"
            Expect.equal orders.PlanEndpoint (Uri "https://kta:8096/api/v1alpha1/plan") "plan"

            let nodes = [
                TopologyNode.Flink "bc764cd8ddf7a0cff126f51c16239658"
                TopologyNode.Flink "0a448493b4782967b150582570326227"
            ]

            Expect.equal [ for node in orders.Topology -> node ] [ for node in nodes -> node :> TopologyNode ] "nodes"

            Expect.equal
                orders.Target
                (FlinkTarget(
                    Uri "http://jobmanager:8081",
                    "d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0",
                    TaskManagerDeployment("taskmanager", SlotUse.SharedTaskSlots)
                ))
                "what is scaled"

            Expect.isEmpty (notes flink) "nothing to be noted"
        }

        test "what a policy leaves out is as the operator's defaults have it" {
            let payments = policy kubernetes
            Expect.equal payments.Namespace "default" "namespace"
            Expect.equal payments.Interval (TimeSpan.FromSeconds 30.0) "interval"
            Expect.equal (payments.MinParallelism, payments.MaxParallelism) (1, Int32.MaxValue) "bounds"
            Expect.equal (payments.HistoryLength, payments.AnalyzeEndpoint) (Nullable(), null) "history, analyze"
            Expect.equal (payments.Algorithm, payments.Settings.Count, payments.Monitors.Count) (null, 0, 0) "ours"

            let scaled name = ScaledObject(TopologyNode.Deployment name, "apps/v1", "Deployment", name)
            Expect.equal payments.Target (KubernetesTarget [| scaled "gateway"; scaled "booking" |]) "Deployments"
            Expect.isEmpty (notes kubernetes) "nothing to be noted"
        }

        test "members that are written out as nothing are as good as absent" {
            let nothing =
                kubernetes
                |> changed
                    "  behavior:\n"
                    "  behavior:\n    maxParallelism: ~\n    resultHistoryLength: null\n    minParallelism:\n"
                |> changed "      planEndpoint" "      analyzeEndpoint: NULL\n      planEndpoint"

            Expect.equal (policy nothing) (policy kubernetes) "the same"
        }

        test "what the API server adds to an object may be there, and the list that kubectl prints" {
            let added =
                kubernetes
                |> changed
                    "  name: payments\n"
                    "  name: payments\n  uid: 1f\n  generation: 3\n  labels: { a: b }\n  annotations: { \"kubectl.kubernetes.io/last-applied-configuration\": \"{}\", x: 5 }\n"

            Expect.equal (policy (added + "status: { state: Completed }\n")) (policy kubernetes) "the same"

            let item = "- " + kubernetes.Replace("\n", "\n  ")
            Expect.equal (policy $"apiVersion: v1\nkind: List\nitems:\n{item}") (policy kubernetes) "of a list"
        }

        test "a file may hold several policies, and other objects, which are left out with a note" {
            let file =
                read
                    $"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{ name: kta }}\n---\n{flink}---\n---\n{kubernetes}..."

            Expect.equal [ for one in file.Policies -> one.FullName ] [ "shop/orders"; "default/payments" ] "both"
            Expect.equal (List.ofSeq file.Notes) [ "p.yaml:1: Deployment kta is no policy and is left out" ] "the note"
        }

        test "JSON is read, too" {
            let json =
                """{"apiVersion":"research.dynatrace.com/v1alpha1","kind":"KtaPolicy","metadata":{"name":"payments"},"spec":{"behavior":{"udfs":
{"monitorEndpoint":"http://kta:8096/api/v1alpha1/monitor","planEndpoint":"http://kta:8096/api/v1alpha1/plan"}},"scaleDriver":{"type":
"GenericKubernetes","genericKubernetesTopology":[{"kind":"Deployment","name":"gateway"},{"name":"booking","kind":"Deployment"}]}}}"""

            Expect.equal (policy json) (policy kubernetes) "the same"
        }

        test "kinds with a scale subresource are accepted, with a note that the operator would refuse them" {
            let others =
                kubernetes
                |> changed "kind: Deployment, name: gateway" "kind: StatefulSet, name: gateway"
                |> changed
                    "kind: Deployment, name: booking"
                    "kind: FlinkDeployment, name: booking, apiVersion: flink.apache.org/v1beta1"

            let payments = policy others

            Expect.equal
                payments.Target
                (KubernetesTarget [|
                    ScaledObject(ScaleTargetRef("StatefulSet", "gateway"), "apps/v1", "StatefulSet", "gateway")
                    ScaledObject(
                        ScaleTargetRef("FlinkDeployment", "booking"),
                        "flink.apache.org/v1beta1",
                        "FlinkDeployment",
                        "booking"
                    )
                |])
                "objects"

            Expect.equal
                (notes others)
                [
                    "p.yaml:13: spec.scaleDriver.genericKubernetesTopology[0].kind: the operator would refuse kind StatefulSet: it knows Deployment only"
                    "p.yaml:14: spec.scaleDriver.genericKubernetesTopology[1].kind: the operator would refuse kind FlinkDeployment: it knows Deployment only"
                    "p.yaml:14: spec.scaleDriver.genericKubernetesTopology[1].apiVersion: the operator would refuse apiVersion, which it does not know"
                ]
                "notes"

            Expect.equal payments.Topology[0].Fields "kind=StatefulSet|name=gateway" "on the wire"
            Expect.equal (TopologyNode.Parse payments.Topology[0].Key) payments.Topology[0] "and back"
        }

        test "a job may be named, with a note" {
            let named = flink |> changed "d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0" "orders"

            Expect.equal
                (notes named)
                [
                    "p.yaml:21: spec.scaleDriver.flinkJobId: is taken for the name of the job; the operator needs its id, 32 hexadecimal digits"
                ]
                "note"
        }

        test "no two files hold the same policy" {
            inFolder
                [ "a.yaml", flink; "b.yaml", $"{kubernetes}---\n{flink}"; "c.yaml", "kind: KtaPolicy" ]
                (fun folder ->
                    let at name = Path.Combine(folder, name)

                    Expect.equal
                        [
                            for file in PolicyFile.ReadAll [ at "a.yaml" ] do
                                for one in file.Policies -> one.FullName
                        ]
                        [ "shop/orders" ]
                        "one file"

                    Expect.equal
                        (problemsOf (fun () -> PolicyFile.ReadAll [ at "a.yaml"; at "b.yaml"; at "c.yaml" ])
                         |> List.map (fun problem -> problem.Replace(folder + string Path.DirectorySeparatorChar, "")))
                        [
                            "b.yaml:19: metadata.name: there is a policy shop/orders already, at a.yaml:4"
                            "c.yaml:1: apiVersion is missing: expected research.dynatrace.com/v1alpha1"
                            "c.yaml:1: metadata is missing: expected an object with the name of the policy"
                            "c.yaml:1: spec is missing: expected an object with behavior and scaleDriver"
                        ]
                        "everything that is wrong with all of them")
        }

        testList "the documentation and the samples show policies that are read without a problem" [
            for name, text in shown do
                test name { Expect.isNonEmpty (read text).Policies "policies" }
        ]
    ]
