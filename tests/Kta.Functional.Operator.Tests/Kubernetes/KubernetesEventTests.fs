/// What people see who look at a scaled object.
module Kta.Functional.Operator.Tests.Kubernetes.KubernetesEventTests

open System
open System.Threading
open Expecto
open Kta.Functional.Algorithms
open Kta.Functional.Operator
open Kta.Functional.Simulation
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Functional.Operator.Tests.Kubernetes.Shop

let private objects () = [ deployment "orders" 4; deployment "payments" 4 ]

let private told (cluster: Served) (decision: Decision) = task {
    use driver = driverOf cluster
    let! result = driver.ScaleAsync(decision, CancellationToken.None)
    return result
}

let private eventOf (name: string) (cluster: Served) =
    cluster.Events
    |> List.filter (fun (about, _, _) -> about = name)
    |> List.map (fun (_, reason, note) -> reason, note)

let tests =
    testList "events" [
        testCaseTask "tell that an object was scaled, and why"
        <| fun () -> task {
            use! cluster = start (objects ())
            let! _ = told cluster (wishing [])

            Expect.equal
                (eventOf "orders" cluster)
                [ "Scaled", "Policy shop/orders: 4 → 6. Wish: all of them" ]
                "with its reason"

            Expect.equal (eventOf "payments" cluster) [ "Scaled", "Policy shop/orders: 4 → 6" ] "without one"
        }

        testCaseTask "have everything the API asks for, and are found by kubectl describe"
        <| fun () -> task {
            use! cluster = start (objects ())
            let! result = told cluster (wishing [])
            Expect.isEmpty result.Notes "taken"
            let event = cluster.Cluster.Events.Head

            Expect.equal
                (textAt [ "regarding"; "uid" ] event)
                $"""uid-{textAt [ "regarding"; "name" ] event}"""
                "kubectl asks by it"

            Expect.equal
                (textAt [ "regarding"; "kind" ] event, textAt [ "type" ] event)
                ("Deployment", "Normal")
                "about what"
        }

        testCaseTask "tell which strategy held it back"
        <| fun () -> task {
            use! cluster = start (objects ())
            let! _ = told cluster (wishing [ Strategy.Cooldown(TimeSpan.FromSeconds 120.) ])

            Expect.equal
                (eventOf "orders" cluster)
                [
                    "HeldBack",
                    "Policy shop/orders keeps 4. Held back by Cooldown: kept 4 instead of 6, last change 40 s ago, wait 120 s. Reasons: Wish: all of them; Cooldown: kept 4 instead of 6, last change 40 s ago, wait 120 s"
                ]
                "by its name"

            Expect.isEmpty cluster.Changes "nothing was scaled"
        }

        testCaseTask "tell that data are missing"
        <| fun () -> task {
            use! cluster = start (objects ())
            let! _ = told cluster (lacking [])

            Expect.equal
                (eventOf "orders" cluster)
                [
                    "DataMissing", "Policy shop/orders keeps 4, for lack of measurements. DS2: its busy time is missing"
                ]
                "which"

            Expect.isEmpty (eventOf "payments" cluster) "there is nothing to tell of the other"
        }

        testCaseTask "tell that scaling failed"
        <| fun () -> task {
            use! cluster =
                startWith
                    (fun asked ->
                        if asked.Method = "PUT" && asked.Path.Contains "orders" then
                            Some(failure 403 "Forbidden" "exceeded quota: small" "{}")
                        else
                            None)
                    None
                    (objects ())

            let! result = told cluster (decisionOf null [ "orders", 5; "payments", 4 ])
            let reason, note = eventOf "orders" cluster |> List.exactlyOne
            Expect.equal reason "Failed" "which"
            Expect.equal note $"Policy shop/orders: {problems result |> List.head}" "why"
            Expect.equal (textAt [ "type" ] cluster.Cluster.Events.Head) "Warning" "somebody should look"
        }

        testCaseTask "tell that nothing could be decided"
        <| fun () -> task {
            use! cluster = start (objects ())
            use driver = driverOf cluster
            let! _ = scaled driver [ "orders", 4; "payments", 4 ]
            do! driver.TellFailureAsync("monitor was not answered.", CancellationToken.None)

            for name in [ "orders"; "payments" ] do
                Expect.equal (eventOf name cluster) [ "Failed", "Policy shop/orders: monitor was not answered." ] name
        }

        testCaseTask "are written on nothing that is not there, and fail nobody"
        <| fun () -> task {
            use! cluster = start []
            use driver = driverOf cluster
            do! driver.TellFailureAsync("monitor was not answered.", CancellationToken.None)
            let! _ = scaled driver [ "orders", 4 ]
            Expect.isEmpty cluster.Events "none"
        }

        testCaseTask "are none where all is well, or none are wanted"
        <| fun () -> task {
            use! cluster = start (objects ())
            use driver = driverOf cluster
            let! _ = scaled driver [ "orders", 4; "payments", 4 ]
            use silent = driverWith (KubernetesScaleDriverOptions(Events = false)) both cluster
            let! _ = scaled silent [ "orders", 5; "payments", 5 ]
            do! silent.TellFailureAsync("x", CancellationToken.None)
            Expect.isEmpty cluster.Events "none"
        }

        testCaseTask "are at most one for an object and an interval"
        <| fun () -> task {
            let clock = VirtualClock()
            use! cluster = start (objects ())

            use driver =
                driverWith
                    (KubernetesScaleDriverOptions(Clock = clock, EventInterval = TimeSpan.FromSeconds 60.))
                    both
                    cluster

            let! _ = scaled driver [ "orders", 5; "payments", 4 ]
            let! _ = scaled driver [ "orders", 6; "payments", 5 ]
            do! driver.TellFailureAsync("x", CancellationToken.None)
            Expect.equal (eventOf "orders" cluster).Length 1 "the first"
            Expect.equal (eventOf "payments" cluster).Length 1 "each object has its own"
            clock.Advance(TimeSpan.FromSeconds 60.)
            let! _ = scaled driver [ "orders", 7; "payments", 5 ]
            Expect.equal (eventOf "orders" cluster).Length 2 "the interval is over"
        }

        testCaseTask "that cannot be written are a note"
        <| fun () -> task {
            let rights = [
                for verb in [ "get"; "update" ] ->
                    {
                        Verb = verb
                        Group = "apps"
                        Resource = "deployments/scale"
                    }
            ]

            use! cluster = startWith (fun _ -> None) (Some rights) (objects ())
            let! result = told cluster (decisionOf null [ "orders", 5; "payments", 4 ])
            Expect.isTrue result.IsComplete "it is scaled"
            let note = Seq.exactlyOne result.Notes

            Expect.stringStarts
                note
                "An event on Deployment orders in namespace shop: POST /apis/events.k8s.io/v1/namespaces/shop/events was answered 403"
                "what"

            Expect.stringEnds
                note
                "The right to create events is missing: add to a Role in namespace shop the rule apiGroups [\"events.k8s.io\"], resources [\"events\"], verbs [\"create\"], and bind it to who asks."
                "what to do"
        }

        testCaseTask "are cut to what the API takes"
        <| fun () -> task {
            use! cluster = start (objects ())
            use driver = driverOf cluster
            do! driver.TellFailureAsync(String.replicate 600 "→🙂", CancellationToken.None)
            let _, note = eventOf "orders" cluster |> List.exactlyOne
            Expect.stringEnds note "…" "not all of it"
            Expect.isFalse (note.Contains '\uFFFD') "no half characters"
        }
    ]
