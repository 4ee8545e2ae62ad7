module Kta.Cli.Tests.SweepTests

open System
open System.Globalization
open System.IO
open System.Text.Json.Nodes
open Expecto
open Kta.Cli.Tests.Tool

let private files = [ sample "orders.yaml"; sample "payments.yaml" ]

let private sweeps = [
    "compare",
    files
    @ [ "--algorithms"; "ds2,static-peak,break-even"; "--seeds"; "2"; "--hours"; "0.5"; "--front" ]
    "tune",
    files
    @ [ "--set"; "latePrice=1..10"; "--set"; "levels=2..12"; "--budget"; "6"; "--hours"; "0.5" ]
]

let private whole (verb: string) (arguments: string list) = task {
    let! outcome = run (verb :: arguments @ [ "--json" ])
    Expect.equal outcome.Code 0 outcome.Notes
    return outcome.Output
}

let private parts (folder: string) (verb: string) (arguments: string list) (count: int) = task {
    let paths = ResizeArray()

    for index in 0 .. count - 1 do
        let path = Path.Combine(folder, $"part-{index}.json")
        let! outcome = run (verb :: arguments @ [ "--shard"; $"{index}/{count}" ])
        Expect.equal outcome.Code 0 outcome.Notes
        File.WriteAllText(path, outcome.Output)
        paths.Add path

    return List.ofSeq paths
}

let tests =
    testList "A sweep" [
        for verb, arguments in sweeps do
            testTask $"kta {verb} in parts, joined, is the same to the byte as in one piece" {
                do!
                    inFolder (fun folder -> task {
                        let! expected = whole verb arguments
                        let! paths = parts folder verb arguments 3
                        let! merged = run ("merge" :: List.rev paths)
                        Expect.equal merged.Output expected "the same"
                        let! twice = whole verb arguments
                        Expect.equal twice expected "and again"
                    })
            }

        testTask "parts that do not make a whole are refused" {
            do!
                inFolder (fun folder -> task {
                    let verb, arguments = List.head sweeps
                    let! paths = parts folder verb arguments 2
                    let! missing = run [ "merge"; paths[0] ]
                    Expect.equal missing.Code 1 "one is missing"
                    Expect.stringContains missing.Notes "1/2 missing" "which"
                    let! twice = run [ "merge"; paths[0]; paths[0]; paths[1] ]
                    Expect.stringContains twice.Notes "twice" "one is there twice"
                    let! others = parts folder "tune" (snd sweeps[1]) 2
                    let foreign = Path.Combine(folder, "foreign.json")
                    File.Move(others[1], foreign)
                    let! _ = parts folder verb arguments 1
                    let! mixed = run [ "merge"; paths[0]; foreign ]
                    Expect.equal mixed.Code 1 "another sweep"
                    let! plain = run [ "merge"; sample "orders.yaml" ]
                    Expect.equal plain.Code 1 "no result at all"
                })
        }

        testTask "parts whose application files have changed in between are not joined" {
            do!
                inFolder (fun folder -> task {
                    let path = Path.Combine(folder, "orders.yaml")

                    let part (index: int) (text: string) = task {
                        File.WriteAllText(path, text)

                        let! outcome =
                            run [ "compare"; path; "--algorithms"; "ds2"; "--hours"; "0.1"; "--shard"; $"{index}/2" ]

                        let part = Path.Combine(folder, $"part-{index}.json")
                        File.WriteAllText(part, outcome.Output)
                        return part
                    }

                    let text = File.ReadAllText(sample "orders.yaml")
                    let! first = part 0 text
                    let! second = part 1 (text.Replace("150000", "110000"))
                    let! merged = run [ "merge"; first; second ]
                    Expect.equal merged.Code 1 "refused"
                    Expect.stringContains merged.Notes "application files with another content" "why"
                })
        }

        testTask "one part of one is a part, too" {
            do!
                inFolder (fun folder -> task {
                    let verb, arguments = List.head sweeps
                    let! paths = parts folder verb arguments 1
                    let! merged = run ("merge" :: paths)
                    let! expected = whole verb arguments
                    Expect.equal merged.Output expected "the same"
                })
        }

        testTask "compare tells algorithms with other settings apart" {
            let algorithms = "ds2,ds2:scalingFactor=0.2"
            let! outcome = run ("compare" :: files @ [ "--algorithms"; algorithms; "--hours"; "0.2" ])
            Expect.stringContains outcome.Output "ds2 scalingFactor=0.2" "in the table"
            let! (text: string) = whole "compare" (files @ [ "--algorithms"; algorithms; "--hours"; "0.2" ])
            let front = (JsonNode.Parse text |> Unchecked.nonNull)["front"] |> Unchecked.nonNull

            for one in front.AsArray() do
                Expect.isNotNull ((Unchecked.nonNull one)["settings"]) "in the front"
        }

        testTask "compare marks what nothing else beats" {
            let! outcome =
                run (
                    "compare" :: files
                    @ [ "--algorithms"; "ds2,static-peak,break-even"; "--hours"; "0.5" ]
                )

            Expect.equal outcome.Code 0 outcome.Notes
            let rowOf (name: string) = outcome.Output.Split('\n') |> Array.find (fun row -> row.Contains name)
            Expect.stringContains (rowOf "static-peak") "◆" "never late, so nothing beats it in that"
        }

        testTask "compare runs every application with every downtime, and gives the mean over all" {
            let arguments = [ "--algorithms"; "ds2,break-even"; "--hours"; "0.5"; "--downtime"; "3s,2min" ]
            let! outcome = run ("compare" :: files @ arguments)
            Expect.equal outcome.Code 0 outcome.Notes

            for heading in
                [
                    "orders, 3 s down"
                    "orders, 2 min down"
                    "payments, 3 s down"
                    "payments, 2 min down"
                    "mean of all 4"
                ] do
                Expect.stringContains outcome.Output heading "its rows"

            let! (text: string) = whole "compare" (files @ arguments)
            let runs = (JsonNode.Parse text |> Unchecked.nonNull)["runs"] |> Unchecked.nonNull

            let ofAlgorithm (name: string) = [
                for one in runs.AsArray() do
                    if string ((Unchecked.nonNull one)["algorithm"]) = name then
                        number [ "figures"; "instanceHours" ] (Unchecked.nonNull one)
            ]

            let mean = List.average (ofAlgorithm "ds2")
            let last = outcome.Output.Substring(outcome.Output.IndexOf("mean of all", StringComparison.Ordinal))
            Expect.stringContains last (mean.ToString("0.0", CultureInfo.InvariantCulture)) "the mean of four runs"
        }

        testTask "files may stand before and behind the options" {
            let! before = run ("compare" :: files @ [ "--algorithms"; "ds2,hpa"; "--hours"; "0.2" ])

            let! behind =
                run (
                    [ "compare"; "--hours"; "0.2"; "--algorithms"; "ds2"; "--algorithms"; "hpa" ]
                    @ files
                )

            Expect.equal behind.Code 0 behind.Notes
            Expect.equal behind.Output before.Output "the same"
        }

        for arguments, expected in
            [
                [ "compare"; "--downtime"; "3sec" ],
                "--downtime 3sec: expected a time: seconds, or a number with ms, s, min, h or d."
                [ "compare"; "--downtime"; "1000d" ],
                "--downtime: downtime: expected a whole number of seconds, from 0 to a day"
                [ "simulate"; "--downtime"; "3s,30s" ], "--downtime is one time here; kta compare takes several."
            ] do
            testTask $"{arguments} is refused" {
                let! outcome = run (arguments @ [ sample "orders.yaml" ])
                Expect.equal outcome.Code 2 "usage"
                Expect.stringContains outcome.Notes expected "why"
            }

        testTask "tune keeps the current settings when nothing is better on the other half" {
            // Whatever the search finds, no settings make DS2 worse than off: a range so narrow that all are the same.
            let! outcome = run ("tune" :: files @ [ "--algorithm"; "static"; "--set"; "x=1..2" ])
            Expect.equal outcome.Code 2 "no rule"

            let! same =
                run (
                    "tune" :: files
                    @ [ "--set"; "rescalePrice=2..2.0000001"; "--budget"; "2"; "--hours"; "0.5" ]
                )

            Expect.stringContains same.Output "keep the current settings" "nothing is better"
        }

        testTask "tune proposes settings that are better on both halves, as a line to paste" {
            // DS2 without reserve is late nearly always.
            let! (text: string) =
                whole
                    "tune"
                    (files
                     @ [ "--algorithm"; "ds2"; "--set"; "scalingFactor=0..1"; "--budget"; "8"; "--hours"; "1" ])

            let json = JsonNode.Parse text |> Unchecked.nonNull
            Expect.stringStarts (string (json["advice"])) "--algorithm ds2 --set scalingFactor=" "the line"
            Expect.notEqual (string (json["choice"])) "0" "not the current ones"
        }
    ]
