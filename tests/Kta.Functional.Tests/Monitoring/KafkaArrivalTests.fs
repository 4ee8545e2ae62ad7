/// What arrives at topics, from their end offsets at two moments.
module Kta.Functional.Tests.Monitoring.KafkaArrivalTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Tests.Monitoring.FakeCluster
open Kta.Functional.Tests.Monitoring.MonitorsTests

let tests =
    let later seconds before =
        MonitoringContext(job, start.AddSeconds seconds, PastMeasurements(start, before))

    let numbersOf (ends: int64 list) = ends |> List.mapi (fun id next -> partition id 0L next) |> clusterOf

    let between seconds (before: int64 list) (after: int64 list) = task {
        let! measured = readIn now options (numbersOf before)
        return! readNoting (later seconds measured) UncommittedPartitions.Unknown (numbersOf after)
    }

    let notKnown seconds before after why = task {
        let! measured, notes = between seconds before after
        Expect.equal measured.ArrivalRate Reading.Absent "no number"
        let said = "Kafka at broker:9092: what arrives at source is not known this time: "
        Expect.equal notes [ for reason in why -> said + reason ] "why"
    }

    testList "What arrives at Kafka" [
        testCaseTask "is the growth of the end offsets since the iteration before"
        <| fun () -> task {
            let! measured, notes = between 20. [ 100L; 50L ] [ 130L; 60L ]
            Expect.equal (measured.ArrivalRate.Value, notes) (Nullable 2., []) "40 in 20 s"
            Expect.equal (nonNull measured.ArrivalRate.Source).Name "kafka" "where from"
            let! measured, _ = between 20. [ 100L; 50L ] [ 100L; 50L ]
            Expect.equal measured.ArrivalRate.Value (Nullable 0.) "nothing is a number, too"
        }

        testCaseTask "is not known in the first iteration"
        <| fun () -> task {
            let! measured, notes = read [ partition 0 1L 2L ]
            Expect.equal (measured.ArrivalRate, notes) (Reading.Absent, []) "and needs no word"
        }

        testCaseTask "is not known if no time has passed"
        <| fun () -> notKnown 0. [ 1L ] [ 9L ] []
        testCaseTask "is not known if time went back"
        <| fun () -> notKnown -5. [ 1L ] [ 9L ] []

        testCaseTask "is not known if the topic was made anew"
        <| fun () -> notKnown 20. [ 100L; 50L ] [ 3L; 60L ] [ "its end offsets went back, so a topic was made anew." ]

        testCaseTask "is not known if partitions are gone"
        <| fun () -> notKnown 20. [ 5L; 5L ] [ 100L ] [ "it had 2 partitions and has 1." ]

        testCaseTask "is not known if partitions came: they may belong to a topic that was there all the time"
        <| fun () -> notKnown 20. [ 5L ] [ 5L; 1_000_000_000L ] [ "it had 1 partitions and has 2." ]

        testCaseTask "is not known from the end offsets of another monitor"
        <| fun () -> task {
            let before =
                Measurements.Of(struct (source, NodeMeasurements(EndOffset = 5, Partitions = 1))).From("prometheus")

            let! measured, _ =
                readNoting (later 20. before) UncommittedPartitions.Unknown (clusterOf [ partition 0 0L 9L ])

            Expect.equal measured.ArrivalRate Reading.Absent "they count something else"
        }

        testCaseTask "is not known while the end of a partition is not"
        <| fun () -> task {
            let! measured = readIn now options (numbersOf [ 100L; 50L ])

            let leaderless =
                clusterOf [
                    partition 0 0L 900L
                    {
                        partition 1 0L 50L with
                            HasLeader = false
                    }
                ]

            let! measured, _ = readNoting (later 20. measured) UncommittedPartitions.Unknown leaderless
            Expect.equal (string measured) "partitions 2" "neither now"
        }
    ]
