/// The Kafka monitor as the monitor step of a served algorithm.
module Kta.Functional.Tests.Monitoring.KafkaServedTests

open System
open System.Text.RegularExpressions
open Expecto
open Confluent.Kafka
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeCluster

let private served (cluster: FakeCluster) (check: Server.RunningServer -> System.Threading.Tasks.Task<unit>) = task {
    let orders = KafkaMonitorOptions("broker:9092", [| KafkaSource(Calls.orders, "g", [| "orders" |]) |])
    use kafka = monitorAt (DateTimeOffset.FromUnixTimeMilliseconds 1_700_000_100_000L) orders cluster
    do! Server.serve (Autoscaler.Create((fun ctx token -> kafka.MeasureAsync(ctx, token)), KafkaLag.Rule())) check
}

let private measured (numbers: string) =
    """{"sources":[{"name":"kafka/NAME","age":0,"at":1700000100000,"nodes":{"Deployment/orders":{NUMBERS}}}]}"""
        .Replace("NUMBERS", numbers)

/// What a reply calls its source, and the reply with NAME for it.
let private named (reply: string) =
    let name = (Regex "kafka/([0-9a-f]{12})").Match(reply).Groups[1].Value
    name, reply.Replace(name, "NAME")

let tests =
    testList "A served Kafka monitor" [
        testCaseTask "measures, and what arrives from the history on"
        <| fun () ->
            served (clusterOf healthy) (fun server -> task {
                let! first = server.Call("monitor", Requests.first)
                let name, text = named first.Text
                Expect.equal text (measured "\"lag\":15,\"partitions\":2,\"endOffset\":30") "what the log has"

                let tenSecondsAgo =
                    (Requests.entry (measured "\"lag\":5,\"partitions\":2,\"endOffset\":10") "{}")
                        .Replace("NAME", name)
                        .Replace("\"at\":1700000100000", "\"at\":1700000090000")

                let! second = server.Call("monitor", Requests.withHistory [ tenSecondsAgo ])

                Expect.equal
                    (snd (named second.Text))
                    (measured "\"lag\":15,\"arrivals\":2,\"partitions\":2,\"endOffset\":30")
                    "20 in 10 s"
            })

        testCaseTask "tells the operator why it cannot"
        <| fun () -> task {
            let cluster =
                new FakeCluster(
                    healthy,
                    Fails = ("topic", thrown ErrorCode.Local_TimedOut "Timed out"),
                    Trouble = Error(ErrorCode.Local_Transport, "broker:9092: Connection refused")
                )

            do!
                served cluster (fun server -> task {
                    let! refused = server.Call("monitor", Requests.first)
                    Expect.equal refused.Status 500 refused.Text

                    Expect.stringContains
                        refused.Message
                        "Kafka at broker:9092: the partitions of topic orders were not answered: broker:9092: Connection refused. Is the broker running"
                        "all of it"
                })
        }
    ]
