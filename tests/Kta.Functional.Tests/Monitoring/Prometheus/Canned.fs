/// A Prometheus that answers what a test tells it to, and a monitor that reads it.
module Kta.Functional.Tests.Monitoring.Prometheus.Canned

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem

let orders: TopologyNode = TopologyNode.Deployment "orders"
let mails: TopologyNode = TopologyNode.Deployment "mails"
let shop = Topology.Of(orders, mails)

let success (kind: string) (result: string) =
    $"""{{"status":"success","data":{{"resultType":"{kind}","result":{result}}}}}"""

/// A vector of labels and values at one time.
let vectorAt (time: string) (series: (string * string) list) =
    series
    |> List.map (fun (labels, value) -> $"""{{"metric":{labels},"value":[{time},"{value}"]}}""")
    |> String.concat ","
    |> fun all -> success "vector" $"[{all}]"

let vector series = vectorAt "1000.5" series

/// One series without labels.
let single value = vector [ "{}", value ]

let matrix (series: (string * (float * string) list) list) =
    let text (samples: (float * string) list) =
        samples
        |> List.map (fun (time, value) -> $"[{time},\"{value}\"]")
        |> String.concat ","

    series
    |> List.map (fun (labels, samples) -> $"""{{"metric":{labels},"values":[{text samples}]}}""")
    |> String.concat ","
    |> fun all -> success "matrix" $"[{all}]"

/// The expression of a request, by GET or by POST.
let expressionOf (asked: Asked) =
    let form =
        if asked.Method = "POST" then
            Uri.UnescapeDataString(asked.Body.Replace('+', ' '))
        else
            asked.Path

    Regex.Match(form, @"query=(.*?)(&time=.*|&start=.*)?$", RegexOptions.Singleline).Groups[1].Value

/// What a monitor read, what it noted, and what it asked.
type Read = {
    Measured: Measurements
    Notes: string list
    Asked: Asked list
}

let optionsOf (address: string) (queries: PrometheusQuery list) (notes: ConcurrentQueue<string>) =
    PrometheusMonitorOptions(ServerOptions(address, Retries = 0), queries, OnNote = Action<string>(notes.Enqueue))

let contextOf topology = MonitoringContext(topology, DateTimeOffset.UnixEpoch)

/// Reads a topology from a server that is there.
let readFrom
    (change: PrometheusMonitorOptions -> PrometheusMonitorOptions)
    (topology: Topology)
    (address: string)
    (queries: PrometheusQuery list)
    = task {
    let notes = ConcurrentQueue()
    use monitor = new PrometheusMonitor(change (optionsOf address queries notes))
    let! measured = monitor.ReadAsync(contextOf topology, CancellationToken.None)
    return measured, List.ofSeq notes
}

/// Reads from a server that answers each request by a function.
let readAs change topology queries (answer: Asked -> Answer) : Task<Read> = task {
    use! fake = startAnswering answer
    let! measured, notes = readFrom change topology fake.Address queries

    return {
        Measured = measured
        Notes = notes
        Asked = fake.Asked
    }
}

/// Reads from a server that answers each expression by a function.
let read queries (answer: string -> string) = readAs id shop queries (expressionOf >> answer >> ok)

/// One query of the node orders, answered with one body.
let readOne (expression: string) (body: string) =
    read [ PrometheusQuery(Quantity.Lag, expression, Node = orders) ] (fun _ -> body)

/// A query of the node orders for the mean of a minute.
let ranged (expression: string) =
    PrometheusQuery(
        Quantity.Lag,
        expression,
        Node = orders,
        Range = PrometheusRange(TimeSpan.FromMinutes 1., TimeSpan.FromSeconds 15.)
    )

/// How reading fails.
let failing queries (answer: Asked -> Answer) : Task<MonitoringException> =
    failureOf<MonitoringException, _>(fun () -> readAs id shop queries answer)

/// An expression whose age is not known, so that nothing else is asked.
let ageless = "lag + 0"

/// A dictionary as the options take it.
let dict' (pairs: ('key * 'value) list) : IReadOnlyDictionary<'key, 'value> = readOnlyDict pairs
