/// Reads a server that a test made, as somebody.
module Kta.Functional.Tests.Monitoring.Serving

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Kta.Functional.Monitoring
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FlinkReplies

let context = MonitoringContext(job, DateTimeOffset.UnixEpoch)

let monitorOf (server: ServerOptions) = new FlinkMonitor(FlinkMonitorOptions(Server = server, Job = "orders"))

let readWith (server: ServerOptions) (token: CancellationToken) = task {
    use monitor = monitorOf server
    return! monitor.ReadAsync(context, token)
}

let failing (server: ServerOptions) =
    failureOf<MonitoringException, _>(fun () -> readWith server CancellationToken.None)

let secret = "s3cr3t-of-ours"

/// What a server that answers everything the same says of a call.
let failureAfter (reply: Answer) = task {
    use! server = startAnswering (fun _ -> reply)
    return! failing (ServerOptions(server.Address, BearerToken = secret))
}

let inFolder (use': string -> Task<unit>) : Task<unit> = task {
    let folder = Directory.CreateTempSubdirectory "kta-server"

    try
        do! use' folder.FullName
    finally
        folder.Delete true
}
