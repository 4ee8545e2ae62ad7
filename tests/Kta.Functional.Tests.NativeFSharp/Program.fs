module Native.Program

open System
open Kta.Functional.FSharp

type Partition = { Number: int; Host: string | null }

type Load = {
    RecordsPerSecond: float
    Partitions: Partition array
    Lag: Nullable<int64>
}

type Demand = { Instances: int }

let autoscaler perInstance = algorithm {
    name "native"

    monitor (fun ctx -> task {
        return {
            RecordsPerSecond = 12_000.0
            Partitions = [| { Number = 0; Host = "a" }; { Number = 1; Host = null } |]
            Lag = Nullable 5L
        }
    })

    analyze (fun ctx ->
        if ctx.MonitorResult.RecordsPerSecond = 0.0 then
            None
        else
            let instances = ctx.MonitorResult.RecordsPerSecond / perInstance
            Some { Instances = int (ceil instances) })

    plan (fun ctx ->
        let instances = ctx.TryAnalyzeResult |> Option.map _.Instances |> Option.defaultValue 1
        ctx.Topology |> Plan.forEach (fun node -> instances + Seq.length ctx.History))
}

[<EntryPoint>]
let main args =
    autoscaler 5_000.0
    |> HttpBackend.runWith (HttpBackendOptions(Args = args, ShutdownDelay = TimeSpan.Zero))

    0
