module Kta.Cli.Tests.UsageTests

open System.IO
open Expecto
open Kta.Cli
open Kta.Cli.Tests.Tool

let private verbs = [
    "simulate"
    "compare"
    "tune"
    "merge"
    "serve"
    "flink"
    "replay"
    "explain"
    "history"
    "report"
]

let private wrong (arguments: string list) (note: string) =
    testTask (
        String.concat
            " "
            ("kta" :: arguments
             |> List.map (fun word -> if word.StartsWith root then "orders.yaml" else word))
    ) {
        let! outcome = run arguments
        Expect.equal outcome.Code 2 outcome.Notes
        Expect.stringContains outcome.Notes note "what is wrong"
        Expect.equal outcome.Output "" "no result"
    }

let tests =
    let orders = sample "orders.yaml"

    testList "The command line of kta" [
        testList "that makes no sense is exit code 2, and says what to do" [
            wrong [ "simulat"; orders ] "'simulat' is not known, did you mean simulate?"
            wrong [ "simulate"; orders; "--algoritm"; "ds2" ] "'--algoritm' is not known, did you mean --algorithm?"
            wrong [ "simulate"; orders; "--algorithm"; "dss2" ] "There is no algorithm 'dss2', did you mean ds2?"
            wrong
                [ "simulate"; orders; "--set"; "latePrise=2" ]
                "break-even has no setting 'latePrise' (did you mean latePrice?). It has: sloSeconds"
            wrong [ "simulate"; orders; "--set"; "latePrice" ] "write name=value"
            wrong
                [ "simulate"; orders; "--set"; "latePrice=dear" ]
                "The setting latePrice is 'dear', it has to be a number."
            wrong [ "simulate"; orders; "--hours"; "0" ] "--hours has to be above 0"
            wrong [ "simulate"; orders; "--history"; "0" ] "--history has to be at least 1"
            wrong [ "simulate"; orders; "--fail-above"; "7" ] "from 0 to 1"
            wrong [ "simulate"; orders; "--endpoint"; "nowhere" ] "is not an address"
            wrong [ "simulate"; orders; "--endpoint"; "http://127.0.0.1:1"; "--algorithm"; "ds2" ] "not both"
            wrong [ "compare"; orders; "--seeds"; "0" ] "--seeds has to be"
            wrong [ "compare"; orders; "--shard"; "2/2" ] "expected I/N"
            wrong [ "tune"; orders; "--set"; "latePrice=1..10" ] "give a second application, or --seeds 2"
            wrong [ "tune"; orders; "--seeds"; "2" ] "There is nothing to search"
            wrong [ "tune"; orders; "--seeds"; "2"; "--set"; "latePrice=10..1" ] "expected a range"
            wrong [ "explain"; "decisions.jsonl" ] "expected a file and the number of a line"
            wrong [] "Required command was not provided"
            wrong [ "simulate"; orders; "--hours"; "0,5" ] "--hours 0,5: expected a number of hours"
            wrong [ "simulate"; orders; "--fail-above"; "0,1" ] "--fail-above 0,1: expected a share"
            wrong [ "simulate"; orders; "--seed"; "1.5" ] "--seed 1.5: expected a whole number"
            wrong [ "simulate"; orders; "--report"; orders ] "would overwrite what is read"
            wrong [ "simulate"; orders; "--csv"; orders ] "would overwrite what is read"
            wrong [ "simulate"; orders; "--report"; "" ] "expected the name of a file"
            wrong [ "compare"; orders; "--algorithm"; "ds2" ] "--algorithm is not known, did you mean --algorithms?"
            wrong [ "compare"; orders; orders ] "is given twice"
            wrong [ "compare"; orders; "--algorithms"; "ds2,ds2" ] "names ds2 twice"
            wrong [ "compare"; orders; "--algorithms"; "all,ds2" ] "names ds2 twice"
            wrong [ "compare"; orders; "--algorithms"; "," ] "names none"
            wrong [ "fit"; orders; "-o"; orders ] "would overwrite what is read"
            wrong [ "flink"; orders; "--port"; "99999" ] "--port has to be from 0 to 65535"
            wrong [ "flink"; orders; "--port"; "many" ] "--port many: expected a number from 0 to 65535"
            wrong [ "flink"; orders; "--slots"; "0" ] "--slots has to be from 1 to 32768"
            wrong [ "flink"; orders; "--speed"; "0x" ] "--speed 0x: expected how many times faster than the clock"
            wrong [ "flink"; orders; "--speed"; "fast" ] "--speed fast: expected"
            wrong [ "flink"; orders; "--state"; orders ] "would overwrite what is read"
            wrong [ "flink"; orders; "--hours"; "1" ] "'--hours' is not known"
            wrong [ "flink" ] "Required argument 'APP.yaml' missing for command: 'flink'"
            wrong [ "serve"; "--port"; "99999" ] "--port has to be from 0 to 65535"
            wrong [ "serve"; "--record"; orders ] "is no recording that calls could be appended to"
        ]

        testTask "the folder of what is written is made, and shares and seconds may be written as such" {
            do!
                inFolder (fun folder -> task {
                    let page = Path.Combine(folder, "a", "b", "page.html")

                    let! outcome =
                        run [
                            "simulate"
                            orders
                            "--hours"
                            "0.1"
                            "--report"
                            page
                            "--set"
                            "growth=50%"
                            "--set"
                            "sloSeconds=1min"
                            "--json"
                        ]

                    Expect.equal outcome.Code 0 outcome.Notes
                    Expect.isTrue (File.Exists page) "the page"
                })
        }

        testTask
            "what cannot be done is exit code 1: a file that is not there, one that is wrong, a server that is away" {
            do!
                inFolder (fun folder -> task {
                    let missing = Path.Combine(folder, "missing.yaml")
                    let! outcome = run [ "simulate"; missing ]
                    Expect.equal outcome.Code 1 "missing"
                    Expect.stringContains outcome.Notes missing "which"
                    let broken = Path.Combine(folder, "broken.yaml")
                    File.WriteAllText(broken, "operators:\n  - { id: a, ratePerInstance: fast }\nsources: { a: 1 }\n")
                    let! outcome = run [ "simulate"; broken ]
                    Expect.equal outcome.Code 1 "broken"

                    Expect.stringContains
                        outcome.Notes
                        $"{broken}:2: operators[0].ratePerInstance: expected a positive number"
                        "where"

                    let! outcome = run [ "simulate"; orders; "--endpoint"; "http://127.0.0.1:1" ]
                    Expect.equal outcome.Code 1 "away"
                    Expect.stringContains outcome.Notes "Is the server running?" "what to do"
                })
        }

        for verb in verbs do
            testTask $"kta {verb} --help has an example" {
                let! outcome = run [ verb; "--help" ]
                Expect.equal outcome.Code 0 outcome.Notes
                Expect.stringContains outcome.Output $"Example:{System.Environment.NewLine}  kta {verb} " "an example"
            }

        test "a Sobol sample fills every dimension evenly: each of 64 equal parts once with 64 points" {
            for dimension in 0 .. SobolSequence.MostDimensions - 1 do
                let parts = [
                    for index in 0u .. 63u ->
                        int (SobolSequence.Point(index, SobolSequence.MostDimensions)[dimension] * 64.0)
                ]

                Expect.equal (List.sort parts) [ 0..63 ] $"dimension {dimension}"
        }
    ]
