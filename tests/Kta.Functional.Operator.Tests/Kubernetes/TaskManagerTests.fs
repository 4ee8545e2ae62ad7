/// The task managers of a Flink job, scaled by Kubernetes around the job.
module Kta.Functional.Operator.Tests.Kubernetes.TaskManagerTests

open System
open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Operator.Tests.Flink
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes

/// What Flink had been asked for when Kubernetes was asked to change something is remembered.
let tests =
    testList "task managers of Flink" [
        testCaseTask "come first and go last"
        <| fun () -> task {
            let manager = deployment "taskmanager" 3
            let! flink = FakeFlink.start FakeFlink.running
            let askedOfFlink = ResizeArray<int>()

            use! cluster =
                startWith
                    (fun asked ->
                        if asked.Method = "PUT" then
                            askedOfFlink.Add flink.Required.Length

                        None)
                    None
                    [ manager ]

            use driver =
                FakeFlink.driverAt
                    flink.Address
                    (TaskManagerDeployment("taskmanager", SlotUse.SharedTaskSlots))
                    (FlinkScaleDriverOptions(
                        WatchInterval = TimeSpan.FromDays 1.,
                        TaskManagers = cluster.Connection.Replicas("shop", "apps/v1", "Deployment", "taskmanager")
                    ))

            let! _ = FakeFlink.scaled driver [ "source", 2; "map", 5 ]
            Expect.equal (manager.Replicas, flink.Required.Length) (5, 1) "more of both"
            flink.Becomes(FakeFlink.observed "map" 5 flink.Now)
            let! _ = FakeFlink.scaled driver [ "source", 2; "map", 1 ]
            Expect.equal (manager.Replicas, flink.Required.Length) (5, 2) "Flink is asked first"
            flink.Becomes(FakeFlink.observed "map" 1 flink.Now)
            let! _ = FakeFlink.scaled driver [ "source", 2; "map", 1 ]
            Expect.equal manager.Replicas 2 "as many as source needs"
            Expect.equal (List.ofSeq askedOfFlink) [ 0; 2 ] "before the first, after the second"
            do! (flink :> IAsyncDisposable).DisposeAsync()
        }

        testCaseTask "that may not be scaled are told with the right that is missing"
        <| fun () -> task {
            use! flink = FakeFlink.start FakeFlink.running
            use! cluster = startWith (fun _ -> None) (Some []) [ deployment "taskmanager" 3 ]

            use driver =
                FakeFlink.driverAt
                    flink.Address
                    (TaskManagerDeployment("taskmanager", SlotUse.SharedTaskSlots))
                    (FlinkScaleDriverOptions(
                        TaskManagers = cluster.Connection.Replicas("shop", "apps/v1", "Deployment", "taskmanager")
                    ))

            let! result = FakeFlink.scaled driver [ "source", 2; "map", 5 ]
            Expect.isTrue result.IsComplete "Flink is asked all the same"

            Expect.stringContains
                (Seq.exactlyOne result.Notes)
                "The right to get deployments/scale is missing: add to a Role in namespace shop"
                "which"
        }
    ]
