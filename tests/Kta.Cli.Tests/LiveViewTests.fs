module Kta.Cli.Tests.LiveViewTests

open System.Threading
open Expecto
open Kta.Cli
open Kta.Cli.Tests.Tool
open Spectre.Console.Testing

/// A terminal in which somebody watches.
let private watched () : TestConsole =
    let console = new TestConsole()
    console.Profile.Width <- 120
    console.SupportsAnsi(true).Interactive()

let private simulated (notes: TestConsole) = task {
    let results = watched ()

    let! code =
        KtaCommand.InvokeAsync(
            [| "simulate"; sample "orders.yaml"; "--hours"; "1" |],
            Terminal(results, notes),
            CancellationToken.None
        )

    Expect.equal code 0 notes.Output
    return results.Output
}

let tests =
    testList "The live view" [
        testTask "shows what runs, how far it is, and rate, lag and parallelism as they went" {
            let notes = watched ()
            let! results = simulated notes

            for text in
                [
                    "orders · break-even · cosine 50k…250k/s · 1 h at 1 min · seed 1"
                    "░ "
                    " %   1 iterations"
                    " rate "
                    " lag "
                    " source "
                    " map "
                    " agg "
                ] do
                Expect.stringContains notes.Output text "in the picture"

            Expect.stringContains results "instance-hours" "the summary comes afterwards, on the other stream"
            Expect.isFalse (results.Contains "░") "no picture in the results"
        }

        testTask "is not there where nobody watches" {
            let notes = new TestConsole()
            let! _ = simulated notes
            Expect.equal notes.Output "" "nothing"
        }
    ]
