module GiraffeApp.Program

open System
open Giraffe
open Kta.Functional.FSharp
open Microsoft.AspNetCore.Builder
open Microsoft.AspNetCore.Hosting
open Thoth.Json.Net

type Load = { RecordsPerSecond: float }

type Mood =
    | Calm
    | Busy of instances: int

type Verdict = { Mood: Mood }

/// The default codec writes no unions, Thoth does.
let verdictCodec =
    let encoder = Encode.Auto.generateEncoderCached<Verdict>(caseStrategy = CamelCase)
    let decoder = Decode.Auto.generateDecoderCached<Verdict>(caseStrategy = CamelCase)
    Codec.ofText (encoder >> Encode.toString 0) (Decode.fromString decoder)

let autoscaler = algorithm {
    name "moods"
    monitor (fun ctx -> task { return { RecordsPerSecond = 12_000.0 } })

    analyze (fun ctx ->
        match ctx.MonitorResult.RecordsPerSecond / 5_000.0 with
        | instances when instances <= 1.0 -> { Mood = Calm }
        | instances -> { Mood = Busy(int (ceil instances)) })

    analyzeCodec verdictCodec

    plan (fun ctx ->
        ctx.Topology
        |> Plan.forEach (fun node ->
            match ctx.AnalyzeResult.Mood with
            | Calm -> 1
            | Busy instances -> instances))
}

let webApp =
    choose [
        GET
        >=> choose [ route "/" >=> text "moods, at your service"; route "/ping" >=> text "pong" ]
        Kta.handler autoscaler
        setStatusCode 404 >=> text "There is nothing here."
    ]

[<EntryPoint>]
let main args =
    let builder = WebApplication.CreateBuilder args

    // The operator keeps its connections from one iteration to the next: let them live longer than that.
    builder.WebHost.ConfigureKestrel(fun kestrel -> kestrel.Limits.KeepAliveTimeout <- TimeSpan.FromHours 1.0)
    |> ignore

    builder.Services.AddGiraffe() |> ignore
    let app = builder.Build()
    app.UseGiraffe webApp
    app.Run()
    0
