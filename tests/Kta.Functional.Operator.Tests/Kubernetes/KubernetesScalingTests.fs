/// What is sent to the API server, and when nothing is.
module Kta.Functional.Operator.Tests.Kubernetes.KubernetesScalingTests

open System
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Functional.Operator.Tests.Kubernetes.Shop

let private objects () = [ deployment "orders" 2; deployment "payments" 3 ]

let private scaling =
    testList "a decision" [
        testCaseTask "scales what differs, in the namespace of the policy, and nothing else"
        <| fun () -> task {
            let objects = objects ()
            use! cluster = start objects
            use driver = driverOf cluster
            let! result = scaled driver [ "orders", 5; "payments", 3 ]
            Expect.equal [ for one in objects -> one.Replicas ] [ 5; 3 ] "replicas"

            Expect.equal
                (outcomes result)
                [ Some 2, 5, ScalingOutcome.Sent; Some 3, 3, ScalingOutcome.Unchanged ]
                "one of two"

            Expect.equal
                [ for asked in cluster.Changes -> asked.Method, asked.Path ]
                [ "PUT", "/apis/apps/v1/namespaces/shop/deployments/orders/scale" ]
                "one request"

            Expect.equal
                (Set [ for asked in cluster.Asked -> asked.Headers["Authorization"] ])
                (Set [ "Bearer t0ken" ])
                "who asks"
        }

        testCaseTask "sends nothing again"
        <| fun () -> task {
            use! cluster = start (objects ())
            use driver = driverOf cluster

            for _ in 1..3 do
                let! _ = scaled driver [ "orders", 5; "payments", 3 ]
                ()

            Expect.equal cluster.Changes.Length 1 "once"

            let discoveries =
                cluster.Asked
                |> List.filter (fun asked -> asked.Path.TrimEnd '/' = "/apis/apps/v1")

            Expect.isLessThanOrEqual discoveries.Length 2 "what kinds there are is asked once, by both at most"
        }

        testCaseTask "scales from nothing and to one"
        <| fun () -> task {
            let objects = [ deployment "orders" 0; deployment "payments" 9 ]
            use! cluster = start objects
            use driver = driverOf cluster
            let! result = scaled driver [ "orders", 1; "payments", 1 ]
            Expect.equal [ for one in objects -> one.Replicas ] [ 1; 1 ] "replicas"
            Expect.equal (List.head (outcomes result)) (Some 0, 1, ScalingOutcome.Sent) "from nothing"
        }

        testCaseTask "scales any kind that has a scale subresource, by the plural the server tells"
        <| fun () -> task {
            let paths = [
                "/apis/apps/v1/namespaces/shop/statefulsets/db"
                "/apis/acme.example/v1beta1/namespaces/shop/workerpools/pool"
                "/api/v1/namespaces/shop/replicationcontrollers/old"
            ]

            let objects = [ for path in paths -> { deployment "" 1 with Path = path } ]
            use! cluster = start objects

            let targets = [
                objectOf "apps/v1" "StatefulSet" "db"
                objectOf "acme.example/v1beta1" "WorkerPool" "pool"
                objectOf "v1" "ReplicationController" "old"
            ]

            use driver = driverWith always targets cluster
            let! result = scaled driver [ "db", 2; "pool", 3; "old", 4 ]
            Expect.isEmpty (problems result) "all is well"
            Expect.equal [ for one in objects -> one.Replicas ] [ 2; 3; 4 ] "each"
        }

        testCaseTask "is only checked in a dry run: by the server, and without events"
        <| fun () -> task {
            let objects = objects ()
            use! cluster = start objects
            use driver = driverWith (KubernetesScaleDriverOptions(DryRun = true)) both cluster
            let! result = scaled driver [ "orders", 5; "payments", 3 ]

            Expect.equal
                (outcomes result)
                [ Some 2, 5, ScalingOutcome.Recommended; Some 3, 3, ScalingOutcome.Unchanged ]
                "it would"

            Expect.equal [ for one in objects -> one.Replicas ] [ 2; 3 ] "as before"
            Expect.equal [ for asked in cluster.Changes -> asked.Query ] [ "dryRun=All" ] "the server knows"
            Expect.isEmpty cluster.Events "no events"
        }

        testCaseTask "that was overtaken is made again with what is there then"
        <| fun () -> task {
            let objects = objects ()
            let overtaken = ref 2

            use! cluster =
                startWith
                    (fun asked ->
                        if
                            asked.Method = "PUT"
                            && asked.Path.Contains "orders"
                            && Interlocked.Decrement overtaken >= 0
                        then
                            objects[0].Version <- objects[0].Version + 1
                            None
                        else
                            None)
                    None
                    objects

            use driver = driverOf cluster
            let! result = scaled driver [ "orders", 5; "payments", 3 ]
            Expect.equal (List.head (outcomes result)) (Some 2, 5, ScalingOutcome.Sent) "in the end"
            Expect.equal objects[0].Replicas 5 "it has it"
            Expect.equal cluster.Changes.Length 3 "two conflicts before"
        }

        testCaseTask "waits as long as the server says, if that is not too long"
        <| fun () -> task {
            let objects = objects ()
            let busy = ref 2

            use! cluster =
                startWith
                    (fun asked ->
                        if asked.Path.Contains "orders/scale" && Interlocked.Decrement busy >= 0 then
                            Some(tooOften 1)
                        else
                            None)
                    None
                    objects

            use driver = driverOf cluster
            let! result = scaled driver [ "orders", 5; "payments", 3 ]
            Expect.isEmpty (problems result) "all is well"
            Expect.equal objects[0].Replicas 5 "it has it"
        }

        testCaseTask "tells what somebody else has set, and corrects it"
        <| fun () -> task {
            let objects = objects ()
            use! cluster = start objects
            use driver = driverOf cluster
            let! _ = scaled driver [ "orders", 5; "payments", 3 ]
            objects[0].Replicas <- 8
            objects[0].Running <- 8
            let! (result: ScalingResult) = scaled driver [ "orders", 5; "payments", 3 ]

            Expect.equal
                (List.ofSeq result.Notes)
                [
                    "Deployment orders in namespace shop: somebody else has set 8 replicas instead of the 5 of the decision before."
                ]
                "who"

            Expect.equal (List.head (outcomes result)) (Some 8, 5, ScalingOutcome.Sent) "back"
        }

        testCaseTask "that is right but has not come true is told"
        <| fun () -> task {
            let objects = objects ()
            objects[0].Running <- 1
            use! cluster = start objects
            use driver = driverOf cluster
            let! result = scaled driver [ "orders", 2; "payments", 3 ]
            Expect.equal (List.head (outcomes result)) (Some 1, 2, ScalingOutcome.Unchanged) "nothing to send"

            Expect.equal
                (problems result)
                [
                    "Deployment orders in namespace shop has 1 of 2 replicas: its other pods are not there yet. See its events if it stays like this; nodes or a quota may be full."
                ]
                "why"
        }
    ]

let tests = testList "requests" [ scaling ]
