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

    let others =
        "the end offsets before were of other topics or partitions, or of another cluster, group or monitor."

    testList "What arrives at Kafka" [
        testCaseTask "is the growth of the end offsets since the iteration before"
        <| fun () -> task {
            let! measured, notes = between 20. [ 100L; 50L ] [ 130L; 60L ]
            Expect.equal (measured.ArrivalRate.Value, notes) (Nullable 2., []) "40 in 20 s"
            Expect.stringStarts (nonNull measured.ArrivalRate.Source).Name "kafka/" "where from"
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

        testCaseTask "is of the time between the readings, not between the starts of the iterations"
        <| fun () -> task {
            let read (at: float) context ends = task {
                use monitor = monitorAt (start.AddSeconds at) options (numbersOf ends)
                return! monitor.ReadAsync(context, Threading.CancellationToken.None)
            }

            // It was slow the first time, and quick the second.
            let! before = read 8. now [ 100L ]
            let! measured = read 21. (later 20. before) [ 126L ]
            Expect.equal measured[source].ArrivalRate.Value (Nullable 2.) "26 in 13 s"
        }

        testCaseTask "is not known if the end offsets went back"
        <| fun () ->
            notKnown 20. [ 100L; 50L ] [ 3L; 60L ] [
                "its end offsets went back, so a topic has lost records or was made anew."
            ]

        testCaseTask
            "is not known while more is committed than there is: a topic was made anew, whatever the others grew by"
        <| fun () -> task {
            let! measured = readIn now options (clusterOf [ partition 0 90L 100L; partition 1 50L 50L ])
            let anew = clusterOf [ partition 0 90L 1_000_000L; partition 1 50L 3L ]
            let! measured, notes = readNoting (later 20. measured) UncommittedPartitions.Nothing anew
            Expect.equal measured.ArrivalRate Reading.Absent "no number"
            Expect.stringStarts notes[0] "Kafka at broker:9092: what arrives at source is not known: group g" "why"
        }

        testCaseTask "is not known if partitions are gone"
        <| fun () -> notKnown 20. [ 5L; 5L ] [ 100L ] [ others ]

        testCaseTask "is not known if partitions came: they may belong to a topic that was there all the time"
        <| fun () -> notKnown 20. [ 5L ] [ 5L; 1_000_000_000L ] [ others ]

        testList "is not known from the end offsets" [
            let clusterWith (topics: (string * int64) list) =
                topics
                |> List.mapi (fun id (topic, next) -> {
                    partition id 0L next with
                        Topic = topic
                })
                |> clusterOf

            let reads (topics: string list) = [| KafkaSource(source, "g", topics) |]
            let two = KafkaMonitorOptions("broker:9092", reads [ "orders"; "refunds" ])
            let before = [ "orders", 10L; "orders", 10L; "refunds", 10L ]

            for what, optionsAfter, after in
                [
                    "of another topic",
                    KafkaMonitorOptions("broker:9092", reads [ "mails" ]),
                    clusterWith [ "mails", 500L; "mails", 500L; "mails", 500L ]
                    "of one topic less",
                    KafkaMonitorOptions("broker:9092", reads [ "orders" ]),
                    clusterWith [ "orders", 500L; "orders", 500L; "orders", 500L ]
                    "of as many partitions, of which each topic has others",
                    two,
                    clusterWith [ "orders", 500L; "refunds", 500L; "refunds", 500L ]
                    "of another cluster", KafkaMonitorOptions("other:9092", two.Sources), clusterWith before
                ] do
                testCaseTask what
                <| fun () -> task {
                    let notes = ResizeArray<string>()
                    let! measured = readIn now two (clusterWith before)

                    let noting =
                        KafkaMonitorOptions(
                            optionsAfter.BootstrapServers,
                            optionsAfter.Sources,
                            OnNote = Action<string> notes.Add
                        )

                    let! measured = readIn (later 20. measured) noting after
                    Expect.equal measured[source].ArrivalRate Reading.Absent "no number"
                    Expect.all notes (fun note -> note.EndsWith others) "why"
                    Expect.hasLength notes 1 "once"
                }

            testCaseTask "of another order of the same topics it is"
            <| fun () -> task {
                let! measured = readIn now two (clusterWith before)
                let turned = KafkaMonitorOptions("broker:9092", reads [ "refunds"; "orders" ])

                let! measured =
                    readIn (later 20. measured) turned (clusterWith [ "orders", 10L; "orders", 10L; "refunds", 50L ])

                Expect.equal measured[source].ArrivalRate.Value (Nullable 2.) "the same"
            }
        ]

        testCaseTask "is not known from the end offsets of another monitor"
        <| fun () -> task {
            let before =
                Measurements
                    .Of(struct (source, NodeMeasurements(EndOffset = 5, Partitions = 1)))
                    .From(MeasurementSource("prometheus", At = start))

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
