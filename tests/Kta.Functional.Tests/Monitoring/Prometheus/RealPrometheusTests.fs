/// A real Prometheus, read through the public API.
module Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheusTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Monitoring
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private vertex: TopologyNode = TopologyNode.Flink "bc764cd8ddf7a0cff126f51c16239658"

/// Everything the tests ask about; some samples carry the time of two minutes ago.
let private metrics () =
    let now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()
    let flink = "flink_taskmanager_job_task_"
    let labels = $"""job_name="shop",task_id="{vertex.Fields.Substring 3}" """.Trim()

    String.concat "\n" [
        """lag{topic="orders",partition="0"} 5"""
        """lag{topic="orders",partition="1"} 7"""
        """lag{topic="mails",partition="0"} 1e+30"""
        """quoted{name="a\"b\\c"} 3"""
        """odd{is="nan"} NaN"""
        """odd{is="inf"} +Inf"""
        $"""old{{topic="orders"}} 12 {now - 120_000L}"""
        $"""served_total{{topic="orders"}} {float now / 1e3 % 1e6}"""
        $"""{flink}busyTimeMsPerSecond{{{labels},subtask_index="0"}} 250"""
        $"""{flink}busyTimeMsPerSecond{{{labels},subtask_index="1"}} 750"""
        $"""{flink}idleTimeMsPerSecond{{{labels},subtask_index="0"}} 700"""
        $"""{flink}idleTimeMsPerSecond{{{labels},subtask_index="1"}} 200"""
        $"""{flink}numRecordsInPerSecond{{{labels},subtask_index="0"}} 0"""
        $"""{flink}operator_numRecordsInPerSecond{{{labels},operator_name="Source:_orders",subtask_index="0"}} 40"""
        $"""{flink}operator_numRecordsInPerSecond{{{labels},operator_name="Map",subtask_index="0"}} 39"""
        $"""{flink}operator_pendingRecords{{{labels},operator_name="Source:_orders",subtask_index="0"}} 1000"""
        ""
    ]

let private started = lazy (RealPrometheus.start metrics)

let private withReal (name: string) (check: RealPrometheus.RunningPrometheus -> Task<unit>) =
    testCaseTask name
    <| fun () -> task {
        if not RealPrometheus.isInstalled then
            skiptest "There is no /usr/bin/prometheus: apt-get install prometheus."

        let! prometheus = started.Value
        do! check prometheus
    }

let private one expression = PrometheusQuery(Quantity.Lag, expression, Node = orders)

let private readOf (prometheus: RealPrometheus.RunningPrometheus) queries = readFrom id shop prometheus.Address queries

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

        withReal "of a scalar and of a range vector" (fun prometheus -> task {
            let! scalar, _ = readOf prometheus [ one "scalar(lag{topic=\"orders\",partition=\"0\"})" ]
            Expect.equal scalar[orders].Lag.Value (Nullable 5.) "the scalar"
            let! range, _ = readOf prometheus [ one "lag{topic=\"orders\",partition=\"1\"}[1m]" ]
            Expect.equal range[orders].Lag.LastValue (Nullable 7.) "the mean of the samples"
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
            do! prometheus.Until "rate(served_total[10s])" _.Contains("orders")
            let! measured, _ = readOf prometheus [ one "sum(rate(served_total[10s]))" ]
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
        refused "a string" "\"text\"" 200 "is a string" "numbers"

        withReal "a path that leads nowhere" (fun prometheus -> task {
            let! failure =
                failureOf<MonitoringException, _>(fun () ->
                    readFrom id shop (prometheus.Address + "/prom") [ one "lag" ])

            Expect.equal failure.Status (Nullable 404) failure.Message
        })
    ]

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
    <| testList "A real Prometheus" [ values; absent; sets; served; ending ]
