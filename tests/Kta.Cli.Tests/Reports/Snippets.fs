/// What docs/report.md shows in F#.
module Kta.Cli.Tests.Reports.Snippets

open System.Threading.Tasks
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Reports

let private ofRule (orders: Application) : Task<SimulatedRun> =
    Simulator.RunAsync(orders, Autoscaler.Create(Ds2.Rule()))

let oneRun (orders: Application) = task {
    let! run = ofRule orders
    run |> Report.write "report.html"
    return run
}

let withYardsticks (orders: Application) (run: SimulatedRun) =
    let details =
        ReportDetails(clairvoyant = ClairvoyantOptimum.Of orders, commandLine = "dotnet run --project experiments")

    run |> Report.writeWith details "report.html"

let several (orders: Application) (first: SimulatedRun) (second: SimulatedRun) =
    [ ComparedRun("break-even", first); ComparedRun("ds2", second) ]
    |> Report.writeComparison
        "comparison.html"
        "Two rules for orders"
        (List.ofSeq (ClairvoyantOptimum.Front(orders, 8)))
