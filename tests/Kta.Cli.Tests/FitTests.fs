module Kta.Cli.Tests.FitTests

open System.IO
open System.Text.Json.Nodes
open Expecto
open Kta.Cli.Tests.Tool
open Kta.Functional.Algorithms
open Kta.Functional.Files
open Kta.Functional.Recording
open Kta.Functional.Simulation

/// What Break-even did with an application, recorded in a folder.
let private record (application: string) (folder: string) = task {
    let path = Path.Combine(folder, "decisions.jsonl")
    let file = Path.Combine(folder, "orders.yaml")
    File.WriteAllText(file, application)
    use recorder = new CallRecorder(path)

    let! _ =
        Simulator.RunAsync(
            (ApplicationFile.Read file).Application,
            Autoscaler.ByName "break-even",
            LocalOperatorOptions(Record = recorder)
        )

    return path
}

let private orders (rate: string) =
    $$"""
operators:
  - { id: source, ratePerInstance: 50000, exponent: 0.97 }
  - { id: map, ratePerInstance: 12000, exponent: 0.95, selectivity: 2 }
sources:
  source: {{rate}}
hours: 2
"""

let private cosine = orders "{ kind: cosine, mean: 150000, amplitude: 100000, period: 1h }"

let tests =
    testList "kta fit" [
        testTask "writes an application that can be simulated, and says first how well it replays the recording" {
            do!
                inFolder (fun folder -> task {
                    let! recording = record cosine folder
                    let fitted = Path.Combine(folder, "fitted.yaml")
                    let! outcome = run [ "fit"; recording; "-o"; fitted ]
                    Expect.equal outcome.Code 0 outcome.Notes
                    let place (text: string) = outcome.Output.IndexOf(text, System.StringComparison.Ordinal)
                    Expect.isGreaterThan (place "Replayed with the recorded load and plans") 0 "the fidelity"
                    Expect.isGreaterThan (place "Operators") (place "Replayed") "then the operators"

                    Expect.isGreaterThan
                        (place "bufferSeconds and objective are the defaults")
                        (place "Operators")
                        "then the notes"

                    Expect.stringContains outcome.Notes "calls of plan used" "what was used"

                    let application = (ApplicationFile.Read fitted).Application
                    Expect.equal application.Name "fitted" "the name of the file"

                    Expect.equal
                        [ for one in application.Operators -> one.RatePerInstance, one.Exponent ]
                        [ 50_000.0, 0.97; 12_000.0, 0.95 ]
                        "what was simulated"

                    let! simulated = run [ "simulate"; fitted; "--algorithm"; "ds2"; "--json" ]
                    Expect.equal simulated.Code 0 simulated.Notes
                })
        }

        testTask "prints what is not known, also as JSON" {
            do!
                inFolder (fun folder -> task {
                    let! recording = record (orders "40000") folder
                    let! outcome = run [ "fit"; recording; "--json" ]
                    Expect.equal outcome.Code 0 outcome.Notes
                    let json = JsonNode.Parse outcome.Output |> Unchecked.nonNull
                    let operators = json["operators"] |> Unchecked.nonNull |> _.AsArray()

                    for one in operators do
                        Expect.equal (string ((Unchecked.nonNull one)["confidence"])) "low" "one parallelism"

                    Expect.equal (string ((Unchecked.nonNull json["rescales"])["confidence"])) "low" "no rescale"
                    let! text = run [ "fit"; recording ]
                    Expect.stringContains text.Output "an exponent of 1 is assumed" "the doubts"
                })
        }

        testTask "fails with a reason where a recording holds no application" {
            do!
                inFolder (fun folder -> task {
                    let recording = Path.Combine(folder, "empty.jsonl")
                    File.WriteAllText(recording, "")
                    let! outcome = run [ "fit"; recording ]
                    Expect.equal outcome.Code 1 "failed"
                    Expect.stringContains outcome.Notes "holds no arrival rates" "why"
                    Expect.equal outcome.Output "" "no result"
                })
        }

        testTask "hints at the node that may be meant" {
            do!
                inFolder (fun folder -> task {
                    let! recording = record cosine folder
                    let! outcome = run [ "fit"; recording; "--node"; "sorce" ]
                    Expect.equal outcome.Code 1 "failed"
                    Expect.stringContains outcome.Notes "did you mean source?" "the hint"
                })
        }
    ]
