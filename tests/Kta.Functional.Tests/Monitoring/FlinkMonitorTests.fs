/// The numbers that the monitor of Flink reads, against replies in the shapes of Flink's documentation.
module Kta.Functional.Tests.Monitoring.FlinkMonitorTests

open System
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies
open Kta.Functional.Tests.Monitoring.FlinkReading

let private numbers =
    testList "reads" [
        testCaseTask "rates as sums, times as averages, the lag, the limits, and who feeds whom by key"
        <| fun () -> task {
            let! measured, notes = read [ orders ]

            let expected =
                NodeMeasurements(
                    RecordsIn = 120,
                    RecordsOut = 80,
                    Busy = 0.7005,
                    BackPressured = 0.0995,
                    Idle = 0.2,
                    Lag = 5000,
                    MaxParallelism = 128,
                    Partitions = 3,
                    Parallelism = 2
                )

            let flink = MeasurementSource("flink", At = DateTimeOffset.FromUnixTimeMilliseconds orders.Now)
            let all = Measurements.Of(struct (source, expected)).From flink
            Expect.equal measured[source] all[source] "the source, with Flink's clock"

            let numbers = measured[map]

            Expect.equal
                [
                    value numbers.RecordsIn
                    value numbers.RecordsOut
                    value numbers.Busy
                    value numbers.BufferUsage
                    value numbers.Parallelism
                ]
                [ Some 80.; Some 160.; Some 0.9; Some 0.5; Some 3. ]
                "the map"

            Expect.equal (numbers.Lag, numbers.Partitions) (Reading.Absent, Reading.Absent) "what only sources have"
            Expect.sequenceEqual measured.Edges [ TopologyEdge(source, map, IsKeyed = true) ] "keyed"
            Expect.isEmpty notes "nothing to note"
        }

        testCaseTask "the busy time of the hottest instance, for the rule that wants it"
        <| fun () -> task {
            let! measured, _ = readWith (withBusy FlinkAggregation.Maximum) context (answer [ orders ])
            Expect.equal (value measured[source].Busy, value measured[source].Idle) (Some 0.9, Some 0.2) "its largest"
        }

        testCaseTask "several sources chained in one vertex as their sum"
        <| fun () -> task {
            let two =
                withMetric "Source__Other.pendingRecords" (all "7")
                >> withMetric "Source__Other.numRecordsInPerSecond" (all "5")

            let! measured, _ = read [ orders |> change "source" two ]
            Expect.equal (value measured[source].Lag, value measured[source].RecordsIn) (Some 5007., Some 125.) "both"
        }

        testCaseTask "what a source gives out where it does not say what it takes in"
        <| fun () -> task {
            let! measured, _ =
                read [ orders |> change "source" (withoutMetric "Source__Kafka.numRecordsInPerSecond") ]

            Expect.equal
                (value measured[source].RecordsIn)
                (Some 119.)
                "of the source operator, not of the filter behind it"
        }

        testCaseTask "the names as they are, whatever letters they have"
        <| fun () -> task {
            let odd = "Source__a+b#c&d=e/f;g?h@i$j[1]é.pendingRecords"
            let! measured, _ = read [ orders |> change "source" (withMetric odd (all "1")) ]
            Expect.equal (value measured[source].Lag) (Some 5001.) "with the odd one"
        }

        testCaseTask "many metrics in several requests, none longer than Flink's server reads"
        <| fun () -> task {
            let many =
                List.init 200 (fun i -> $"Source__{i}_with_a_rather_long_name_of_an_operator.pendingRecords", all "1")

            let longest = ref 0

            let reply (asked: Asked) =
                longest.Value <- max longest.Value asked.Path.Length

                answer
                    [
                        orders
                        |> change "source" (fun one -> {
                            one with
                                Metrics = one.Metrics @ many
                        })
                    ]
                    asked

            let! measured, _ = readWith id context reply
            Expect.equal (value measured[source].Lag) (Some 5200.) "all of them"
            Expect.isLessThan longest.Value 4000 "a line Netty takes"
        }

        for what, metric, expected in
            [
                "a whole number", all "500", Some 0.5
                "a floating one", all "500.0", Some 0.5
                "one with an exponent", all "5.0E2", Some 0.5
                "text", all "\"500.0\"", Some 0.5
                "NaN as text", all "\"NaN\"", None
                "NaN as a bare word", all "NaN", None
                "an infinity", all "Infinity", None
                "null", all "null", None
                "no aggregate", """{"id":"?"}""", None
                "more than all time by rounding", all "1000.6", Some 1.
                "another unit", all "350000", None
                "a negative one", all "-1", None
            ] do
            testCaseTask $"busy times that are {what}"
            <| fun () -> task {
                let! measured, _ = read [ orders |> change "map" (withMetric "busyTimeMsPerSecond" metric) ]

                Expect.equal
                    (value measured[map].Busy, value measured[map].RecordsIn)
                    (expected, Some 80.)
                    "and the rest as ever"
            }

        testCaseTask "partitions of several clusters and of Pulsar, each once"
        <| fun () -> task {
            let metrics = [
                for name in
                    [
                        "Source__A.kafkaCluster.east.KafkaSourceReader.topic.t.partition.0.currentOffset"
                        "Source__A.kafkaCluster.west.KafkaSourceReader.topic.t.partition.0.currentOffset"
                        "Source__A.kafkaCluster.west.KafkaSourceReader.topic.t.partition.0.committedOffset"
                        "Source__P.PulsarConsumer.persistent_//public/default/t-partition-1.abc.numMsgsReceived"
                        "Source__P.PulsarConsumer.persistent_//public/default/t-partition-1.xyz.numMsgsReceived"
                    ] -> name, all "1"
            ]

            let! measured, _ = read [ orders |> change "source" (fun one -> { one with Metrics = metrics }) ]
            Expect.equal (value measured[source].Partitions) (Some 3.) "east, west, Pulsar"
        }
    ]

let private missing =
    testList "does not invent" [
        testCaseTask "sums that Flink calls incomplete"
        <| fun () -> task {
            let! measured, notes =
                read [ orders |> change "source" (fun one -> { one with IsComplete = false, false }) ]

            let numbers = measured[source]

            Expect.equal
                [ numbers.RecordsIn; numbers.RecordsOut; numbers.Lag ]
                (List.replicate 3 Reading.Absent)
                "absent"

            Expect.equal (value numbers.Busy) (Some 0.7005) "a mean of those that are known"
            Expect.stringContains (List.exactlyOne notes) "Source: Kafka -> Filter (source)" "said"
        }

        testCaseTask "a metric that is gone between the list and the question: it is asked for once more"
        <| fun () -> task {
            let lists = ref 0

            let reply (asked: Asked) =
                let jobs =
                    // The first list of the map has a name that nobody knows afterwards.
                    if asked.Path.EndsWith "map/subtasks/metrics" && Interlocked.Increment lists = 1 then
                        [
                            orders
                            |> change "map" (withMetric "Shuffle.Netty.Input.Buffers.inPoolUsage" (all "1"))
                        ]
                    else
                        [ orders ]

                answer jobs asked

            let! measured, notes = readWith id context reply
            Expect.equal (value measured[map].RecordsIn, lists.Value, notes) (Some 80., 2, []) "the second time"
        }

        testCaseTask "anything when the names never fit, and says so"
        <| fun () -> task {
            let reply (asked: Asked) =
                if asked.Path.Contains "map/subtasks/metrics?" then
                    ok "[]"
                else
                    answer [ orders ] asked

            let! measured, notes = readWith id context reply
            Expect.equal (measured[map].RecordsIn, value measured[map].Parallelism) (Reading.Absent, Some 3.) "absent"
            Expect.stringContains (List.exactlyOne notes) "Map (map) has no metrics" "said"
        }

        for state in [ "RESTARTING"; "CREATED"; "RECONCILING" ] do
            testCaseTask $"rates of a job that is {state}"
            <| fun () -> task {
                let! measured, notes = read [ { orders with State = state } ]

                Expect.equal
                    (measured[map].RecordsIn, value measured[map].Parallelism)
                    (Reading.Absent, Some 3.)
                    "no rates"

                Expect.stringContains (List.exactlyOne notes) $"orders is {state}" "said"
            }

        testCaseTask "anything of a job that is still being made"
        <| fun () -> task {
            let! measured, notes =
                read [
                    {
                        orders with
                            State = "INITIALIZING"
                            Vertices = []
                    }
                ]

            Expect.equal measured Measurements.Nothing "nothing"
            Expect.stringContains (List.exactlyOne notes) "nothing is known" "said"
        }

        testCaseTask "who feeds whom in a job that has no plan yet"
        <| fun () -> task {
            let reply (asked: Asked) =
                let it = answer [ { orders with State = "CREATED" } ] asked
                let at = it.Body.IndexOf "\"nodes\":"

                if at < 0 then
                    it
                else
                    {
                        it with
                            Body = it.Body.Substring(0, at) + "\"nodes\":[]}}"
                    }

            let! measured, _ = readWith id context reply
            Expect.isNull measured.Edges "not known"
        }
    ]

let tests = testList "Flink monitor" [ numbers; missing ]
