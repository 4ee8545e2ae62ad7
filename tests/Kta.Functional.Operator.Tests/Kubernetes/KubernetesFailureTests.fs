/// What is said when a kind or the server is not there.
module Kta.Functional.Operator.Tests.Kubernetes.KubernetesFailureTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes
open Kta.Functional.Operator.Tests.Kubernetes.Shop

let private kindProblem (apiVersion: string) (kind: string) : Task<string> = task {
    use! cluster = start []
    use driver = driverWith always [ objectOf apiVersion kind "one" ] cluster
    let! result = scaled driver [ "one", 2 ]
    Expect.isEmpty cluster.Changes "nothing was sent"
    return problems result |> List.exactlyOne
}

let private kinds =
    testList "a kind" [
        for apiVersion, kind, whole in
            [
                "apps/v1",
                "Deploiment",
                "apps/v1 has no kind Deploiment of objects in namespaces. What can be scaled: Deployment, StatefulSet."
                "apps/v1",
                "DaemonSet",
                "DaemonSet of apps/v1 cannot be scaled: it has no scale subresource. What can be scaled: Deployment, StatefulSet."
                "v1",
                "Pod",
                "Pod of v1 cannot be scaled: it has no scale subresource. What can be scaled: ReplicationController."
            ] do
            testCaseTask $"{kind} of {apiVersion} cannot be scaled, and what can be is told"
            <| fun () -> task {
                let! problem = kindProblem apiVersion kind
                Expect.equal problem whole "which"
            }

        testCaseTask "of an API that is not installed"
        <| fun () -> task {
            let! problem = kindProblem "other.example/v1" "Thing"
            Expect.stringStarts problem "Kind Thing of other.example/v1: GET /apis/other.example/v1" "what was asked"

            Expect.stringEnds
                problem
                "Is what defines it installed in the cluster, and is apiVersion right?"
                "what to do"
        }
    ]

let private at (address: string) (options: KubernetesScaleDriverOptions) (wanted: (string * int) list) : Task<string> =
    task {
        use connection =
            new KubernetesConnection(new k8s.Kubernetes(k8s.KubernetesClientConfiguration(Host = address)))

        use driver =
            new KubernetesScaleDriver(
                Kta.Functional.Files.KubernetesTarget(List.toArray both),
                "shop",
                connection,
                options
            )

        let! result = scaled driver wanted
        Expect.isFalse result.IsComplete "it has failed"
        return problems result |> List.head
    }

let private connection =
    testList "the server" [
        testCaseTask "is not there"
        <| fun () -> task {
            let! cluster = start []
            let address = cluster.Address
            do! (cluster :> IAsyncDisposable).DisposeAsync()
            let! problem = at address always [ "orders", 5; "payments", 4 ]
            Expect.stringContains problem $"Kubernetes at {address} did not answer: Connection refused" "what"
            Expect.stringContains problem "Is it running, and is it the right one?" "what to do"
        }

        testCaseTask "does not answer in time"
        <| fun () -> task {
            use! slow =
                FakeSystem.startWith (fun context _ -> task {
                    do! Task.Delay(Timeout.Infinite, context.RequestAborted)
                })

            let! problem =
                at slow.Address (KubernetesScaleDriverOptions(CallLimit = TimeSpan.FromMilliseconds 50.)) [
                    "orders", 5
                ]

            Expect.stringContains problem "did not answer within 0.05 s" "how long"
        }

        testCaseTask "breaks a call off"
        <| fun () -> task {
            use! broken = FakeSystem.startWith (fun context _ -> task { context.Abort() })
            let! problem = at broken.Address always [ "orders", 5 ]
            Expect.stringContains problem "did not answer: " "it is a failed node"
        }

        testCaseTask "does not let anybody see its kinds"
        <| fun () -> task {
            use! closed = FakeSystem.startAnswering (fun _ -> failure 403 "Forbidden" "no" "{}")
            let! problem = at closed.Address always [ "orders", 5 ]

            Expect.stringEnds
                problem
                "Who asks may not see which kinds there are: bind it to the ClusterRole system:discovery."
                "what to do"
        }

        testCaseTask "comes back: the next decision scales"
        <| fun () -> task {
            let isAway = ref true
            let objects = [ deployment "orders" 2; deployment "payments" 3 ]

            use! cluster =
                startWith
                    (fun _ ->
                        if isAway.Value then
                            Some(FakeSystem.status 500 "")
                        else
                            None)
                    None
                    objects

            use driver = driverOf cluster
            let! failed = scaled driver [ "orders", 5; "payments", 4 ]
            Expect.isFalse failed.IsComplete "away"
            isAway.Value <- false
            let! result = scaled driver [ "orders", 5; "payments", 4 ]
            Expect.isTrue result.IsComplete "back"
            Expect.equal [ for one in objects -> one.Replicas ] [ 5; 4 ] "scaled"
        }

        testCaseTask "is not asked for a node without an object"
        <| fun () -> task {
            use! cluster = start [ deployment "orders" 2 ]
            use driver = driverWith always [ List.head both ] cluster
            let! result = scaled driver [ "orders", 2; "refunds", 4 ]
            Expect.equal (problems result) [ "The policy names no object for Deployment/refunds." ] "which"
        }
    ]

let tests = testList "failures" [ kinds; connection ]
