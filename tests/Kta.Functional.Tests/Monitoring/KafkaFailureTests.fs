/// What a cluster cannot or will not answer, and what the monitor says about it.
module Kta.Functional.Tests.Monitoring.KafkaFailureTests

open System
open System.Threading
open Expecto
open Confluent.Kafka
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Monitoring.Kafka.Cluster
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FakeCluster
open Kta.Functional.Tests.Monitoring.MonitorsTests

let private failure (cluster: FakeCluster) = failureOf<MonitoringException, _>(fun () -> readIn now options cluster)

let private topicOf = "the partitions of topic orders"
let private committedBy = "the offsets that group g has committed"

let private whole =
    let describe what =
        $"The right is missing, which says nothing about whether the {what} is there: give the user of the monitor DESCRIBE on it."

    let reach = "Is the broker running, is the address right, and does security.protocol fit the port?"

    let cases = [
        "topic", ErrorCode.TopicAuthorizationFailed, $"{topicOf} were refused: no.", describe "topic"
        "topic",
        ErrorCode.UnknownTopicOrPart,
        $"{topicOf} are not there: no.",
        "Check the name and the address: another cluster may have it."
        "topic", ErrorCode.Local_TimedOut, $"{topicOf} were not answered: no.", reach
        "topic", ErrorCode.Local_Transport, $"{topicOf} were not answered: no.", reach
        "committed", ErrorCode.GroupAuthorizationFailed, $"{committedBy} were refused: no.", describe "group"
        "committed",
        ErrorCode.GroupLoadInProgress,
        $"{committedBy} were refused: no.",
        "The broker that keeps the offsets of the group is not ready: it will be, or see its log."
        "First",
        ErrorCode.Local_NoEnt,
        "the first offsets of orders were refused: no.",
        "No partition has a leader: see the state of the brokers."
        "Next",
        ErrorCode.UnsupportedVersion,
        "the end offsets of orders were refused: no.",
        "The brokers are too old for this."
        "Next", ErrorCode.Unknown, "the end offsets of orders were refused: no.", "See the log of the broker."
    ]

    testList "a request that fails" [
        for question, code, problem, remedy in cases do
            testCaseTask $"says who was asked for what, why it failed and what to do: {question}, {code}"
            <| fun () -> task {
                let! error = failure (new FakeCluster(healthy, Fails = (question, thrown code "no")))
                Expect.equal error.Message $"Kafka at broker:9092: {problem} {remedy}" "the whole message"
                Expect.equal (error.Server, error.Remedy) ("Kafka at broker:9092", remedy) "its parts"
            }

        for code, remedy in
            [
                ErrorCode.Local_Authentication,
                "It wants to know who asks: check sasl.mechanism, sasl.username and the password."
                ErrorCode.Local_Ssl,
                "The connection is not secure: check ssl.ca.location, the name in the certificate, and whether the port speaks TLS."
                ErrorCode.Local_BadMsg,
                "Something else than Kafka answers at this port, or Kafka with TLS: check the address, the port and security.protocol."
                ErrorCode.Local_Resolve,
                "Is the name of the broker right? A broker also tells the client names of its own (advertised.listeners), which have to be known here."
            ] do
            testCaseTask $"tells why the client has no connection, not that its time was up: {code}"
            <| fun () -> task {
                let cluster =
                    new FakeCluster(
                        healthy,
                        Fails = ("topic", thrown ErrorCode.Local_TimedOut "Timed out"),
                        Trouble = Error(code, "broker:9092: so it is.")
                    )

                let! error = failure cluster

                Expect.equal
                    error.Message
                    $"Kafka at broker:9092: {topicOf} were not answered: broker:9092: so it is. {remedy}"
                    "the whole message"
            }

        testCaseTask "about a topic that is there without partitions is no empty topic"
        <| fun () -> task {
            let! error = failure (clusterOf [])

            Expect.equal
                error.Message
                $"Kafka at broker:9092: {topicOf} are none. The topic is being made or deleted: ask again."
                "the whole message"
        }

        testCaseTask "about a topic is told from its reply, too"
        <| fun () -> task {
            let! error = failure (new FakeCluster(healthy, TopicError = Error ErrorCode.TopicAuthorizationFailed))

            Expect.stringContains
                error.Message
                "were refused: Broker: Topic authorization failed. The right is missing"
                "as for others"
        }

        testCaseTask "about a node that is not in the topology says which are"
        <| fun () -> task {
            let foreign =
                KafkaMonitorOptions("broker:9092", [| KafkaSource(TopologyNode.Flink "sink", "g", [| "orders" |]) |])

            let! error = failureOf<MonitoringException, _>(fun () -> readIn now foreign (clusterOf healthy))

            Expect.equal
                error.Message
                "Kafka at broker:9092: the lag of sink was not asked for. The node is not in the topology, which has source, map: give one of these."
                "the whole message"
        }
    ]

let private part =
    let absent (cluster: FakeCluster) (why: string) = task {
        let! measured, notes = readNoting now UncommittedPartitions.FromBeginning cluster
        Expect.equal measured.Lag Reading.Absent "no smaller number"
        Expect.equal measured.Partitions.Value (Nullable 2.) "these are known"

        Expect.equal
            notes
            [ $"Kafka at broker:9092: the lag of source is not known: orders/1 could not be read: {why}" ]
            "why"

        return measured
    }

    let broken change = clusterOf [ partition 0 10L 25L; change (partition 1 5L 5L) ]
    let without id (replies: OffsetReply list) = replies |> List.filter (fun one -> one.Partition.Partition.Value <> id)
    let twice (replies: OffsetReply list) = replies @ List.filter (fun one -> one.Partition.Partition.Value = 1) replies

    testList "one partition that cannot be read makes the lag absent" [
        testCaseTask "if it has no leader, which is then not asked for its ends"
        <| fun () -> task {
            let cluster = broken (fun one -> { one with HasLeader = false })
            let! measured = absent cluster "it has no leader."
            Expect.equal measured.EndOffset Reading.Absent "a smaller counter would be a topic made anew"
            Expect.contains cluster.Asked "Next 1" "only the other one"
        }

        testCaseTask "if its end is refused"
        <| fun () -> task {
            let! measured =
                absent
                    (broken (fun one -> {
                        one with
                            NextError = ErrorCode.OffsetNotAvailable
                    }))
                    "Broker: Leader high watermark is not caught up."

            Expect.equal measured.EndOffset Reading.Absent "nor this"
        }

        testCaseTask "if its beginning is refused"
        <| fun () -> task {
            let! measured =
                absent
                    (broken (fun one -> {
                        one with
                            FirstError = ErrorCode.NotLeaderForPartition
                    }))
                    "Broker: Not leader for partition."

            Expect.equal measured.EndOffset.Value (Nullable 30.) "this is known"
        }

        testCaseTask "if what is committed of it is refused"
        <| fun () -> task {
            let! _ =
                absent
                    (broken (fun one -> {
                        one with
                            CommittedError = ErrorCode.UnstableOffsetCommit
                    }))
                    "Broker: There are unstable offsets that need to be cleared."

            return ()
        }

        for what, change in [ "not answered for", without 1; "answered for twice", twice ] do
            testCaseTask $"if it is {what}"
            <| fun () -> task {
                let! _ = absent (new FakeCluster(healthy, Change = change)) "no offset was answered."
                return ()
            }

        testCaseTask "if an end is no offset"
        <| fun () -> task {
            let! _ = absent (broken (fun one -> { one with Next = -1L })) "no offset was answered."
            return ()
        }

        for what, change in
            [
                "topic, at its end",
                (fun one -> {
                    one with
                        NextError = ErrorCode.TopicAuthorizationFailed
                })
                "topic, at what is committed",
                (fun one -> {
                    one with
                        CommittedError = ErrorCode.TopicAuthorizationFailed
                })
                "group",
                (fun one -> {
                    one with
                        CommittedError = ErrorCode.GroupAuthorizationFailed
                })
            ] do
            testCaseTask $"but a right that is missing is a failure: {what}"
            <| fun () -> task {
                let! error = failure (broken change)
                Expect.stringContains error.Message "were refused: Broker: " "what the broker says"
                Expect.stringContains error.Remedy "The right is missing" "what to do"
            }
    ]

let private time =
    testList "a step whose time is up" [
        for question, query in [ "topic", topicOf; "committed", committedBy; "Next", "the end offsets of orders" ] do
            testCaseTask $"does not wait for the client: {question}"
            <| fun () -> task {
                let cluster =
                    new FakeCluster(
                        healthy,
                        Silent = question,
                        Trouble = Error(ErrorCode.Local_Transport, "Connection refused")
                    )

                use monitor = monitorAt start options cluster
                use ending = new CancellationTokenSource()
                let reading = monitor.ReadAsync(now, ending.Token)
                Expect.isFalse reading.IsCompleted "it waits for an answer"
                ending.Cancel()
                let! error = failureOf<OperationCanceledException, _>(fun () -> reading)

                Expect.equal
                    error.Message
                    $"Kafka at broker:9092: {query} were not answered before the time of the step was up. Connection refused."
                    "what it was waiting for, and what the client says"
            }
    ]

let tests = testList "What Kafka cannot answer" [ whole; part; time ]
