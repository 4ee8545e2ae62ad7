/// What is said when a job cannot be scaled for what it is.
module Kta.Functional.Operator.Tests.Flink.FlinkStateTests

open Expecto
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Operator.Tests.Flink.FakeFlink
open Kta.Functional.Operator.Tests.Flink.FailingFlink

let tests =
    testList "the state of the job" [
        for state in [ "INITIALIZING"; "CREATED"; "RESTARTING"; "RECONCILING" ] do
            testCaseTask $"{state}: it is left alone, and that is said"
            <| fun () -> task {
                do!
                    failure (inState state running) unanswered (fun address -> [
                        $"Flink at {address}: GET {jobPath} says that orders is {state}: nothing was sent. It is tried again with the next decision."
                        "see the exceptions of the job in Flink"
                    ])
            }

        for state in [ "FAILING"; "CANCELLING" ] do
            testCaseTask $"{state}: there is nothing to scale"
            <| fun () -> task {
                do!
                    failure (inState state running) unanswered (fun _ -> [
                        $"says that orders is {state}: nothing was sent. It can be scaled when it runs again."
                    ])
            }

        for state in [ "FINISHED"; "FAILED"; "CANCELED"; "SUSPENDED" ] do
            testCaseTask $"{state}: it has to be started again"
            <| fun () -> task {
                do!
                    failure (inState state running) unanswered (fun _ -> [
                        $"names no job 'orders' that runs. It has: orders ({orders.Jid}, {state}). Start the job again."
                    ])
            }

        testCaseTask "no job of that name"
        <| fun () -> task {
            do!
                failure
                    {
                        running with
                            Job = { orders with JobName = "payments" }
                    }
                    unanswered
                    (fun _ -> [ "names no job 'orders'."; "It has: payments" ])
        }

        testCaseTask "another scheduler, where Flink says which"
        <| fun () -> task {
            do!
                failure
                    {
                        running with
                            Scheduler = Some "Default"
                    }
                    unanswered
                    (fun _ -> [
                        "says that orders runs with the scheduler Default."
                        "set jobmanager.scheduler: adaptive"
                    ])
        }

        testCaseTask "another scheduler, where only its refusal tells"
        <| fun () -> task {
            let refusal =
                serverSide
                    "java.lang.UnsupportedOperationException: The DefaultScheduler does not support changing the parallelism without a job restart. This feature is currently only expected to work with the AdaptiveScheduler."

            do!
                failure running (on "GET" requirementsPath refusal) (fun _ -> [
                    "says that the scheduler of orders cannot change its parallelism."
                    "set jobmanager.scheduler: adaptive"
                ])
        }

        testCaseTask "vertices that it does not have fail by themselves, and the others are scaled"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! result = scaled driver [ "source", 2; "map", 5; "sink", 4 ]

            Expect.equal
                (outcomes result)
                [
                    "source", Some 2, 2, ScalingOutcome.Unchanged
                    "map", Some 3, 5, ScalingOutcome.Sent
                    "sink", None, 4, ScalingOutcome.Failed
                ]
                "one of three"

            Expect.equal
                (problems result)
                [
                    $"Flink at {flink.Address}: GET {jobPath} says that orders has no vertex sink. Name vertices of the job in the policy's topology; it has: source (Source: Kafka -> Filter), map (Map)."
                ]
                "which there are"

            Expect.equal flink.Required [ [ "source", (1, 2); "map", (1, 5) ] ] "the others"
        }
    ]
