/// The monitor against brokers of librdkafka, over the protocol of Kafka. In a process of its own: what plays the brokers is not as
/// well behaved as brokers are.
module Kta.Functional.Tests.Monitoring.KafkaClusterTests

open System
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

/// Everything the run says, and how it ends.
let private run =
    lazy
        (task {
            use started = OwnProgram.start [ "kafka" ]

            try
                return! (OwnProgram.rest started).WaitAsync(TimeSpan.FromMinutes 3.)
            finally
                if not started.HasExited then
                    started.Kill()
        })

let private said (what: string) = task {
    let! output, code = run.Value
    Expect.equal code 0 output

    return [
        for line in output.Split '\n' do
            if line.StartsWith $"{what}: " then
                line.Substring(what.Length + 2).TrimEnd()
    ]
}

let private cases = [
    "what the documentation shows does what it says",
    "snippets",
    "kafka-lag, break-even, broker-1:9092,broker-2:9092: Deployment/orders reads orders, refunds as orders, Deployment/mails reads mails as mails"
    "a source has lag, partitions and end offset of four partitions that were found",
    "first",
    "Deployment/orders: lag 5, partitions 4, endOffset 10; Deployment/mails: partitions 8, endOffset 14"
    "what arrives comes from the end offsets of two moments", "arrived", "Deployment/orders: 20; Deployment/mails: 20"
    "all else is read anew",
    "second",
    "Deployment/orders: lag 25, partitions 4, endOffset 30; Deployment/mails: partitions 8, endOffset 34"
    "what is not committed counts from the beginning, if it is to",
    "from the beginning",
    "Deployment/orders: lag 25, partitions 4, endOffset 30; Deployment/mails: lag 32, partitions 8, endOffset 34"
    "a topic that is not there is refused",
    "no topic",
    "MonitoringException: Kafka at BROKERS: the partitions of topic odrers are not there: Broker: Unknown topic or partition. Check the name and the address: another cluster may have it."
    "a topic that was asked for was not made by asking",
    "no topic again",
    "MonitoringException: Kafka at BROKERS: the partitions of topic odrers are not there: Broker: Unknown topic or partition. Check the name and the address: another cluster may have it."
    "a group that is not there is refused",
    "no group",
    "MonitoringException: Kafka at BROKERS: the offsets that group odrers has committed are none, and the cluster does not say whether there is such a group. Check its name and the address. It is there once something is committed: by a job of Flink with its first checkpoint, and only if checkpoints are on."
    "a partition without a leader makes lag and end offset absent",
    "no leader",
    "Deployment/orders: partitions 4; Deployment/mails: partitions 8"
    "a setting that the client does not know is refused",
    "unknown setting",
    "ArgumentException: The client of Kafka refuses its settings: No such configuration property: \"sasl.pasword\""
    "a setting that is wrong is refused without what is secret in it",
    "wrong setting",
    "ArgumentException: The client of Kafka refuses its settings: Invalid value \"***\" for configuration property \"security.protocol\""
    "a monitor that is disposed says so",
    "disposed",
    "ObjectDisposedException: Cannot access a disposed object. Object name: 'Kta.Functional.Monitoring.Kafka.KafkaMonitor'."
]

let tests =
    testList "Kafka over its protocol" [
        for name, what, expected in cases do
            testCaseTask name
            <| fun () -> task {
                let! lines = said what
                Expect.equal lines [ expected ] "the whole line"
            }

        testCaseTask "notes say what is absent, and why"
        <| fun () -> task {
            let! notes = said "note"

            Expect.containsAll
                notes
                [
                    "Kafka at BROKERS: the lag of Deployment/orders is not known: orders/1 could not be read: it has no leader."
                    "Kafka at BROKERS: the lag of Deployment/mails is not known: group mails has committed nothing of refunds/2, refunds/3, orders/0 and 3 more. Set Uncommitted if you know where it begins."
                ]
                "both"
        }

        testCaseTask "brokers that are gone are told with what the client says of its connections"
        <| fun () -> task {
            let! lines = said "no broker"

            Expect.isMatch
                (List.exactlyOne lines)
                "^MonitoringException: Kafka at BROKERS: the partitions of topic orders were not answered: .+ Is the broker running, is the address right, and does security.protocol fit the port\\?$"
                "why"
        }

        testCaseTask "a port that speaks HTTP is told as one that is not Kafka's"
        <| fun () -> task {
            let! lines = said "no Kafka"

            Expect.isMatch
                (List.exactlyOne lines)
                "^MonitoringException: .+ were not answered: .+ Something else than Kafka answers at this port, or Kafka with TLS: check the address, the port and security.protocol\\.$"
                "where to look"
        }

        testCaseTask "a step that may not wait does not wait for them"
        <| fun () -> task {
            let! lines = said "no time"

            Expect.isMatch
                (List.exactlyOne lines)
                "^OperationCanceledException: Kafka at BROKERS: the partitions of topic orders were not answered before the time of the step was up\\."
                "what it waited for"
        }
    ]
