/// kta run against Kubernetes: what it scales.
module Kta.Cli.Tests.ClusterRunTests

open System.IO
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
open Kta.Cli.Tests.ClusterRuns

let private scaling =
    testList "scales" [
        testCaseTask "objects in the namespace of the policy, and tells it on them"
        <| fun () ->
            planning 3 (fun server ->
                withFile server (fun folder file -> task {
                    let orders = deployment "orders" 1
                    use! cluster = FakeKubernetes.start [ orders ]
                    use running = started folder [ file; "--kubeconfig"; kubeconfigIn folder cluster ]
                    let! decided = running.Decision()
                    let! code = running.Stop()
                    Expect.equal (code, orders.Replicas) (0, 3) "three of them"
                    Expect.equal (text [ "scaling"; "Deployment/orders" ] decided) "sent" "it says so"

                    Expect.equal
                        (List.head cluster.Events)
                        ("orders", "Scaled", "Policy shop/orders: 1 → 3")
                        "kubectl describe shows it"
                }))

        testCaseTask "nothing in a dry run, but the API server checks it"
        <| fun () ->
            planning 3 (fun server ->
                withFile server (fun folder file -> task {
                    let orders = deployment "orders" 1
                    use! cluster = FakeKubernetes.start [ orders ]
                    use running = started folder [ file; "--dry-run"; "--kubeconfig"; kubeconfigIn folder cluster ]
                    let! decided = running.Decision()
                    let! _ = running.Stop()
                    Expect.equal orders.Replicas 1 "as before"
                    Expect.equal (text [ "scaling"; "Deployment/orders" ] decided) "recommended" "it says so"
                    Expect.equal (List.head cluster.Changes).Query "dryRun=All" "the server was asked"
                    Expect.isEmpty cluster.Events "nothing is told on the object"
                }))

        testCaseTask "the task managers of a job of Flink"
        <| fun () ->
            planning 6 (fun server ->
                serving (chain "orders" 1400.0) (fun flinkJob ->
                    Tool.inFolder (fun folder -> task {
                        let manager = deployment "taskmanager" 3
                        use! cluster = FakeKubernetes.start [ manager ]

                        let driver =
                            flink flinkJob.Face.Address "orders" [ "source"; "map" ]
                            @ [
                                "flinkTaskManagerDeploymentName: taskmanager"
                                "flinkJobDeploymentType: SharedTaskSlots"
                            ]

                        let file =
                            write folder "orders.yaml" [
                                inShop (policy "orders" [] (endpoints server.BaseAddress) driver)
                            ]

                        use running = started folder [ file; "--kubeconfig"; kubeconfigIn folder cluster ]
                        let! decided = running.Decision()
                        let! _ = running.Stop()
                        Expect.equal manager.Replicas 6 "as many as the job is told"

                        Expect.equal
                            (text [ "notes"; 0 ] decided)
                            "Task managers, Deployment taskmanager in namespace shop: 3 → 6."
                            "it says so"
                    })))

        testCaseTask "not at all where there is no such cluster, and says what to give"
        <| fun () ->
            planning 3 (fun server ->
                withFile server (fun folder file -> task {
                    let! (outcome: Tool.Outcome) =
                        Tool.run [
                            "run"
                            file
                            "--kubeconfig"
                            Path.Combine(folder, "none")
                            "--store"
                            Path.Combine(folder, "kta.db")
                        ]

                    Expect.equal outcome.Code 2 "it makes no sense"
                    Expect.stringContains outcome.Notes "shop/orders: " "which policy"

                    Expect.stringContains
                        outcome.Notes
                        "It is given with --kubeconfig; --dry-run scales nothing."
                        "what to do"
                }))
    ]

let tests = testList "kta run in a cluster" [ scaling ]
