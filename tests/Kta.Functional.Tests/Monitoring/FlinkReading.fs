/// Reads a job manager that a test made, and what was noted.
module Kta.Functional.Tests.Monitoring.FlinkReading

open System
open System.Collections.Concurrent
open System.Threading
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies

let start = DateTimeOffset.UnixEpoch.AddDays 20_000.

/// Reads a job manager with these jobs, and what was noted.
let readWith
    (configure: FlinkMonitorOptions -> FlinkMonitorOptions)
    (context: MonitoringContext)
    (reply: Asked -> Answer)
    = task {
    use! flink = startAnswering reply
    let notes = ConcurrentQueue<string>()

    let options =
        FlinkMonitorOptions(Server = ServerOptions flink.Address, Job = "orders", OnNote = Action<string> notes.Enqueue)

    use monitor = new FlinkMonitor(configure options)
    let! measured = monitor.ReadAsync(context, CancellationToken.None)
    return measured, List.ofSeq notes
}

let context = MonitoringContext(job, start)
let read (jobs: Job list) = readWith id context (answer jobs)

let withBusy busy (options: FlinkMonitorOptions) =
    FlinkMonitorOptions(Server = options.Server, Job = options.Job, OnNote = options.OnNote, Busy = busy)

let withJob (name: string | null) (options: FlinkMonitorOptions) =
    FlinkMonitorOptions(Server = options.Server, Job = name, OnNote = options.OnNote)

let failing (configure: FlinkMonitorOptions -> FlinkMonitorOptions) (reply: Asked -> Answer) =
    failureOf<MonitoringException, _>(fun () -> readWith configure context reply)

let value (reading: Reading) = Option.ofNullable reading.Value
