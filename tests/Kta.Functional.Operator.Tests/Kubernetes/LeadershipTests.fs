/// One of several processes leads.
module Kta.Functional.Operator.Tests.Kubernetes.LeadershipTests

open System
open System.Collections.Concurrent
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Operator.Tests.Kubernetes.KubernetesReplies
open Kta.Functional.Operator.Tests.Kubernetes.FakeKubernetes

let private short =
    LeadershipOptions(
        LeaseDuration = TimeSpan.FromSeconds 1.,
        RenewDeadline = TimeSpan.FromMilliseconds 600.,
        RetryPeriod = TimeSpan.FromMilliseconds 50.
    )

/// A lease that ends only when it is given back.
let private patient =
    LeadershipOptions(
        LeaseDuration = TimeSpan.FromMinutes 20.,
        RenewDeadline = TimeSpan.FromMinutes 10.,
        RetryPeriod = TimeSpan.FromMilliseconds 50.
    )

let private path = "/apis/coordination.k8s.io/v1/namespaces/shop/leases/kta-run"

let private acquire (cluster: Served) (identity: string) (options: LeadershipOptions) (token: CancellationToken) =
    Leadership.AcquireAsync(cluster.Connection, "shop", "kta-run", identity, options, token)

let private soon (task: Task) = task.WaitAsync(TimeSpan.FromSeconds 60.)

let private fired (token: CancellationToken) : Task =
    let source = TaskCompletionSource()
    token.Register(fun () -> source.TrySetResult() |> ignore) |> ignore
    soon source.Task

/// Whose requests of leases are not answered any more.
let private cutOff (identity: string ref) (asked: Asked) =
    if
        identity.Value <> ""
        && asked.Method <> "GET"
        && asked.Body.Contains $"\"{identity.Value}\""
    then
        Some(FakeSystem.status 503 "")
    else
        None

let tests =
    testList "Leader election" [
        testCaseTask "the first leads, and its lease says so"
        <| fun () -> task {
            use! cluster = start []
            use! leadership = acquire cluster "one" patient CancellationToken.None
            Expect.equal (cluster.Cluster.HolderOf path) "one" "who"
            Expect.isFalse leadership.Lost.IsCancellationRequested "it leads"
        }

        testCaseTask "another one waits, and leads as soon as the first gives it back"
        <| fun () -> task {
            use! cluster = start []
            let! first = acquire cluster "one" patient CancellationToken.None
            let looks = cluster.Asked.Length
            let second = acquire cluster "two" patient CancellationToken.None

            while cluster.Asked.Length < looks + 4 do
                do! Task.Delay 10

            Expect.isFalse second.IsCompleted "it waits"
            do! first.DisposeAsync()
            Expect.isTrue first.Lost.IsCancellationRequested "the first does not lead any more"
            use! leading = second.WaitAsync(TimeSpan.FromSeconds 60.)
            Expect.equal (cluster.Cluster.HolderOf path) "two" "without waiting for the end of the lease"
            Expect.isFalse leading.Lost.IsCancellationRequested "it leads"
        }

        testCaseTask "a leader that cannot renew stops leading, and another one leads then"
        <| fun () -> task {
            let silenced = ref ""
            use! cluster = startWith (cutOff silenced) None []
            use! first = acquire cluster "one" short CancellationToken.None
            let second = acquire cluster "two" short CancellationToken.None
            silenced.Value <- "one"
            do! fired first.Lost
            use! _ = second.WaitAsync(TimeSpan.FromSeconds 60.)
            Expect.isTrue first.Lost.IsCancellationRequested "the first knew before"
            Expect.equal (cluster.Cluster.HolderOf path) "two" "who"
        }

        testCaseTask "a server that is away for a moment ends nothing"
        <| fun () -> task {
            let away = ref 0

            use! cluster =
                startWith
                    (fun _ ->
                        if Interlocked.Decrement away >= 0 then
                            Some(FakeSystem.status 500 "")
                        else
                            None)
                    None
                    []

            use! leadership = acquire cluster "one" patient CancellationToken.None
            away.Value <- 5
            let looks = cluster.Asked.Length

            while cluster.Asked.Length < looks + 12 do
                do! Task.Delay 10

            Expect.isFalse leadership.Lost.IsCancellationRequested "it still leads"
        }

        testCaseTask "waiting can be ended"
        <| fun () -> task {
            use! cluster = start []
            use! _ = acquire cluster "one" patient CancellationToken.None
            use ending = new CancellationTokenSource()
            let second = acquire cluster "two" short ending.Token
            ending.Cancel()
            let! _ = failureOf<OperationCanceledException, _>(fun () -> second.WaitAsync(TimeSpan.FromSeconds 60.))
            Expect.equal (cluster.Cluster.HolderOf path) "one" "who"
        }

        testCaseTask "rights that are missing are told, with the rule, while it waits"
        <| fun () -> task {
            use! cluster = startWith (fun _ -> None) (Some []) []
            let notes = ConcurrentQueue<string>()
            let told = TaskCompletionSource()

            let options =
                LeadershipOptions(
                    RetryPeriod = TimeSpan.FromMilliseconds 50.,
                    OnNote =
                        fun note ->
                            notes.Enqueue note
                            told.TrySetResult() |> ignore
                )

            use ending = new CancellationTokenSource()
            let waiting = acquire cluster "one" options ending.Token
            do! soon told.Task
            let looks = cluster.Asked.Length

            while cluster.Asked.Length < looks + 3 do
                do! Task.Delay 10

            ending.Cancel()
            let! _ = failureOf<OperationCanceledException, _>(fun () -> waiting)
            let note = Seq.exactlyOne notes
            Expect.stringStarts note "Lease kta-run in namespace shop: " "which"
            Expect.stringContains note "resources [\"leases\"], verbs [\"get\"]" "what is missing"
        }

        test "times that do not fit together are refused" {
            let connection =
                new KubernetesConnection(
                    new k8s.Kubernetes(k8s.KubernetesClientConfiguration(Host = "http://127.0.0.1:1"))
                )

            let options = LeadershipOptions(LeaseDuration = TimeSpan.FromSeconds 5.)

            let error =
                failureOf<ArgumentException, _>(fun () ->
                    Leadership.AcquireAsync(connection, "shop", "kta-run", "one", options))
                |> _.GetAwaiter().GetResult()

            Expect.equal
                error.Message
                "The options of leadership are wrong: RenewDeadline has to be below LeaseDuration, got 00:00:10."
                "which"
        }
    ]
