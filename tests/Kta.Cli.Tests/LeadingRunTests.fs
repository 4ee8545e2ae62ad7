/// Several processes of kta run in a cluster: which of them decides.
module Kta.Cli.Tests.LeadingRunTests

open System
open System.IO
open System.Net.Http
open Expecto
open k8s
open k8s.Models
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Runs
open Kta.Cli.Tests.ClusterRuns

/// A process of its own store in the same election.
let private electing (folder: string) (name: string) (kubeconfig: string) (more: string list) =
    let own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName

    started
        own
        ([
            Path.Combine(folder, "orders.yaml")
            "--kubeconfig"
            kubeconfig
            "--leader-election"
            "shop/kta-run"
         ]
         @ more)

let private holder (cluster: FakeKubernetes.Served) =
    cluster.Cluster.HolderOf "/apis/coordination.k8s.io/v1/namespaces/shop/leases/kta-run"

let private leading =
    testList "leads" [
        testCaseTask "as one of two: the other is alive, not ready, and decides when the first has ended"
        <| fun () ->
            planning 3 (fun server ->
                withFile server (fun folder _ -> task {
                    use! cluster = FakeKubernetes.start [ deployment "orders" 1 ]
                    let kubeconfig = kubeconfigIn folder cluster
                    let port = Tool.freePort ()
                    use first = electing folder "first" kubeconfig []
                    let! _ = first.Decision()
                    let leader = holder cluster
                    use second = electing folder "second" kubeconfig [ "--metrics-port"; string port ]
                    let! told = second.Told "leads."
                    Expect.equal told $"Lease kta-run in namespace shop: {leader} leads." "who"
                    use client = new HttpClient(BaseAddress = Uri $"http://127.0.0.1:{port}")
                    let! (live: HttpResponseMessage) = client.GetAsync "/health/live"
                    let! (ready: HttpResponseMessage) = client.GetAsync "/health/ready"
                    Expect.equal (int live.StatusCode, int ready.StatusCode) (200, 503) "it waits"
                    let! _ = first.Stop()
                    let! _ = second.Decision()
                    Expect.notEqual (holder cluster) leader "another one"
                    let! code = second.Stop()
                    Expect.equal code 0 "stopped"
                    Expect.equal (holder cluster) "" "given back"
                }))

        testCaseTask "no more when its lease cannot be renewed: the other decides, and the first waits"
        <| fun () ->
            planning 3 (fun server ->
                withFile server (fun folder _ -> task {
                    let silenced = ref ""

                    use! cluster =
                        FakeKubernetes.startWith
                            (fun asked ->
                                if
                                    silenced.Value <> ""
                                    && asked.Method <> "GET"
                                    && asked.Body.Contains silenced.Value
                                then
                                    Some(failure 503 "ServiceUnavailable" "away" "{}")
                                else
                                    None)
                            None
                            [ deployment "orders" 1 ]

                    let kubeconfig = kubeconfigIn folder cluster
                    use first = electing folder "first" kubeconfig [ "--lease-seconds"; "3" ]
                    let! _ = first.Decision()
                    use second = electing folder "second" kubeconfig [ "--lease-seconds"; "3" ]
                    silenced.Value <- holder cluster
                    let! _ = first.Told "This process does not lead any more: waiting to take over."
                    let! _ = second.Decision()
                    Expect.isFalse first.HasEnded "it waits"
                    silenced.Value <- ""
                    let! _ = second.Stop()
                    let! _ = first.Decision()
                    let! code = first.Stop()
                    Expect.equal code 0 "it has led again"
                }))

        testCaseTask "with the arguments of the manifest"
        <| fun () ->
            Tool.inFolder (fun folder -> task {
                let objects =
                    KubernetesYaml.LoadAllFromString(Repository.read "samples/KtaRun/kubernetes/kta-run.yaml")

                let map =
                    objects
                    |> Seq.pick (fun one ->
                        match one with
                        | :? V1ConfigMap as map -> Some map
                        | _ -> None)

                let pods =
                    objects
                    |> Seq.pick (fun one ->
                        match one with
                        | :? V1Deployment as pods -> Some pods
                        | _ -> None)

                use! cluster = FakeKubernetes.start []

                for KeyValue(name, content) in map.Data do
                    File.WriteAllText(Path.Combine(folder, name), content)

                let arguments = [
                    for argument in (Seq.exactlyOne pods.Spec.Template.Spec.Containers).Args do
                        match argument with
                        | "run" -> ()
                        | "0.0.0.0" -> "127.0.0.1"
                        | "8097" -> "0"
                        | other -> other.Replace("/policies/", folder + "/").Replace("/data/", folder + "/")
                ]

                use running = new Running(arguments @ [ "--lines"; "--kubeconfig"; kubeconfigIn folder cluster ])
                let! failed = running.Next(fun line -> not (isNull line["failed"]))
                Expect.equal (text [ "policy" ] failed) "shop/orders" "only its steps are not there"
                Expect.notEqual (holder cluster) "" "it leads"
                let! _ = running.Stop()
                ()
            })

        for arguments, problem in
            [
                [ "--leader-election"; "kta-run" ],
                "--leader-election kta-run: write namespace/name of a lease, such as shop/kta-run."
                [ "--leader-election"; "shop/kta-run"; "--lease-seconds"; "0" ],
                "--lease-seconds has to be from 1 to 3600."
                [ "--lease-seconds"; "5" ], "--lease-seconds is for --leader-election."
            ] do
            let line = String.concat " " arguments

            testCaseTask $"not with {line}"
            <| fun () -> task {
                let! (outcome: Tool.Outcome) = Tool.run ([ "run"; "orders.yaml"; "--dry-run" ] @ arguments)
                Expect.equal outcome.Code 2 "it makes no sense"
                Expect.stringContains outcome.Notes problem "why"
            }
    ]

let tests = testList "kta run in a cluster" [ leading ]
