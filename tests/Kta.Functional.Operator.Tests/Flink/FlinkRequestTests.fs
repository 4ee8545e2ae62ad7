/// What is sent to Flink, and when nothing is.
module Kta.Functional.Operator.Tests.Flink.FlinkRequestTests

open System
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Operator.Tests.Flink.FakeFlink

let private nothing =
    testList "nothing is sent" [
        testCaseTask "while plan, requirements and what runs agree"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! (result: ScalingResult) = scaled driver [ "source", 2; "map", 3 ]

            Expect.equal
                (outcomes result)
                [ "source", Some 2, 2, ScalingOutcome.Unchanged; "map", Some 3, 3, ScalingOutcome.Unchanged ]
                "both"

            Expect.isEmpty (problems result) "all is well"
            Expect.isEmpty flink.Required "no request"
        }

        testCaseTask "where Flink has been asked already and has no slots, and that is said"
        <| fun () -> task {
            use! flink =
                start {
                    observed "map" 2 running with
                        FreeSlots = 0
                }

            use driver = driverOf flink
            let! result = scaled driver [ "source", 2; "map", 3 ]

            Expect.equal
                (List.item 1 (outcomes result))
                ("map", Some 2, 3, ScalingOutcome.Unchanged)
                "it runs with less"

            Expect.equal
                (problems result)
                [
                    "Map (map) runs with 2 instances, although Flink has been asked for 3 already. None of its 8 slots is free: add task managers."
                ]
                "why"

            Expect.isEmpty flink.Required "no request"
        }

        testCaseTask "where Flink has been asked already and waits with slots free"
        <| fun () -> task {
            use! flink = start (observed "map" 2 running)
            use driver = driverOf flink
            let! result = scaled driver [ "source", 2; "map", 3 ]

            Expect.equal
                (problems result)
                [
                    "Map (map) runs with 2 instances, although Flink has been asked for 3 already. 5 of its 8 slots are free: it waits for its cooldown or a checkpoint, or the slots are too few."
                ]
                "why"
        }

        testCaseTask "again, once it has been sent"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! _ = scaled driver [ "source", 2; "map", 5 ]
            flink.Becomes(observed "map" 5 flink.Now)
            let! result = scaled driver [ "source", 2; "map", 5 ]
            Expect.equal (List.item 1 (outcomes result)) ("map", Some 5, 5, ScalingOutcome.Unchanged) "it has it"
            Expect.equal flink.Required.Length 1 "one request"
        }
    ]

let private sent =
    testList "what is sent" [
        testCaseTask "is the plan as the most instances; the least stay"
        <| fun () -> task {
            use! flink = start (running |> required [ "source", (2, 2); "map", (1, 3) ])
            use driver = driverOf flink
            let! result = scaled driver [ "source", 4; "map", 6 ]
            Expect.equal flink.Required [ [ "source", (2, 4); "map", (1, 6) ] ] "all vertices in one request"

            Expect.equal
                (outcomes result)
                [ "source", Some 2, 4, ScalingOutcome.Sent; "map", Some 3, 6, ScalingOutcome.Sent ]
                "both"
        }

        testCaseTask "lowers the least where they are above the plan, as the upstream operator leaves them"
        <| fun () -> task {
            use! flink = start (running |> required [ "source", (2, 2); "map", (3, 3) ])
            use driver = driverOf flink
            let! _ = scaled driver [ "source", 1; "map", 2 ]
            Expect.equal flink.Required [ [ "source", (1, 1); "map", (2, 2) ] ] "no bound above another"
        }

        testCaseTask "leaves vertices alone that are not decided about"
        <| fun () -> task {
            use! flink = start (running |> required [ "source", (2, 7); "map", (1, 3) ])
            use driver = driverOf flink
            let! (result: ScalingResult) = scaled driver [ "map", 4 ]
            Expect.equal flink.Required [ [ "source", (2, 7); "map", (1, 4) ] ] "source as it was"
            Expect.equal (outcomes result) [ "map", Some 3, 4, ScalingOutcome.Sent ] "one node"
        }

        testCaseTask "corrects what somebody else has asked for, and tells it"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! _ = scaled driver [ "source", 2; "map", 4 ]
            flink.Becomes(flink.Now |> observed "map" 9 |> required [ "source", (1, 2); "map", (1, 9) ])
            let! (result: ScalingResult) = scaled driver [ "source", 2; "map", 4 ]
            Expect.equal (List.last flink.Required) [ "source", (1, 2); "map", (1, 4) ] "back"
            Expect.equal (List.item 1 (outcomes result)) ("map", Some 9, 4, ScalingOutcome.Sent) "what it ran with"

            Expect.equal
                (List.ofSeq result.Notes)
                [
                    "Map (map): somebody else has asked Flink for 9 instances instead of the 4 of the decision before."
                ]
                "who"
        }

        testCaseTask "makes a requirement fit that only slots have kept from coming true"
        <| fun () -> task {
            use! flink = start (running |> required [ "source", (1, 2); "map", (1, 10) ])
            use driver = driverOf flink
            let! _ = scaled driver [ "source", 2; "map", 3 ]
            Expect.equal flink.Required [ [ "source", (1, 2); "map", (1, 3) ] ] "no surprise when slots come"
            Expect.isTrue driver.Watching.IsCompleted "nothing will change, so nothing is watched"
        }

        testCaseTask "is no more than the maximum parallelism, for then Flink would take nothing at all"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! result = scaled driver [ "source", 3; "map", 200 ]
            Expect.equal flink.Required [ [ "source", (1, 3); "map", (1, 128) ] ] "what it can have"

            Expect.equal
                (List.item 1 (outcomes result))
                ("map", Some 3, 200, ScalingOutcome.Sent)
                "with less than wanted"

            Expect.equal
                (problems result)
                [
                    "Map (map) cannot have more than 128 instances, its maximum parallelism, so it gets no 200. Lower maxParallelism of the policy, or start the job with a higher maximum parallelism."
                ]
                "why"
        }

        testCaseTask "goes to the job by its id or by its name"
        <| fun () -> task {
            for name in [ "orders"; orders.Jid; orders.Jid.ToUpperInvariant() ] do
                use! flink = start running

                use driver =
                    new FlinkScaleDriver(Kta.Functional.Files.FlinkTarget(Uri flink.Address, name, null), job, fast)

                let! _ = scaled driver [ "source", 2; "map", 4 ]
                Expect.equal flink.Required.Length 1 name
        }

        testCaseTask "follows a job that is started again under another id"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! _ = scaled driver [ "source", 2; "map", 4 ]
            let other = "00000000000000000000000000000abc"

            flink.Becomes {
                running with
                    Job = { orders with Jid = other }
            }

            let! _ = scaled driver [ "source", 2; "map", 4 ]
            let puts = flink.Asked |> List.filter (fun asked -> asked.Method = "PUT")
            Expect.equal (List.last puts).Path $"/jobs/{other}/resource-requirements" "the new one"
        }
    ]

let private rest =
    testList "besides" [
        testCaseTask "the order of the topology is that of the result"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink
            let! (result: ScalingResult) = scaled driver [ "map", 3; "source", 2 ]
            Expect.equal [ for node in result.Nodes -> string node.Node ] [ "source"; "map" ] "not that of the decision"
        }

        test "options that cannot be are refused" {
            Expect.throwsC
                (fun () ->
                    driverAt "http://127.0.0.1:1" null (FlinkScaleDriverOptions(CallLimit = TimeSpan.Zero))
                    |> ignore)
                (fun error ->
                    Expect.equal
                        error.Message
                        "The options of the Flink driver are wrong: CallLimit has to be above 0 and at most 24 days, got 00:00:00."
                        "which")
        }

        testCaseTask "credentials are sent"
        <| fun () -> task {
            use! flink = start running
            let server = Kta.Functional.Monitoring.ServerOptions(flink.Address, BearerToken = "t0ken")
            use driver = driverAt flink.Address null (FlinkScaleDriverOptions(Server = server))
            let! _ = scaled driver [ "source", 2; "map", 4 ]

            for asked in flink.Asked do
                Expect.equal (asked.Headers.TryFind "Authorization") (Some "Bearer t0ken") asked.Path
        }

        testCaseTask "a call that is ended ends"
        <| fun () -> task {
            use! flink = start running
            use driver = driverOf flink

            let! error =
                Kta.Functional.Tests.Monitoring.FakeSystem.failureOf<OperationCanceledException, _>(fun () ->
                    driver.ScaleAsync(decisionOf [ "map", 4 ], CancellationToken true))

            Expect.isNotEmpty error.Message "it is no failed node"
        }
    ]

let tests = testList "requests" [ nothing; sent; rest ]
