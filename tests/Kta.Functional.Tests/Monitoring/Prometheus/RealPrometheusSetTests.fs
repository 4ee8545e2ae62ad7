/// The ready-made sets, and an algorithm, on a real Prometheus.
module Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheusSetTests

open System
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

        for name, set in
            [
                "of Flink, with a window",
                PrometheusQueries.Flink("shop v2", window = Nullable(TimeSpan.FromSeconds 10.))
                "of Kafka Streams", PrometheusQueries.KafkaStreams()
                "of kafka_exporter", PrometheusQueries.KafkaExporter "g"
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
