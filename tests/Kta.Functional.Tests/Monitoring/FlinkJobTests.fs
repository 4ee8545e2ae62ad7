/// Which job the monitor of Flink reads, and what it works out about it.
module Kta.Functional.Tests.Monitoring.FlinkJobTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Tests.Monitoring.FlinkReading

let private finding =
    let other = {
        orders with
            Jid = "00000000000000000000000000000001"
            JobName = "payments"
            Vertices = []
    }

    let ended = {
        orders with
            Jid = "00000000000000000000000000000002"
            State = "CANCELED"
            Vertices = []
    }

    testList "finds the job" [
        testCaseTask "by its name, among others and earlier runs of it"
        <| fun () -> task {
            let! measured, _ = read [ other; ended; orders ]
            Expect.equal (value measured[map].RecordsIn) (Some 80.) "the one that runs"
        }

        testCaseTask "that runs, while the one before it is still being cancelled"
        <| fun () -> task {
            let! measured, _ =
                read [
                    {
                        orders with
                            Jid = "00000000000000000000000000000009"
                            State = "CANCELLING"
                    }
                    orders
                ]

            Expect.equal (value measured[map].RecordsIn) (Some 80.) "the one that runs"
        }

        testCaseTask "by its id, in capitals too"
        <| fun () -> task {
            let! measured, _ = readWith (withJob (orders.Jid.ToUpperInvariant())) context (answer [ other; orders ])
            Expect.equal (value measured[map].RecordsIn) (Some 80.) "that one"
        }

        testCaseTask "without a name, if only one runs"
        <| fun () -> task {
            let! measured, _ = readWith (withJob null) context (answer [ ended; orders ])
            Expect.equal (value measured[map].RecordsIn) (Some 80.) "the only one"
        }

        for what, name, jobs, expected in
            [
                "no job has the name",
                ("order": string | null),
                [ orders; other ],
                [ "no job 'order'"; $"orders ({orders.Jid}, RUNNING), payments"; "Check the name" ]
                "there are no jobs", "orders", [], [ "It has no jobs." ]
                "it has ended", "orders", [ ended ], [ "no job 'orders' that runs"; "CANCELED"; "Start the job again" ]
                "several have it",
                "orders",
                [
                    orders
                    {
                        orders with
                            Jid = "00000000000000000000000000000003"
                    }
                ],
                [ "2 jobs 'orders' that run"; "by its id" ]
                "none is named, and several run", null, [ orders; other ], [ "2 jobs that run"; "by its name" ]
                "it is failing", "orders", [ { orders with State = "FAILING" } ], [ "orders is FAILING" ]
                "it is being cancelled", "orders", [ { orders with State = "CANCELLING" } ], [ "orders is CANCELLING" ]
            ] do
            testCaseTask $"or says that {what}"
            <| fun () -> task {
                let! error = failing (withJob name) (answer jobs)

                for part in expected do
                    Expect.stringContains error.Message part "what, and what to do"
            }

        testCaseTask "and names the vertices it has, where the topology has others"
        <| fun () -> task {
            let strange = Topology.Of(source, TopologyNode.Flink "mop", TopologyNode.Deployment "map")

            let! error =
                failureOf<MonitoringException, _>(fun () ->
                    readWith id (MonitoringContext(strange, start)) (answer [ orders ]))

            Expect.stringContains error.Message "orders has no vertex mop, Deployment/map" "those"
            Expect.stringContains error.Message "it has: source (Source: Kafka -> Filter), map (Map)" "these"
        }
    ]

let private arriving =
    let beforeAt (milliseconds: int64) (lag: float) (parallelism: int) =
        let numbers (parallelism: int) = NodeMeasurements(RecordsIn = 1, Lag = lag, Parallelism = parallelism)

        PastMeasurements(
            start.AddSeconds -1.,
            Measurements
                .Of(struct (source, numbers parallelism), struct (map, numbers 3))
                .From(MeasurementSource("flink", At = DateTimeOffset.FromUnixTimeMilliseconds milliseconds))
        )

    let readAfter before jobs = readWith id (MonitoringContext(job, start, before)) (answer jobs)

    testList "works out what arrives" [
        testCaseTask "by Flink's own clock, whatever the operator's shows"
        <| fun () -> task {
            let! measured, _ = readAfter (beforeAt (orders.Now - 60_000L) 4400. 2) [ orders ]
            Expect.equal (value measured[source].ArrivalRate) (Some 130.) "120 taken in, and 600 more in a minute"
        }

        testCaseTask "but not while a job that stood still is in between"
        <| fun () -> task {
            let restarted = {
                orders with
                    RunningSince = orders.Now - 30_000L
            }

            let! measured, _ = readAfter (beforeAt (orders.Now - 60_000L) 4400. 2) [ restarted ]
            Expect.equal measured[source].ArrivalRate Reading.Absent "absent"
        }

        testCaseTask "nor from the lag of another system, which was merged in"
        <| fun () -> task {
            let kafka =
                (beforeAt (orders.Now - 60_000L) 4400. 2)
                    .Measurements.And(Measurements.Of(struct (source, NodeMeasurements(Lag = 300_000))).From "kafka")

            let! measured, _ = readAfter (PastMeasurements(start.AddSeconds -60., kafka)) [ orders ]
            Expect.equal measured[source].ArrivalRate Reading.Absent "two lags of two kinds"
        }

        testCaseTask "nor after a rescale"
        <| fun () -> task {
            let! measured, _ = readAfter (beforeAt (orders.Now - 60_000L) 4400. 1) [ orders ]
            Expect.equal measured[source].ArrivalRate Reading.Absent "absent"
        }
    ]

let private stepping =
    testList "is the monitor step" [
        testCaseTask "of an algorithm in F#"
        <| fun () -> task {
            use! manager = startAnswering (answer [ orders ])
            use flink = new FlinkMonitor(manager.Address, "orders")

            let request =
                """{"id":"a","udfStartTimestampMillis":1,"topology":[{"type":"flinkStreamingGraphNode","fields":"id=map"}],"monitorResult":{},"analyzeResult":{},"resultHistory":[]}"""

            let algorithm = Autoscaler.Create((fun ctx token -> flink.MeasureAsync(ctx, token)), Ds2.Rule())

            do!
                Server.serve algorithm (fun server -> task {
                    let! reply = server.Call("monitor", request)
                    Expect.stringContains reply.Text "\"busy\":0.9" "the measurements"
                })
        }
    ]

let tests = testList "The job of a Flink monitor" [ finding; arriving; stepping ]
