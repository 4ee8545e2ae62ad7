/// A real Prometheus, read through the public API.
module Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheusTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned
open Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheus

let one expression = PrometheusQuery(Quantity.Lag, expression, Node = orders)

let readOf (prometheus: RunningPrometheus) queries = readFrom id shop prometheus.Address queries

let private refused name expression status (words: string) (remedy: string) =
    withReal name (fun prometheus -> task {
        let! failure = failureOf<MonitoringException, _>(fun () -> readOf prometheus [ one expression ])
        Expect.equal failure.Status (Nullable status) failure.Message
        Expect.stringContains failure.Message words "what it says"
        Expect.stringContains failure.Remedy remedy "what to do"
    })

let private values =
    testList "values" [
        withReal "of all nodes by a label, aggregated, with the age of the scrape" (fun prometheus -> task {
            let! measured, notes =
                readOf prometheus [ PrometheusQuery(Quantity.Lag, "sum by (topic) (lag)", Label = "topic") ]

            Expect.equal
                [ for node in [ orders; mails ] -> measured[node].Lag.LastValue ]
                [ Nullable 12.; Nullable 1e30 ]
                "sums"

            Expect.isTrue (measured[orders].Lag.Age.HasValue && measured[orders].Lag.Source <> null) "it has an age"
            Expect.isEmpty notes "nothing to note"
        })

        withReal "of each node, whose name is escaped" (fun prometheus -> task {
            let quoted = dict' [ orders, "a\"b\\c"; mails, "else" ]

            let! measured, notes =
                readOf prometheus [
                    PrometheusQuery(Quantity.Lag, """quoted{name="{node}"}""", Names = quoted)
                    PrometheusQuery(Quantity.RecordsIn, "quoted{name=~'{node}'}", Names = quoted)
                    PrometheusQuery(Quantity.RecordsOut, "quoted{name=`{node}`}", Names = quoted)
                ]

            let numbers = measured[orders]

            Expect.equal
                [ numbers.Lag.LastValue; numbers.RecordsIn.LastValue; numbers.RecordsOut.LastValue ]
                (List.replicate 3 (Nullable 3.))
                "found"

            Expect.equal notes.Length 3 "no data for the other"
        })

        withReal "of a long expression, by POST" (fun prometheus -> task {
            let long = "sum(lag{topic=\"orders\"})" + String.replicate 500 " + 0" + " # a&b=c%20ü"
            let! measured, _ = readOf prometheus [ one long ]
            Expect.equal measured[orders].Lag.Value (Nullable 12.) "the sum"
        })

        withReal "of a scalar" (fun prometheus -> task {
            let! scalar, _ = readOf prometheus [ one "scalar(lag{topic=\"orders\",partition=\"0\"})" ]
            Expect.equal scalar[orders].Lag.Value (Nullable 5.) "the scalar"
        })

        withReal "of a range" (fun prometheus -> task {
            let range = PrometheusRange(TimeSpan.FromMinutes 1., TimeSpan.FromSeconds 0.5)

            let! measured, _ =
                readOf prometheus [
                    PrometheusQuery(Quantity.Lag, "sum by (topic) (lag)", Label = "topic", Range = range)
                ]

            Expect.equal measured[orders].Lag.LastValue (Nullable 12.) "the mean of the points"
        })

        withReal "of a rate, which has no age" (fun prometheus -> task {
            do! prometheus.Until "rate(served_total[1m])" _.Contains("orders")
            let! measured, _ = readOf prometheus [ one "sum(rate(served_total[1m]))" ]
            let lag = measured[orders].Lag
            Expect.isTrue (lag.Value.HasValue && not lag.Age.HasValue) $"{lag}"
        })
    ]

let private absent =
    testList "what is not there" [
        withReal "no data, NaN and an infinity, each with its note" (fun prometheus -> task {
            let! measured, notes = readOf prometheus [ one "nothing"; one "odd{is=\"nan\"}"; one "odd{is=\"inf\"}" ]

            Expect.equal measured[orders].Lag.State ReadingState.Absent "nothing"

            Expect.equal
                [ for note in notes -> note.Substring(note.LastIndexOf "lag: " + 5) ]
                [ "no data."; "NaN for Deployment/orders."; "Infinity for Deployment/orders." ]
                "notes"
        })

        withReal "an old sample is stale, with its age" (fun prometheus -> task {
            let! measured, _ =
                readFrom
                    (fun options ->
                        PrometheusMonitorOptions(
                            options.Server,
                            options.Queries,
                            StaleAfter = TimeSpan.FromMinutes 1.
                        ))
                    shop
                    prometheus.Address
                    [ one "old" ]

            let lag = measured[orders].Lag
            Expect.equal (lag.State, lag.LastValue) (ReadingState.Stale, Nullable 12.) "it is there, but stale"
            Expect.isGreaterThanOrEqual lag.Age.Value (TimeSpan.FromSeconds 119.) "its age"
        })

        withReal "several series for one node" (fun prometheus -> task {
            let! failure =
                failureOf<MonitoringException, _>(fun () -> readOf prometheus [ one "lag{topic=\"orders\"}" ])

            Expect.stringContains failure.Message "which differ in partition (\"0\", \"1\")." "the label"
        })

        refused "an expression that is none" "sum by (topic" 400 "parse error" "Mend the expression"
        refused "an expression that cannot be executed" "lag + on() lag" 422 "many-to-many" "sum or match"
        refused "a range vector" "lag{topic=\"orders\",partition=\"1\"}[1m]" 200 "a range vector" "avg_over_time"
        refused "a string" "\"text\"" 200 "is a string" "numbers"

        withReal "a path that leads nowhere" (fun prometheus -> task {
            let! failure =
                failureOf<MonitoringException, _>(fun () ->
                    readFrom id shop (prometheus.Address + "/prom") [ one "lag" ])

            Expect.equal failure.Status (Nullable 404) failure.Message
        })
    ]

/// Prometheus takes what it is asked for the times of samples, and answers them for the same nodes.
let private ages =
    testList "the age of" [
        for expression in
            [
                "sum by (topic) (lag)"
                "SUM(lag) BY (topic) # both"
                "avg without (partition, instance, job) (lag{topic!=\"x\"})"
                "count by (topic) (count by (topic, partition) (lag))"
                "clamp_max(max by (topic) (lag), 5)"
                "sum by (topic) (clamp_min((lag), 0))"
            ] do
            withReal expression (fun prometheus -> task {
                let! measured, _ = readOf prometheus [ PrometheusQuery(Quantity.Lag, expression, Label = "topic") ]
                Expect.all [ orders; mails ] (fun node -> measured[node].Lag.Age.HasValue) $"{measured}"
            })
    ]

let tests = testList "reads" [ values; absent; ages ]
