/// What docs/serve.md, docs/write-an-algorithm.md, docs/why-stateless.md and docs/record-and-replay.md show in F#. A test compares.
module Kta.Functional.Tests.FSharp.ServingSnippets

open System
open System.Net.Http
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Http
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Microsoft.AspNetCore.Builder

type Load = { RecordsPerSecond: float }
type Demand = { Instances: float }
type Need = { Needed: int; Recommended: int }

let recordsPerInstance = 5_000.0

let followTheSun = algorithm {
    name "follow-the-sun"
    version "1.0"

    monitor (fun ctx -> {
        RecordsPerSecond = 40_000.0 + 30_000.0 * sin (ctx.StartedAt.TimeOfDay.TotalDays * 2.0 * Math.PI)
    })

    analyze (fun ctx -> {
        Instances = 1.2 * ctx.MonitorResult.RecordsPerSecond / recordsPerInstance
    })

    plan (fun ctx ->
        ctx.Topology
        |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances |> Parallelism.ofFloat |> Parallelism.atLeast 1))
}

let serveTheSun () = HttpBackend.run followTheSun

/// Up at once, and down only when the last three iterations agree that less is enough.
let careful = algorithmFor<Load, Need> {
    monitor (fun ctx -> {
        RecordsPerSecond = 40_000.0 + 30_000.0 * sin (ctx.StartedAt.TimeOfDay.TotalDays * 2.0 * Math.PI)
    })

    analyze (fun ctx ->
        let needed = Parallelism.ofFloat (ctx.MonitorResult.RecordsPerSecond / recordsPerInstance)
        let recent = ctx.History |> History.analyzeResults |> Seq.truncate 3 |> Seq.map _.Needed

        {
            Needed = needed
            Recommended = recent |> Seq.fold max needed
        })

    plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Recommended))
}

let embed (autoscaler: Algorithm) =
    let builder = WebApplication.CreateBuilder()
    builder.Services.AddKta autoscaler |> ignore

    let app = builder.Build()
    app.MapKta().RequireHost "*:8096" |> ignore

    app

let client () =
    let client = Service.Of(new HttpClient())
    client

let record (algorithm: Algorithm) =
    algorithm
    |> HttpBackend.runWith (HttpBackendOptions(RecordPath = "decisions.jsonl"))

let share () : Task<HttpBackendOptions * LocalOperatorOptions> = task {
    use recorder = new CallRecorder("decisions.jsonl", CallRecorderOptions(MaxFiles = 30))
    recorder.Problem.Add(fun problem -> eprintfn $"{problem.Message}")

    let options = HttpBackendOptions(Record = recorder)
    let simulated = LocalOperatorOptions(Record = recorder)

    return options, simulated
}

let compare (algorithm: Algorithm) : Task = task {
    let! report = Replay.RunAsync(algorithm, "decisions.jsonl")
    printfn $"{report.ToText()}"
}

let tests =
    testList "F# algorithms, as documented," [
        let orders = TopologyNode.Deployment "orders"

        let decisionsOf (algorithm: Algorithm) (start: DateTimeOffset) = task {
            let options = LocalOperatorOptions(Clock = VirtualClock start, Interval = TimeSpan.FromHours 3.0)

            let! (run: LocalRun) =
                LocalOperator.RunAsync(algorithm, Topology.Of orders, iterations = 5, options = options)

            return [ for decision in run.Decisions -> decision[orders] ]
        }

        let six = DateTimeOffset(2026, 7, 1, 6, 0, 0, TimeSpan.Zero)

        testTask "follow the sun, with a reserve" {
            let! decisions = decisionsOf followTheSun six
            Expect.equal decisions [ 17; 15; 10; 5; 3 ] "1.2 times 70,000/s at 5,000/s each, and so on through the day"
        }

        testTask "go down when three iterations agree" {
            let! decisions = decisionsOf careful six
            Expect.equal decisions [ 14; 14; 14; 14; 13 ] "14 at six, 13 at nine"
        }
    ]
