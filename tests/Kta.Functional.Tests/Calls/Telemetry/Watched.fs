/// An algorithm that does all that can be measured, as the id of the iteration says.
module Kta.Functional.Tests.Telemetry.Watched

open System
open System.Threading
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep

/// As short as leaves other calls enough time on a busy machine.
let shortLimit (options: HttpBackendOptions) = options.StepTimeLimit <- TimeSpan.FromSeconds 1.0

type Rate = { RecordsPerSecond: int64 }

/// Monitor throws, or waits to be let go whatever its token says; plan looks at all of the history, and wants 3 of each.
let watched (gate: Gate) : Algorithm<Rate, Rate> =
    let gate = Service.Of gate

    Algorithm
        .For<Rate, Rate>()
        .WithMonitor(fun (ctx: MonitorContext<Rate, Rate>) (_: CancellationToken) -> task {
            match ctx.Id with
            | "throw" -> raise (DivideByZeroException "no records yet")
            | "wait" ->
                gate.Value.Begun.Release() |> ignore
                do! gate.Value.Open.Task
            | _ -> ()

            return { RecordsPerSecond = 1_000L }
        })
        .WithAnalyze(fun ctx -> ctx.MonitorResult)
        .WithPlan(fun ctx ->
            Seq.length ctx.History |> ignore
            Plan.ForEach(ctx.Topology, (fun _ -> 3)))

let private rate = """{"recordsPerSecond":1000}"""

/// A call of plan whose newest iteration has applied 4, and whose other one does not fit the algorithm.
let planning =
    Requests
        .withText([ Requests.entry rate "{}"; Requests.entry """{"recordsPerSecond":"many"}""" "{}" ])
        .Replace(
            "\"monitorResult\":{},\"analyzeResult\":{},\"resultHistory\"",
            $"\"monitorResult\":{rate},\"analyzeResult\":{{}},\"resultHistory\""
        )

/// A call of analyze.
let analyzing = Requests.ofNodes [ "orders" ] rate "{}" "[]"
