/// A real Prometheus, which scrapes a target of the tests every half second.
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
open Kta.Functional.Tests
open Kta.Functional.Tests.Monitoring.FakeSystem

let private program = "/usr/bin/prometheus"

let isInstalled = File.Exists program

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

let private configuration (target: string) =
    $"""
global: {{ scrape_interval: 500ms, scrape_timeout: 500ms }}
scrape_configs:
  - job_name: tests
    static_configs: [ {{ targets: ["{Uri(target).Authority}"] }} ]
"""

/// One that runs, and its target.
type RunningPrometheus(running: Process, target: FakeSystem, folder: string, address: string) =
    let client = new HttpClient()

    let stop () =
        if not running.HasExited then
            running.Kill()

        running.WaitForExit()

    // Of a list of tests, some may have been chosen, and not the last.
    let onExit = EventHandler(fun _ _ -> stop ())
    do AppDomain.CurrentDomain.ProcessExit.AddHandler onExit
    member _.Address = address
    member _.Target = target

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
                    do! (target :> IAsyncDisposable).DisposeAsync()
                    Directory.Delete(folder, true)
                }
            )

/// Starts one; what its target shows is asked for at each scrape.
let start (metrics: unit -> string) : Task<RunningPrometheus> = task {
    let! target =
        startWith (fun context _ ->
            context.Response.ContentType <- "text/plain; version=0.0.4"
            context.Response.WriteAsync(metrics ()))

    let folder = Directory.CreateTempSubdirectory("kta-prometheus-").FullName
    let file = Path.Combine(folder, "prometheus.yml")
    File.WriteAllText(file, configuration target.Address)
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
