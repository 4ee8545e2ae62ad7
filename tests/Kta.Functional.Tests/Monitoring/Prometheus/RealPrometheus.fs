/// A real Prometheus, which scrapes a target of the tests every second.
module Kta.Functional.Tests.Monitoring.Prometheus.RealPrometheus

open System
open System.Diagnostics
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Threading
open System.Threading.Tasks
open Expecto
open Microsoft.AspNetCore.Http
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem

let private program = "/usr/bin/prometheus"

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

/// Scrapes a target every second, and has these rules.
let configuration (target: string) (rules: string list) =
    $"""
global: {{ scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s }}
rule_files: [ {String.Join(", ", rules)} ]
scrape_configs:
  - job_name: tests
    static_configs: [ {{ targets: ["{Uri(target).Authority}"] }} ]
"""

/// One that runs, and its target.
type RunningPrometheus(running: Process, target: IAsyncDisposable, folder: string, address: string) =
    let client = new HttpClient()

    let stop () =
        if not running.HasExited then
            running.Kill()

        running.WaitForExit()

    // Of a list of tests, some may have been chosen, and not the last.
    let onExit = EventHandler(fun _ _ -> stop ())
    do AppDomain.CurrentDomain.ProcessExit.AddHandler onExit
    member _.Address = address

    /// What is at a path of its API.
    member _.Get(path: string) : Task<string> = client.GetStringAsync(address + path)

    /// The answer to an expression, asked apart from the monitor.
    member _.Ask(expression: string) : Task<string> =
        client.GetStringAsync($"{address}/api/v1/query?query={Uri.EscapeDataString expression}")

    /// Asks until an answer is as it should be.
    member this.Until (expression: string) (isSo: string -> bool) : Task<unit> = task {
        use patience = new CancellationTokenSource(TimeSpan.FromSeconds 60.)
        use period = new PeriodicTimer(TimeSpan.FromMilliseconds 100.)
        let mutable found = false

        while not found do
            let! _ = period.WaitForNextTickAsync patience.Token

            try
                let! answer = this.Ask expression
                found <- isSo answer
            with :? HttpRequestException when not running.HasExited ->
                ()
    }

    interface IAsyncDisposable with
        member _.DisposeAsync() =
            ValueTask(
                task {
                    stop ()
                    AppDomain.CurrentDomain.ProcessExit.RemoveHandler onExit
                    running.Dispose()
                    client.Dispose()
                    do! target.DisposeAsync()
                    Directory.Delete(folder, true)
                }
            )

/// Starts one, with a target that ends when it does.
let startOn (target: IAsyncDisposable) (configuration: string) : Task<RunningPrometheus> = task {
    let folder = Directory.CreateTempSubdirectory("kta-prometheus-").FullName
    let file = Path.Combine(folder, "prometheus.yml")
    File.WriteAllText(file, configuration)
    let port = freePort ()

    let running =
        Processes.startProgram program [] [
            $"--config.file={file}"
            $"--storage.tsdb.path={folder}/data"
            $"--web.listen-address=127.0.0.1:{port}"
            "--log.level=error"
        ]

    Processes.readOn running
    let prometheus = new RunningPrometheus(running, target, folder, $"http://127.0.0.1:{port}")

    try
        do! prometheus.Until "count(up == 1)" _.Contains("\"1\"")
        return prometheus
    with error ->
        do! (prometheus :> IAsyncDisposable).DisposeAsync()
        return raise error
}

/// What the target shows is asked for at each scrape.
let private start (metrics: unit -> string) : Task<RunningPrometheus> = task {
    let! target =
        startWith (fun context _ ->
            context.Response.ContentType <- "text/plain; version=0.0.4"
            context.Response.WriteAsync(metrics ()))

    return! startOn target (configuration target.Address [])
}

/// Skips a test where there is none.
let require () =
    if not (File.Exists program) then
        skiptest "There is no /usr/bin/prometheus: apt-get install prometheus."

/// A vertex that the target shows as Flink's reporter does.
let vertex: TopologyNode = TopologyNode.Flink "bc764cd8ddf7a0cff126f51c16239658"

/// Everything the tests ask about. With a time of its own a sample stands for the present for five minutes, even if a later scrape is too slow for a
/// busy machine.
let private shown () =
    let now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()
    let flink = "flink_taskmanager_job_task_"
    let seconds = float now / 1e3 % 1e6

    let labels = $"""job_name="shop",task_id="{vertex.Fields.Substring 3}" """.Trim()

    [
        """lag{topic="orders",partition="0"} 5"""
        """lag{topic="orders",partition="1"} 7"""
        """lag{topic="mails",partition="0"} 1e+30"""
        """quoted{name="a\"b\\c"} 3"""
        """odd{is="nan"} NaN"""
        """odd{is="inf"} +Inf"""
        $"""served_total{{topic="orders"}} {seconds}"""
        """kafka_topic_partitions{topic="whole"} 2"""
        """kafka_topic_partitions{topic="torn"} 3"""
        for topic in [ "whole"; "torn" ] do
            for partition in 0..1 do
                let one = $"topic=\"{topic}\",partition=\"{partition}\""
                $"kafka_topic_partition_current_offset{{{one}}} {seconds}"
                $"kafka_consumergroup_lag{{consumergroup=\"shop\",{one}}} {partition * 4 - 1}"
        for app, name, blocked in [ "restoring", "", 3.; "half", "_total", 0.5 ] do
            let thread = $"app=\"{app}\",thread_id=\"1\""
            let metrics = "kafka_streams_stream_thread_metrics_"
            $"{metrics}process{name}{{{thread}}} {seconds * 100.}"
            $"{metrics}blocked_time_ns{name}{{{thread}}} {seconds * blocked * 1e9}"
        """container_cpu_usage_seconds_total{namespace="cpu",pod="orders-7d4f5b-bcdfg",container="app"} 5"""
        $"""{flink}busyTimeMsPerSecond{{{labels},subtask_index="0"}} 250"""
        $"""{flink}busyTimeMsPerSecond{{{labels},subtask_index="1"}} 750"""
        $"""{flink}idleTimeMsPerSecond{{{labels},subtask_index="0"}} 700"""
        $"""{flink}idleTimeMsPerSecond{{{labels},subtask_index="1"}} 200"""
        $"""{flink}numRecordsInPerSecond{{{labels},subtask_index="0"}} 0"""
        $"""{flink}operator_numRecordsInPerSecond{{{labels},operator_name="Source:_orders",subtask_index="0"}} 40"""
        $"""{flink}operator_numRecordsInPerSecond{{{labels},operator_name="Map",subtask_index="0"}} 39"""
        $"""{flink}operator_pendingRecords{{{labels},operator_name="Source:_orders",subtask_index="0"}} 1000"""
    ]
    |> List.map (fun line -> $"{line} {now}\n")
    |> String.concat ""
    |> (+) $"old{{topic=\"orders\"}} 12 {now - 120_000L}\n"
    |> (+)
        $"container_cpu_usage_seconds_total{{namespace=\"cpu\",pod=\"orders-7d4f5b-ghjkl\",container=\"app\"}} 5 {now - 120_000L}\n"

let private started = lazy (start shown)

/// A test with the one server that all of them share; skipped where there is none.
let withReal (name: string) (check: RunningPrometheus -> Task<unit>) =
    testCaseTask name
    <| fun () -> task {
        require ()
        let! prometheus = started.Value
        do! check prometheus
    }
