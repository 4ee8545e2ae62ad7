/// Code that the README of the F# package and docs/fsharp.md show. A test compares.
module Kta.Functional.Tests.FSharp.FSharpSnippets

open System
open System.ComponentModel
open System.Net.Http
open System.Text.Json
open Kta.Functional
open Kta.Functional.FSharp

type Load = { RecordsPerSecond: float }
type Demand = { Instances: int }

let autoscaler = algorithm {
    monitor (fun ctx -> task { return { RecordsPerSecond = 12_000.0 } })

    analyze (fun ctx -> {
        Instances = Parallelism.ofFloat (ctx.MonitorResult.RecordsPerSecond / 5_000.0)
    })

    plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
}

let serve () = HttpBackend.run autoscaler

let planner = algorithmFor<Load, Demand> {
    plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
}

/// Stands for Giraffe's.
let choose (handlers: Kta.Functional.Http.HttpHandler list) : Kta.Functional.Http.HttpHandler =
    fun next ctx -> (List.head handlers) next ctx

let inside (webApp: Kta.Functional.Http.HttpHandler) = choose [ Kta.handler autoscaler; webApp ]

let quiet = algorithm {
    name "quiet at night"
    version "1.0"
    unreadableHistory UnreadableHistory.Cut
    monitor (fun ctx -> { RecordsPerSecond = 12_000.0 })

    analyze (fun ctx ->
        if ctx.StartedAt.Hour < 6 then
            None
        else
            Some {
                Instances = int ctx.MonitorResult.RecordsPerSecond / 5_000
            })

    plan (fun ctx ->
        let instances = ctx.TryAnalyzeResult |> Option.map _.Instances |> Option.defaultValue 1
        ctx.Topology |> Plan.forEach (fun node -> instances))
}

let steady = algorithmFor<Load, Demand> {
    monitor (fun ctx -> { RecordsPerSecond = 12_000.0 })

    analyze (fun ctx ->
        let rates =
            ctx.History
            |> History.monitorResults
            |> Seq.truncate 9
            |> Seq.map _.RecordsPerSecond

        let average = Seq.append [ ctx.MonitorResult.RecordsPerSecond ] rates |> Seq.average

        {
            Instances = Parallelism.ofFloat (average / 5_000.0)
        })

    plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
}

type Lag = { PerNode: Map<TopologyNode, int> }

let lagging = algorithm {
    monitor (fun ctx -> {
        PerNode = Map [ for node in ctx.Topology -> node, 2_500 ]
    })

    plan (fun ctx ->
        ctx.MonitorResult.PerNode
        |> Map.map (fun node lag -> 1 + lag / 1_000)
        |> Plan.ofMap
        |> Plan.map (min 8))
}

let weight node =
    match node with
    | ScaleTarget("Deployment", "orders") -> 4
    | ScaleTarget _ -> 2
    | FlinkVertex id -> 1

let snakes = JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)

let inSnakeCase = algorithm {
    monitor (fun ctx -> { RecordsPerSecond = 12_000.0 })
    monitorCodec (Codec.jsonWith snakes)
    plan (fun ctx -> ctx.Topology |> Plan.forEach weight)
}

let prometheus = Service.Of(new HttpClient(BaseAddress = Uri "http://prometheus:9090"))

let measured = algorithm {
    monitor (fun ctx ct -> task {
        let! text = prometheus.Value.GetStringAsync("/rate", ct)
        return { RecordsPerSecond = float text }
    })

    plan (fun ctx -> ctx.Topology |> Plan.forEach weight)
}

let serveElsewhere () =
    autoscaler
    |> HttpBackend.runWith (HttpBackendOptions(Port = 9000, StepTimeLimit = TimeSpan.FromSeconds 2.0))

[<Description "What was measured.">]
type Observed = {
    [<Description "Records per second.">]
    Rate: float
    Age: TimeSpan option
}

let described (encode: Observed -> string) (decode: string -> Result<Observed, string>) =
    let codec =
        Codec.ofText encode decode
        |> Codec.withSchema
            """
            {
              "type": "object",
              "required": ["rate"],
              "properties": { "rate": { "type": "number", "description": "Records per second." } },
              "examples": [{ "rate": 12000 }]
            }
            """

    codec
