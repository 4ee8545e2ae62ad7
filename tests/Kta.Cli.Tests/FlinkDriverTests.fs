/// The Flink scale driver against `kta flink`.
module Kta.Cli.Tests.FlinkDriverTests

open System
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Operator
open Kta.Cli.Tests.Flink

let private orders = chain "orders" 1400.0

let private driverOf (served: Served) (watch: TimeSpan) =
    new FlinkScaleDriver(
        FlinkTarget(served.Face.Address, "orders", null),
        orders.Topology,
        FlinkScaleDriverOptions(WatchInterval = watch)
    )

let private scaled (driver: ScaleDriver) (wanted: (string * int) list) : Task<ScalingResult> =
    let parallelism =
        Dictionary(dict [ for id, count in wanted -> TopologyNode.Flink id :> TopologyNode, count ])

    driver.ScaleAsync(Decision("default/orders", "1", DateTimeOffset.UnixEpoch, parallelism), CancellationToken.None)

let private outcomes (result: ScalingResult) = [
    for node in result.Nodes -> Option.ofNullable node.Observed, node.Outcome
]

let private looksOnlyWhenTold = TimeSpan.FromDays 1.0

let private working (application: Served -> Task<unit>) = serving orders application

let tests =
    testList "Flink scale driver against kta flink" [
        testCaseTask "changes the job, once, and measures how long it was down"
        <| fun () ->
            working (fun served -> task {
                use driver = driverOf served looksOnlyWhenTold
                let! first = scaled driver [ "source", 3; "map", 5 ]
                Expect.equal (outcomes first) [ Some 2, ScalingOutcome.Sent; Some 3, ScalingOutcome.Sent ] "both"

                served.Pass 10.0
                let! during = scaled driver [ "source", 3; "map", 5 ]
                Expect.isFalse during.IsComplete "it restarts"
                Expect.stringContains (nonNull during.Nodes[0].Problem) "says that orders is RESTARTING" "why"

                served.Pass 20.0
                let! after = scaled driver [ "source", 3; "map", 5 ]

                Expect.equal
                    (outcomes after)
                    [ Some 3, ScalingOutcome.Unchanged; Some 5, ScalingOutcome.Unchanged ]
                    "both"

                Expect.equal (nonNull driver.LastRescale).Took (seconds 30.0) "the downtime of the application"

                let! requests = served.Get "/kta/requests"

                Expect.equal
                    [ for request in items requests -> (at [ "body" ] request).ToJsonString() ]
                    [
                        """{"source":{"parallelism":{"lowerBound":1,"upperBound":3}},"map":{"parallelism":{"lowerBound":1,"upperBound":5}}}"""
                    ]
                    "one request"
            })

        testCaseTask "says that slots are missing, sends nothing, and has it when they come"
        <| fun () -> task {
            use! served = start orders (fun clock -> FlinkFaceOptions(Clock = clock, Slots = 4))
            use driver = driverOf served looksOnlyWhenTold
            let! _ = scaled driver [ "source", 3; "map", 6 ]
            served.Pass 60.0
            let! short = scaled driver [ "source", 3; "map", 6 ]
            Expect.equal (List.item 1 (outcomes short)) (Some 4, ScalingOutcome.Unchanged) "four of six"

            Expect.equal
                short.Nodes[1].Problem
                "map (map) runs with 4 instances, although Flink has been asked for 6 already. None of its 4 slots is free: add task managers."
                "why"

            let! _ = served.Ask Net.Http.HttpMethod.Put "/kta/slots" """{"slots":8}"""
            served.Pass 60.0
            let! whole = scaled driver [ "source", 3; "map", 6 ]
            Expect.equal (List.item 1 (outcomes whole)) (Some 6, ScalingOutcome.Unchanged) "all of them"
            let! requests = served.Get "/kta/requests"
            Expect.equal (items requests).Length 1 "one request"
        }

        testCaseTask "takes back what somebody else has asked for"
        <| fun () ->
            working (fun served -> task {
                use driver = driverOf served looksOnlyWhenTold
                let! _ = scaled driver [ "source", 2; "map", 4 ]
                served.Pass 60.0
                let! _ = served.Require [ "source", 1, 2; "map", 9, 9 ]
                served.Pass 60.0
                let! drifted = scaled driver [ "source", 2; "map", 4 ]
                Expect.equal (List.item 1 (outcomes drifted)) (Some 9, ScalingOutcome.Sent) "it ran with nine"

                Expect.stringContains
                    (Seq.exactlyOne drifted.Notes)
                    "somebody else has asked Flink for 9 instances"
                    "who"

                served.Pass 60.0
                let! json = served.InJob "/resource-requirements"
                Expect.equal (whole [ "map"; "parallelism"; "lowerBound" ] json) 4L "no least above the most"
                let! back = scaled driver [ "source", 2; "map", 4 ]
                Expect.equal (List.item 1 (outcomes back)) (Some 4, ScalingOutcome.Unchanged) "four again"
            })

        testCaseTask "watches by itself, in real time, sixty times as fast"
        <| fun () -> task {
            use! face = FlinkFace.StartAsync(orders, FlinkFaceOptions(Speed = 60.0))

            use driver =
                new FlinkScaleDriver(
                    FlinkTarget(face.Address, face.JobId, null),
                    orders.Topology,
                    FlinkScaleDriverOptions(WatchInterval = TimeSpan.FromMilliseconds 10.0)
                )

            let! _ = scaled driver [ "source", 3; "map", 5 ]
            do! driver.Watching.WaitAsync(TimeSpan.FromSeconds 60.0)
            Expect.isGreaterThan (nonNull driver.LastRescale).Took TimeSpan.Zero "it was seen"
            let! after = scaled driver [ "source", 3; "map", 5 ]

            Expect.equal
                (outcomes after)
                [ Some 3, ScalingOutcome.Unchanged; Some 5, ScalingOutcome.Unchanged ]
                "it has it"
        }
    ]
