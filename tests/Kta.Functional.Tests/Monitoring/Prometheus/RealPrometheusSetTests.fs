/// The ready-made sets, and an algorithm, on a real Prometheus.
module Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheusSetTests

open System
open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned
open Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheus
open Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheusTests

let private sets =
    testList "the sets" [
        withReal "of Flink: what the reporter shows of a source" (fun prometheus -> task {
            let! measured, _ =
                readFrom id (Topology.Of vertex) prometheus.Address (List.ofSeq (PrometheusQueries.Flink "shop"))

            let numbers = measured[vertex]

            Expect.equal
                [
                    for reading in [ numbers.Busy; numbers.Idle; numbers.RecordsIn; numbers.Lag; numbers.Parallelism ] ->
                        reading.LastValue
                ]
                [ Nullable 0.5; Nullable 0.45; Nullable 40.; Nullable 1000.; Nullable 2. ]
                "numbers"

            Expect.equal numbers.BackPressured.State ReadingState.Absent "what is not reported"
        })

        withReal "of kafka_exporter: a topic counts if all of its partitions do" (fun prometheus -> task {
            let whole: TopologyNode = TopologyNode.Deployment "whole"
            let torn: TopologyNode = TopologyNode.Deployment "torn"

            let check (set: IReadOnlyList<PrometheusQuery>) = task {
                let! measured, _ = readFrom id (Topology.Of(whole, torn)) prometheus.Address (List.ofSeq set)
                let found, missing = measured[whole], measured[torn]
                Expect.equal (found.Lag.LastValue, found.Partitions.LastValue) (Nullable 3., Nullable 2.) "the sums"
                Expect.isTrue (found.Lag.Age.HasValue && found.EndOffset.Age.HasValue) "they have an age"
                Expect.isGreaterThan found.ArrivalRate.LastValue.Value 0. "it grows"

                Expect.all
                    [ missing.Lag; missing.ArrivalRate; missing.EndOffset ]
                    (fun reading -> reading.State = ReadingState.Absent)
                    $"two of three partitions are no sum: {measured}"
            }

            do! prometheus.Until "count(rate(kafka_topic_partition_current_offset[1m]))" _.Contains("\"4\"")
            do! check (PrometheusQueries.KafkaExporter "shop")

            do!
                check (
                    PrometheusQueries.KafkaExporter(
                        "shop",
                        [ KeyValuePair(whole, "whole"); KeyValuePair(torn, "whole"); KeyValuePair(torn, "nowhere") ]
                    )
                )
        })

        withReal "of Kafka Streams: by either name of a counter, and no busy that is below 0" (fun prometheus -> task {
            let restoring: TopologyNode = TopologyNode.Deployment "restoring"
            let half: TopologyNode = TopologyNode.Deployment "half"
            let set = PrometheusQueries.KafkaStreams("app", window = Nullable(TimeSpan.FromSeconds 5.))

            do!
                prometheus.Until
                    "count(rate(kafka_streams_stream_thread_metrics_blocked_time_ns[5s]) > 2e9)"
                    _.Contains("\"1\"")

            let! measured, notes = readFrom id (Topology.Of(restoring, half)) prometheus.Address (List.ofSeq set)

            for node in [ restoring; half ] do
                Expect.isGreaterThan measured[node].RecordsIn.LastValue.Value 0. $"records of {node}"

            Expect.equal measured[restoring].Busy.State ReadingState.Absent "its threads are blocked more than always"
            Expect.isTrue (measured[half].Busy.LastValue.Value > 0.2) $"{measured}"
            Expect.exists notes _.Contains("for Deployment/restoring, which busy cannot be") $"{notes}"
        })

        withReal "of cAdvisor: pods that were not seen for a minute do not count" (fun prometheus -> task {
            let! measured, _ = readOf prometheus (List.ofSeq (PrometheusQueries.CAdvisor "cpu"))
            Expect.equal measured[orders].Parallelism.LastValue (Nullable 1.) "of two"
        })

        for name, set in
            [
                "of Flink, with a window",
                PrometheusQueries.Flink("shop v2", window = Nullable(TimeSpan.FromSeconds 10.))
                "of Kafka Streams", PrometheusQueries.KafkaStreams(matchers = "none=\"here\"")
                "of kafka_exporter", PrometheusQueries.KafkaExporter("g", matchers = "none=\"here\"")
                "of kafka_exporter, with topics", PrometheusQueries.KafkaExporter("g", readOnlyDict [ orders, "o.1" ])
                "of cAdvisor", PrometheusQueries.CAdvisor "shop"
            ] do
            withReal $"{name}: Prometheus takes every expression" (fun prometheus -> task {
                let! measured, notes = readOf prometheus (List.ofSeq set)
                Expect.isTrue (measured.Nodes.Count = 0 && notes |> List.forall _.EndsWith(": no data.")) $"{notes}"
            })
    ]

let private served =
    withReal "decides behind a server, on what it reads in monitor" (fun prometheus -> task {
        let constant (quantity: Quantity) (number: int) = PrometheusQuery(quantity, $"vector({number})", Node = orders)

        use monitor =
            new PrometheusMonitor(
                prometheus.Address,
                [
                    PrometheusQuery(Quantity.Lag, "sum(lag{topic=\"{node}\"})")
                    constant Quantity.ArrivalRate 400
                    constant Quantity.RecordsIn 100
                    constant Quantity.Busy 1
                    constant Quantity.Parallelism 1
                ]
            )

        do!
            Server.serve
                (Autoscaler.Create((fun context token -> monitor.MeasureAsync(context, token)), Ds2.Rule()))
                (fun server -> task {
                    let! measured = server.Call("monitor", Requests.first)
                    Expect.stringContains measured.Text "\"lag\":12" "measured"
                    let! plan = server.Call("plan", Requests.ofNodes [ "orders" ] measured.Text "{}" "[]")
                    Expect.stringContains plan.Text "\"parallelism\":4" "decided"
                })
    })

/// The last of the list.
let private ending =
    withReal "is gone when it was ended" (fun prometheus -> task {
        do! (prometheus :> IAsyncDisposable).DisposeAsync()
        let! failure = failureOf<MonitoringException, _>(fun () -> readOf prometheus [ one "lag" ])
        Expect.stringContains failure.Message "was not answered" "nobody is there"
    })

let tests =
    testSequenced
    <| testList "A real Prometheus" [ RealPrometheusTests.tests; sets; served; ending ]
