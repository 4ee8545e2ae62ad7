/// What a job manager answers, in the shapes of its documentation.
module Kta.Functional.Tests.Monitoring.FlinkReplies

open System
open System.Text.Json
open Kta.Functional
open Kta.Functional.Tests.Monitoring.FakeSystem

let private text (value: string) = JsonSerializer.Serialize value

let private listOf (items: string seq) =
    let joined = String.Join(",", items)
    $"[{joined}]"

/// A vertex and its metrics: name, and the members of its aggregated value as JSON text.
type Vertex = {
    Id: string
    Name: string
    Parallelism: int
    Metrics: (string * string) list
    /// Who feeds it, and by which strategy.
    Inputs: (string * string) list
    /// Whether Flink knows what all instances have read and written.
    IsComplete: bool * bool
    /// The state of its tasks; that of the job if there is none.
    Status: string option
}

let all (value: string) = $"""{{"id":"?","min":{value},"max":{value},"avg":{value},"sum":{value}}}"""

let sums (sum: string) (avg: string) (max: string) = $"""{{"id":"?","min":0,"max":{max},"avg":{avg},"sum":{sum}}}"""

let vertex id name parallelism metrics inputs = {
    Id = id
    Name = name
    Parallelism = parallelism
    Metrics = metrics
    Inputs = inputs
    IsComplete = true, true
    Status = None
}

type Job = {
    Jid: string
    JobName: string
    State: string
    Now: int64
    RunningSince: int64
    Vertices: Vertex list
}

let private flag (value: bool) = if value then "true" else "false"

let private detailsOf (job: Job) (one: Vertex) =
    let reading, writing = one.IsComplete

    $"""{{"id":{text one.Id},"slotSharingGroupId":"a","name":{text one.Name},"maxParallelism":128,"parallelism":{one.Parallelism},"status":"{one.Status |> Option.defaultValue job.State}","start-time":1,"end-time":-1,"duration":5,"tasks":{{"RUNNING":{one.Parallelism}}},"metrics":{{"read-bytes":0,"read-bytes-complete":true,"write-bytes":0,"write-bytes-complete":true,"read-records":0,"read-records-complete":{flag reading},"write-records":0,"write-records-complete":{flag writing},"accumulated-backpressured-time":0,"accumulated-idle-time":0,"accumulated-busy-time":"NaN"}}}}"""

let private planOf (one: Vertex) =
    let inputs =
        one.Inputs
        |> List.mapi (fun i (from, strategy) ->
            $"""{{"num":{i},"id":{text from},"ship_strategy":"{strategy}","exchange":"pipelined_bounded"}}""")
        |> listOf

    let inputs = if one.Inputs.IsEmpty then "" else $",\"inputs\":{inputs}"
    $"""{{"id":{text one.Id},"parallelism":{one.Parallelism},"operator":"","description":"x"{inputs}}}"""

let details (job: Job) =
    $"""{{"jid":"{job.Jid}","name":{text job.JobName},"isStoppable":false,"state":"{job.State}","start-time":1,"end-time":-1,"duration":7,"maxParallelism":-1,"now":{job.Now},"timestamps":{{"CREATED":1,"RUNNING":{job.RunningSince},"FAILED":0}},"vertices":{job.Vertices |> List.map (detailsOf job) |> listOf},"status-counts":{{"RUNNING":2}},"plan":{{"jid":"{job.Jid}","name":"j","type":"STREAMING","nodes":{job.Vertices |> List.map planOf |> listOf}}}}}"""

let overview (jobs: Job list) =
    let one job =
        $"""{{"jid":"{job.Jid}","name":{text job.JobName},"start-time":1,"end-time":-1,"duration":7,"state":"{job.State}","last-modification":1,"tasks":{{"total":2,"running":2}}}}"""

    $"""{{"jobs":{jobs |> List.map one |> listOf}}}"""

let notFound what =
    status
        404
        $"""{{"errors":["org.apache.flink.runtime.rest.NotFoundException: {what} not found\n\tat org.apache.flink"]}}"""

let private metrics (one: Vertex) (query: string) =
    let wanted =
        query.Split('&')
        |> Array.tryPick (fun part ->
            if part.StartsWith "get=" then
                Some(part.Substring 4)
            else
                None)

    match wanted with
    | None ->
        one.Metrics
        |> List.map (fun (name, _) -> $"""{{"id":{text name}}}""")
        |> listOf
        |> ok
    | Some names ->
        let values =
            names.Split(',')
            |> Array.map Uri.UnescapeDataString
            |> Array.map (fun name -> one.Metrics |> List.tryFind (fun (known, _) -> known = name))

        if Array.contains None values then
            ok "[]"
        else
            values
            |> Array.map (fun value ->
                let name, numbers = value.Value
                numbers.Replace("\"id\":\"?\"", $"\"id\":{text name}"))
            |> listOf
            |> ok

/// A job manager with these jobs.
let answer (jobs: Job list) (asked: Asked) : Answer =
    let path = asked.Path.Split('?')[0]

    match path.Trim('/').Split('/') |> List.ofArray with
    | [ "jobs"; "overview" ] -> ok (overview jobs)
    | "jobs" :: id :: rest ->
        match jobs |> List.tryFind (fun job -> job.Jid = id), rest with
        | Some job, [] -> ok (details job)
        | Some job, [ "vertices"; vertex; "subtasks"; "metrics" ] ->
            match job.Vertices |> List.tryFind (fun one -> one.Id = vertex) with
            | Some one -> metrics one asked.Query
            | None -> notFound "vertex"
        | _ -> notFound "job"
    | _ -> notFound "path"

let orders: Job = {
    Jid = "d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0"
    JobName = "orders"
    State = "RUNNING"
    Now = 1_700_000_600_000L
    RunningSince = 1_700_000_000_000L
    Vertices = [
        vertex "source" "Source: Kafka -> Filter" 2 [
            "busyTimeMsPerSecond", sums "1400" "700.5" "900.0"
            "idleTimeMsPerSecond", all "200"
            "backPressuredTimeMsPerSecond", all "99.5"
            "numRecordsInPerSecond", all "0.0"
            "numRecordsOutPerSecond", sums "80.0" "40" "50"
            "Source__Kafka.numRecordsInPerSecond", sums "120.0" "60" "70"
            "Source__Kafka.numRecordsOutPerSecond", sums "119.0" "60" "70"
            "Filter.numRecordsInPerSecond", all "7777"
            "Source__Kafka.pendingRecords", sums "5000" "2500" "3000"
            "0.Source__Kafka.KafkaSourceReader.topic.orders.partition.0.currentOffset", all "1"
            "1.Source__Kafka.KafkaSourceReader.topic.orders.partition.1.currentOffset", all "1"
            "0.Source__Kafka.KafkaSourceReader.topic.orders.partition.1.currentOffset", all "1"
            "Source__Kafka.KafkaSourceReader.topic.or.ders.partition.0.currentOffset", all "1"
        ] []
        vertex "map" "Map" 3 [
            "busyTimeMsPerSecond", sums "2700" "900.0" "1000"
            "idleTimeMsPerSecond", all "100"
            "backPressuredTimeMsPerSecond", all "0"
            "numRecordsInPerSecond", sums "80" "26.67" "30"
            "numRecordsOutPerSecond", sums "160" "53" "60"
            "Map.numRecordsInPerSecond", all "1"
            "buffers.inPoolUsage", sums "1.5" "0.5" "0.9"
        ] [ "source", "HASH" ]
    ]
}

let source: TopologyNode = TopologyNode.Flink "source"
let map: TopologyNode = TopologyNode.Flink "map"
let job = Topology.Of(source, map)

let change (id: string) (how: Vertex -> Vertex) (job: Job) = {
    job with
        Vertices = job.Vertices |> List.map (fun one -> if one.Id = id then how one else one)
}

/// The same vertex with another value of a metric, or with one more.
let withMetric name value (one: Vertex) = {
    one with
        Metrics = (one.Metrics |> List.filter (fst >> (<>) name)) @ [ name, value ]
}

let withoutMetric name (one: Vertex) = {
    one with
        Metrics = one.Metrics |> List.filter (fst >> (<>) name)
}
