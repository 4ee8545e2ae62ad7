module Kta.Cli.Tests.SimulateTests

open System.IO
open System.Text.Json.Nodes
open Expecto
open Kta.Cli.Tests.Tool

let private simulated (arguments: string list) = task {
    let! outcome = run ([ "simulate"; sample "orders.yaml"; "--json" ] @ arguments)
    Expect.equal outcome.Code 0 outcome.Notes
    return JsonNode.Parse outcome.Output |> Unchecked.nonNull
}

let tests =
    testList "kta simulate" [
        testTask "prints the figures of the published run" {
            let! (json: JsonNode) = simulated [ "--algorithm"; "break-even" ]
            let figure name = number [ "figures"; name ] json
            Expect.floatClose Accuracy.low (figure "instanceHours") 151.949 "instance-hours"
            Expect.equal (figure "rescales") 6.0 "rescales"
            Expect.floatClose Accuracy.low (figure "timeAboveObjective") 0.06917 "above the objective"
            Expect.equal (number [ "iterations" ] json) 131.0 "iterations"
            let decisions = json["decisions"] |> Unchecked.nonNull |> _.AsArray()
            Expect.equal decisions.Count 131 "every decision"

            Expect.equal
                (string ((decisions[0] |> Unchecked.nonNull)["plan"]))
                (string (JsonNode.Parse """{"source":6,"map":25,"agg":46}"""))
                "the plan"
        }

        testTask "settings come from the command line, then from the application, then from the rule" {
            let! (json: JsonNode) = simulated [ "--set"; "latePrice=8" ]
            Expect.equal (number [ "settings"; "latePrice" ] json) 8.0 "given"
            Expect.equal (number [ "settings"; "sloSeconds" ] json) 10.0 "the objective of the application"
            Expect.equal (number [ "settings"; "maxParallelism" ] json) 64.0 "its limits"
            Expect.equal (number [ "settings"; "rescalePrice" ] json) 2.0 "the default of the rule"
        }

        testTask "the summary has the picture, the figures and why" {
            let! outcome = run [ "simulate"; sample "orders.yaml" ]
            Expect.equal outcome.Code 0 outcome.Notes

            for text in
                [
                    "orders · break-even · cosine 50k…250k/s · 2 h 20 min at 1 min · seed 1"
                    "0.85 × static peak (179.7)"
                    "(4 up, 2 down), 3 min down"
                    "00:41:29  map 9 → 15  Break-even: 109,106/s at 10,752/s per instance need 10.21 of 9 instances"
                ] do
                Expect.stringContains outcome.Output text "told"

            Expect.equal outcome.Notes "" "nothing beside the result"
        }

        testTask "over HTTP the decisions are the same" {
            let! (near: JsonNode) = simulated [ "--history"; "120"; "--hours"; "1" ]
            let! (far: JsonNode) = simulated [ "--history"; "120"; "--hours"; "1"; "--http" ]
            Expect.equal (string (far["figures"])) (string (near["figures"])) "the same figures"
            Expect.equal (string (far["decisions"])) (string (near["decisions"])) "the same plans and reasons"
        }

        testTask "every second is a row of the CSV file, and the page is written" {
            do!
                inFolder (fun folder -> task {
                    let csv, page = Path.Combine(folder, "seconds.csv"), Path.Combine(folder, "page.html")

                    let! outcome =
                        run [ "simulate"; sample "orders.yaml"; "--hours"; "0.5"; "--csv"; csv; "--report"; page ]

                    Expect.equal outcome.Code 0 outcome.Notes
                    let rows = File.ReadAllLines csv
                    Expect.equal rows.Length 1801 "a heading and 1,800 seconds"

                    Expect.equal
                        rows[0]
                        "second,rate,lag,lagSeconds,latencySeconds,instances,needed,down,source,map,agg"
                        "columns"

                    Expect.stringContains outcome.Output $"report: {page}" "where it is"
                    Expect.isGreaterThan (FileInfo(page).Length) 1_000_000L "with its script"
                })
        }

        testTask "more time above the objective than allowed is exit code 1, after the result" {
            let! outcome = run [ "simulate"; sample "orders.yaml"; "--fail-above"; "0.05" ]
            Expect.equal outcome.Code 1 "failed"
            Expect.stringContains outcome.Output "above objective" "the result"
            Expect.stringContains outcome.Notes "6.9 % of the time was above the objective, 5.0 % were allowed." "why"
        }

        for name in [ "static-peak"; "ds2"; "hpa"; "dummy" ] do
            testTask $"{name} runs" {
                let! (json: JsonNode) = simulated [ "--algorithm"; name; "--hours"; "0.2" ]
                Expect.equal (string (json["algorithm"])) name "its name"
            }
    ]
