module Kta.Functional.Operator.Tests.Main

open Expecto
open Kta.Functional.Operator.Tests

let all =
    testList "Kta.Functional.Operator" [
        Policies.PolicyFileTests.tests
        Policies.AnnotationTests.tests
        Policies.PolicyProblemTests.tests
        Policies.PolicyTrapTests.tests
        Policies.PolicyPropertyTests.tests
        Scaling.RecommendingTests.tests
        Runs.LoopTests.tests
        Runs.EndingTests.tests
        Knowledge.StoreTests.tests
        Knowledge.StorePropertyTests.tests
        Knowledge.StoreFileTests.tests
        Knowledge.KilledStoreTests.tests
        testList "Flink scale driver" [
            Flink.FlinkRequestTests.tests
            Flink.FlinkRescaleTests.tests
            Flink.FlinkStateTests.tests
            Flink.FlinkFailureTests.tests
        ]
        testList "Kubernetes scale driver" [
            Kubernetes.KubernetesScalingTests.tests
            Kubernetes.KubernetesConnectionTests.tests
            Kubernetes.KubernetesRefusalTests.tests
            Kubernetes.KubernetesFailureTests.tests
            Kubernetes.KubernetesEventTests.tests
            Kubernetes.TaskManagerTests.tests
        ]
        Kubernetes.LeadershipTests.tests
        Kubernetes.RunManifestTests.tests
        Kubernetes.OverlayTests.tests
    ]

[<EntryPoint>]
let main args =
    match args with
    | [| "write-store"; file; first |] ->
        Knowledge.KilledStoreTests.write file (int first)
        0
    | [| "fill-store"; file |] ->
        Knowledge.KilledStoreTests.fill file
        0
    | [| "read-store"; file |] ->
        Knowledge.KilledStoreTests.read file
        0
    | _ -> all |> runTestsWithCLIArgs [] args
