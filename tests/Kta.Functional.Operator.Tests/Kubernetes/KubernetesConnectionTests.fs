/// How a cluster is found.
module Kta.Functional.Operator.Tests.Kubernetes.KubernetesConnectionTests

open System
open System.IO
open System.Threading
open Expecto
open Kta.Functional.Operator
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes

let private refusalOf (open': unit -> KubernetesConnection) : string =
    try
        use _ = open' ()
        failtest "It connects."
    with :? ScalingException as error ->
        error.Message

let tests =
    testList "a connection" [
        test "by a file that is not there is refused" {
            let message = refusalOf (fun () -> KubernetesConnection.Open "/nowhere/kubeconfig")
            Expect.stringStarts message "/nowhere/kubeconfig cannot be used: " "which"
            Expect.stringEnds message "Check it with kubectl." "what to do"
        }

        for what, text in [ "no YAML", "a: [b"; "something else", "kind: Config"; "nothing", "" ] do
            test $"by a file that holds {what} is refused" {
                let file = Path.GetTempFileName()

                try
                    File.WriteAllText(file, text)
                    let message = refusalOf (fun () -> KubernetesConnection.Open file)
                    Expect.stringStarts message $"{file} cannot be used: " "which"
                finally
                    File.Delete file
            }

        test "by a context that the file does not have is refused" {
            let file = Path.GetTempFileName()

            try
                File.WriteAllText(file, kubeconfigOf "http://127.0.0.1:1")
                let message = refusalOf (fun () -> KubernetesConnection.Open(file, "other"))
                Expect.stringContains message "other" "which"
            finally
                File.Delete file
        }

        testCaseTask "serves task managers too"
        <| fun () -> task {
            let manager = deployment "taskmanager" 2
            use! cluster = start [ manager ]
            let replicas = cluster.Connection.Replicas("shop", "apps/v1", "Deployment", "taskmanager")
            Expect.equal replicas.Name "Deployment taskmanager in namespace shop" "which"
            let! before = replicas.ReadAsync CancellationToken.None
            do! replicas.ScaleAsync(4, CancellationToken.None)
            Expect.equal (before, manager.Replicas) (2, 4) "more of them"
        }

        test "options that cannot be are refused" {
            Expect.throwsC
                (fun () ->
                    let connection =
                        new KubernetesConnection(
                            new k8s.Kubernetes(k8s.KubernetesClientConfiguration(Host = "http://127.0.0.1:1"))
                        )

                    let options =
                        KubernetesScaleDriverOptions(CallLimit = TimeSpan.Zero, Patience = TimeSpan.FromSeconds -1.)

                    new KubernetesScaleDriver(Kta.Functional.Files.KubernetesTarget [||], "shop", connection, options)
                    |> ignore)
                (fun error ->
                    Expect.equal
                        error.Message
                        "The options of the Kubernetes driver are wrong: CallLimit has to be above 0 and at most 24 days, got 00:00:00; Patience has to be from 0 to 24 days, got -00:00:01."
                        "which")
        }
    ]
