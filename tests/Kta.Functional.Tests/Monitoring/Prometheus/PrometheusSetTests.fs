/// The ready-made sets of queries.
module Kta.Functional.Tests.Monitoring.Prometheus.PrometheusSetTests

open System
open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.Prometheus.Canned

let private of' (quantity: Quantity) (set: IReadOnlyList<PrometheusQuery>) = [
    for query in set do
        if query.Quantity = quantity then
            query
]

let private is name (set: unit -> IReadOnlyList<PrometheusQuery>) (expected: (Quantity * string) list) = test name {
    let found = [ for query in set () -> query.Quantity, query.Expression ]

    for quantity, expression in expected do
        Expect.contains found (quantity, expression) $"{quantity}"

    Expect.equal found.Length expected.Length "no others"
}

let private matchers = """job_name="orders" """.Trim()
let private task' = "flink_taskmanager_job_task_"

let private flink =
    testList "Flink" [
        is "asks for each vertex by the label task_id" (fun () -> PrometheusQueries.Flink "orders") [
            Quantity.RecordsIn,
            $"""sum by (task_id) ({task'}operator_numRecordsInPerSecond{{{matchers},operator_name=~"Source.*"}}) > 0 or sum by (task_id) ({task'}operator_numRecordsOutPerSecond{{{matchers},operator_name=~"Source.*"}}) or sum by (task_id) ({task'}numRecordsInPerSecond{{{matchers}}})"""
            Quantity.RecordsOut, $"sum by (task_id) ({task'}numRecordsOutPerSecond{{{matchers}}})"
            Quantity.Busy, $"clamp_max(avg by (task_id) ({task'}busyTimeMsPerSecond{{{matchers}}}), 1000)"
            Quantity.Idle, $"clamp_max(avg by (task_id) ({task'}idleTimeMsPerSecond{{{matchers}}}), 1000)"
            Quantity.BackPressured,
            $"clamp_max(avg by (task_id) ({task'}backPressuredTimeMsPerSecond{{{matchers}}}), 1000)"
            Quantity.Lag, $"sum by (task_id) ({task'}operator_pendingRecords{{{matchers}}})"
            Quantity.Parallelism, $"count by (task_id) ({task'}idleTimeMsPerSecond{{{matchers}}})"
            Quantity.BufferUsage,
            $"""avg by (task_id) ({task'}buffers_inPoolUsage{{{matchers}}}) unless sum by (task_id) ({task'}operator_numRecordsOutPerSecond{{{matchers},operator_name=~"Source.*"}})"""
            Quantity.Partitions,
            $"count by (task_id) (count by (task_id, topic, partition) ({task'}operator_KafkaSourceReader_topic_partition_currentOffset{{{matchers}}}))"
        ]

        test "times in milliseconds become shares, the label is the vertex's id" {
            let set = PrometheusQueries.Flink "orders"

            Expect.equal
                [
                    for query in set do
                        if query.Factor <> 1. then
                            query.Quantity, query.Factor
                ]
                [ Quantity.Busy, 0.001; Quantity.Idle, 0.001; Quantity.BackPressured, 0.001 ]
                "factors"

            Expect.all set (fun query -> query.Label = "task_id") "the label"
        }

        test "of the hottest instance" {
            let set = PrometheusQueries.Flink("orders", busy = FlinkAggregation.Maximum)
            let expressionOf quantity = (of' quantity set |> List.exactlyOne).Expression

            Expect.stringStarts (expressionOf Quantity.Busy) "clamp_max(max by" "busy"
            Expect.stringStarts (expressionOf Quantity.Idle) "clamp_max(avg by" "all others as ever"
        }

        test "of a job whose name the reporter changes, with more conditions and a window of living series" {
            let set =
                PrometheusQueries.Flink(
                    "My job (v2)",
                    matchers = "namespace=\"shop\"",
                    window = Nullable(TimeSpan.FromMinutes 2.)
                )

            let selector =
                $"""{task'}busyTimeMsPerSecond{{job_name=~"My job \\(v2\\)|My_job__v2_",namespace="shop"}}"""

            Expect.equal
                (of' Quantity.Busy set |> List.exactlyOne).Expression
                $"clamp_max(avg by (task_id) (avg_over_time({selector}[120s]) and {selector}), 1000)"
                "busy"
        }
    ]

/// Either name of the JMX exporter.
let private streams metric =
    $"rate(kafka_streams_stream_thread_metrics_{metric}_total{{}}[60s]) or rate(kafka_streams_stream_thread_metrics_{metric}{{}}[60s])"

let private kafka =
    testList "Kafka" [
        is "Streams: threads, by the job that Prometheus knows" (fun () -> PrometheusQueries.KafkaStreams()) [
            let processed, blocked = streams "process", streams "blocked_time_ns"
            let busy = $"1 - avg by (job) ({blocked}) / 1e9"
            Quantity.RecordsIn, $"sum by (job) ({processed})"
            Quantity.Busy, $"clamp_min({busy} > -0.05, 0) or {busy}"
            Quantity.Parallelism, "count by (job) (kafka_streams_stream_metrics_alive_stream_threads{})"
        ]

        is "exporter: topics that are called as nodes are" (fun () -> PrometheusQueries.KafkaExporter "g\"1") [
            let lag = """kafka_consumergroup_lag{consumergroup="g\"1"}"""
            let ends = "kafka_topic_partition_current_offset{}"
            let rates = $"rate({ends}[60s]) and {ends}"
            let all = "== sum by (topic) (kafka_topic_partitions{})"
            Quantity.Lag, $"sum by (topic) (clamp_min({lag}, 0)) and count by (topic) ({lag}) {all}"
            Quantity.ArrivalRate, $"sum by (topic) ({rates}) and count by (topic) ({rates}) {all}"
            Quantity.EndOffset, $"sum by (topic) ({ends}) and count by (topic) ({ends}) {all}"
            Quantity.Partitions, "sum by (topic) (kafka_topic_partitions{})"
        ]

        is
            "exporter: sources of one and of several topics"
            (fun () ->
                PrometheusQueries.KafkaExporter(
                    "g",
                    [ KeyValuePair(orders, "a.b"); KeyValuePair(orders, "c"); KeyValuePair(mails, "m") ],
                    "cluster=\"eu\"",
                    Nullable(TimeSpan.FromMilliseconds 1_500.)
                ))
            [
                for topics, each in [ @"a\\.b|c", 2; "m", 1 ] do
                    let matchers = $"topic=~\"{topics}\",cluster=\"eu\""
                    let lag = $"kafka_consumergroup_lag{{consumergroup=\"g\",{matchers}}}"
                    let ends = $"kafka_topic_partition_current_offset{{{matchers}}}"
                    let rates = $"rate({ends}[1500ms]) and {ends}"
                    let partitions = $"kafka_topic_partitions{{{matchers}}}"
                    let topics = $"and count(count by (topic) ({partitions})) == {each}"
                    Quantity.Lag, $"sum(clamp_min({lag}, 0)) and count({lag}) == sum({partitions}) {topics}"
                    Quantity.ArrivalRate, $"sum({rates}) and count({rates}) == sum({partitions}) {topics}"
                    Quantity.EndOffset, $"sum({ends}) and count({ends}) == sum({partitions}) {topics}"
                    Quantity.Partitions, $"sum({partitions}) {topics}"
            ]
    ]

let private pods =
    """namespace="shop",pod=~"{node}-[bcdfghjklmnpqrstvwxz2456789]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}" """.Trim()

let private cAdvisor =
    testList "cAdvisor" [
        is "asks for the pods of each Deployment" (fun () -> PrometheusQueries.CAdvisor "shop") [
            Quantity.Cpu,
            $"""avg(sum by (pod) (rate(container_cpu_usage_seconds_total{{{pods},container!="",container!="POD"}}[120s])) / sum by (pod) (kube_pod_container_resource_requests{{{pods},resource="cpu"}}))"""
            Quantity.Parallelism,
            $"""count(count by (pod) (timestamp(container_cpu_usage_seconds_total{{{pods},container!="",container!="POD"}}) > time() - 60))"""
        ]

        test "counts pods that were seen within half of the window" {
            let set = PrometheusQueries.CAdvisor("shop", window = Nullable(TimeSpan.FromMinutes 5.))

            Expect.stringEnds
                (of' Quantity.Parallelism set |> List.exactlyOne).Expression
                "> time() - 150))"
                "the window"
        }
    ]

let private wrong name words (make: unit -> IReadOnlyList<PrometheusQuery>) =
    testCase name
    <| fun () ->
        let error = Expect.throwsC (fun () -> make () |> ignore) id
        Expect.isTrue (error :? ArgumentException) $"{error}"
        Expect.stringContains error.Message words "what is wrong"

let tests =
    testList "The sets of queries" [
        flink
        kafka
        cAdvisor
        wrong "without a job" "empty" (fun () -> PrometheusQueries.Flink "")
        wrong "without a group" "empty" (fun () -> PrometheusQueries.KafkaExporter "")
        wrong "with a short window" "at least 1 s" (fun () ->
            PrometheusQueries.CAdvisor("a", window = Nullable(TimeSpan.FromMilliseconds 10.)))
    ]
