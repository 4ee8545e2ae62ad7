/// The lag of consumer groups, from offsets as a cluster may answer them.
module Kta.Functional.Tests.Monitoring.KafkaMonitorTests

open System
open Expecto
open Confluent.Kafka
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Monitoring.Kafka.Cluster
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FakeCluster
open Kta.Functional.Tests.Monitoring.MonitorsTests

let private numbers =
    testList "the numbers" [
        testCaseTask "are the lag, the end offset and the partitions, of kafka and just read"
        <| fun () -> task {
            let! measured, notes = read [ partition 0 10L 25L; partition 1 5L 5L ]
            Expect.equal (string measured) "lag 15, partitions 2, endOffset 30" "summed"
            let from = nonNull measured.Lag.Source
            Expect.isMatch from.Name "^kafka/[0-9a-f]{12}$" "where from"
            Expect.equal (from.Age, from.At) (Nullable TimeSpan.Zero, Nullable start) "when"
            Expect.isEmpty notes "nothing to note"
        }

        testCaseTask "are of offsets that were committed before the ends were read"
        <| fun () -> task {
            let cluster = clusterOf [ partition 0 10L 25L ]
            let! _ = readIn now options cluster

            Expect.equal
                (List.map (fun (one: string) -> one.Split(' ')[0]) cluster.Asked)
                [ "topic"; "committed"; "First"; "Next" ]
                "in this order"
        }

        testCaseTask "of several topics are summed, and each source has its own"
        <| fun () -> task {
            let sources = [|
                KafkaSource(source, "g", [| "orders"; "refunds" |])
                KafkaSource(map, "h", [| "refunds" |])
            |]

            let refunds = {
                partition 0 2L 3L with
                    Topic = "refunds"
            }

            let cluster = clusterOf [ partition 0 1L 11L; refunds ]
            let! measured = readIn now (KafkaMonitorOptions("broker:9092", sources)) cluster
            Expect.equal (string measured[source]) "lag 11, partitions 2, endOffset 14" "both topics"
            Expect.equal (string measured[map]) "lag 1, partitions 1, endOffset 3" "one of them"
            Expect.containsAll cluster.Asked [ "committed g"; "committed h" ] "each as its group"
        }

        testCaseTask "of a source without a group are only what it is offered"
        <| fun () -> task {
            let groupless = [| KafkaSource(source, null, [| "orders" |]) |]
            let notes = System.Collections.Concurrent.ConcurrentQueue<string>()
            let options = KafkaMonitorOptions("broker:9092", groupless, OnNote = Action<string> notes.Enqueue)
            let cluster = clusterOf [ partition 0 unset 25L; partition 1 500L 5L ]
            let! measured = readIn now options cluster
            Expect.equal (string measured[source]) "partitions 2, endOffset 30" "no lag"

            Expect.isFalse
                (cluster.Asked |> List.exists (fun one -> one.StartsWith "committed"))
                "nobody is asked for it"

            Expect.isEmpty notes "and that is as it should be"

            let! _ =
                readIn
                    now
                    options
                    (clusterOf [
                        {
                            partition 0 unset 25L with
                                HasLeader = false
                        }
                    ])

            Expect.equal
                (List.ofSeq notes)
                [
                    "Kafka at broker:9092: what arrives at source is not known: orders/0 could not be read: it has no leader."
                ]
                "why"
        }

        testCaseTask "count from the beginning of the log where what was committed is gone"
        <| fun () -> task {
            let! measured, notes =
                read [
                    {
                        partition 0 10L 100L with
                            First = 70L
                    }
                ]

            Expect.equal (string measured) "lag 30, partitions 1, endOffset 100" "70 to 99 are there"
            Expect.isEmpty notes "deleted as they should be"
        }
    ]

let private uncommitted =
    let choices = [
        UncommittedPartitions.Unknown, Nullable()
        UncommittedPartitions.FromBeginning, Nullable 85.
        UncommittedPartitions.Nothing, Nullable 15.
    ]

    testList "a partition of which nothing is committed" [
        for choice, lag in choices do
            for none in [ unset; -1L ] do
                testCaseTask $"counts by choice: {choice}, {none}"
                <| fun () -> task {
                    let partitions = [
                        partition 0 10L 25L
                        {
                            partition 1 none 100L with
                                First = 30L
                        }
                    ]

                    let! measured, notes = readNoting now choice (clusterOf partitions)
                    Expect.equal measured.Lag.Value lag "the lag"
                    Expect.equal measured.EndOffset.Value (Nullable 125.) "is known all the same"

                    Expect.equal
                        notes
                        [
                            if choice = UncommittedPartitions.Unknown then
                                "Kafka at broker:9092: the lag of source is not known: group g has committed nothing of orders/1. Set Uncommitted if you know where it begins."
                        ]
                        "said only if it matters"
                }

            testCaseTask $"counts 0 if it has no records: {choice}"
            <| fun () -> task {
                let partitions = [
                    partition 0 10L 25L
                    {
                        partition 1 unset 30L with
                            First = 30L
                    }
                ]

                let! measured, notes = readNoting now choice (clusterOf partitions)
                Expect.equal (measured.Lag.Value, notes) (Nullable 15., []) "nothing can wait there"
            }

        for choice, lag, says in
            [
                UncommittedPartitions.Unknown,
                Nullable(),
                "the lag of source and what arrives at it are not known: MORE. Set Uncommitted if you know where it begins."
                UncommittedPartitions.FromBeginning,
                Nullable 17.,
                "what arrives at source is not known: MORE. That counts as if nothing was committed."
                UncommittedPartitions.Nothing,
                Nullable 2.,
                "what arrives at source is not known: MORE. That counts as if nothing was committed."
            ] do
            testCaseTask
                $"is one, too, of which more is committed than there is: its topic was made anew or cut, {choice}"
            <| fun () -> task {
                let anew = { partition 0 500L 20L with First = 5L }

                let! measured, notes = readNoting now choice (clusterOf [ anew; partition 1 5L 7L ])
                Expect.equal measured.Lag.Value lag "the lag"

                let more =
                    "group g has committed more of orders/0 than there is: the topic was made anew or has lost records"

                Expect.equal notes [ "Kafka at broker:9092: " + says.Replace("MORE", more) ] "why"
            }

        testCaseTask "has no lag if its topic was made anew and is empty"
        <| fun () -> task {
            let! measured, notes = read [ partition 0 500L 0L; partition 1 5L 7L ]
            Expect.equal measured.Lag.Value (Nullable 2.) "nothing can wait there"
            Expect.stringEnds notes[0] "That counts as if nothing was committed." "worth a note all the same"
        }

        testCaseTask "is named with two others, and the rest counted"
        <| fun () -> task {
            let! _, notes = read (partition 9 1L 1L :: [ for id in 0..4 -> partition id unset 5L ])
            Expect.stringContains notes[0] "nothing of orders/0, orders/1, orders/2 and 2 more." "five of them"
        }
    ]

let private groups =
    let ofKind kind choice = task {
        let cluster = new FakeCluster([ partition 0 unset 25L ], Kind = kind)
        return! readNoting now choice cluster
    }

    let refused kind = task {
        let! error = failureOf<MonitoringException, _>(fun () -> ofKind kind UncommittedPartitions.FromBeginning)
        return error.Message
    }

    let begun = "Kafka at broker:9092: the offsets that group g has committed are none, "

    let notThere =
        " Check its name and the address. It is there once something is committed: by a job of Flink with its first checkpoint, and only if checkpoints are on."

    testList "a group that has committed nothing at all" [
        testCaseTask "is a share group or a streams group, and refused as one of these"
        <| fun () -> task {
            let! message = refused GroupKind.Other

            Expect.equal
                message
                (begun
                 + "for g is a group of another kind: a share group (KIP-932), or a streams group (KIP-1071) that has committed nothing yet. What a share group has not delivered is no difference of offsets: give a consumer group. A streams group is read once it has committed something.")
                "the whole message"
        }

        testCaseTask "is not there, whatever uncommitted partitions count: a wrong name would be a giant lag"
        <| fun () -> task {
            let! message = refused GroupKind.Absent
            Expect.equal message (begun + "for there is no such group." + notThere) "the whole message"
        }

        testCaseTask "is not there, as far as the cluster says"
        <| fun () -> task {
            let! message = refused GroupKind.Unknown

            Expect.equal
                message
                (begun + "and the cluster does not say whether there is such a group." + notThere)
                "the whole message"
        }

        testCaseTask "has not begun yet: its partitions count by choice"
        <| fun () -> task {
            let! measured, _ = ofKind GroupKind.Consumer UncommittedPartitions.FromBeginning
            Expect.equal measured.Lag.Value (Nullable 25.) "all of it"
            let! measured, _ = ofKind GroupKind.Consumer UncommittedPartitions.Unknown
            Expect.equal measured.Lag Reading.Absent "nobody knows"
        }

        testCaseTask "is not looked at if it has committed something"
        <| fun () -> task {
            let cluster = new FakeCluster([ partition 0 1L 25L; partition 1 unset 3L ], Kind = GroupKind.Absent)
            let! _ = readIn now options cluster
            Expect.isFalse (List.contains "group g" cluster.Asked) "one question less"
        }
    ]

let tests = testList "The Kafka monitor" [ numbers; uncommitted; groups ]
