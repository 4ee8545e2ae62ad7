/// The reference cases, run by the same entry point as `dotnet run --project tests/Kta.Functional.Vectors`.
module Kta.Functional.Tests.Algorithms.VectorTests

open System
open System.IO
open Expecto
open Kta.Functional.Tests
open Kta.Functional.Vectors

let private run (file: string) =
    use output = new StringWriter()
    let result = VectorRun.Of(file, output)
    result, output.ToString().TrimEnd().Split(Environment.NewLine) |> List.ofArray

/// Runs a file of one case.
let private runCase (kind: string) (case: string) =
    let file = Path.GetTempFileName()

    try
        File.WriteAllText(
            file,
            $$"""{"format":1,"kind":"{{kind}}","comparison":"relative tolerance of 1e-6 (absolute 1e-9 near zero)","cases":[{{case}}]}"""
        )

        snd (run file)
    finally
        File.Delete file

let private timely = """"id":"x/1","op":"timelyWorkers","given":{"unrounded":[1.25,1.5]}"""

let tests =
    testList "Reference cases" [
        for kind, count in
            [
                "ds2", 60
                "hpa", 142
                "keda-kafka", 82
                "break-even", 39
                "simulation", 12
                "flink-autoscaler", 170
                "hpa-edges", 100
                "break-even-edges", 91
                "simulation-edges", 70
                "flink-autoscaler-edges", 211
            ] do
            test kind {
                let result, lines = run (Repository.path $"tests/vectors/{kind}.json")
                Expect.equal lines [ $"{count} passed, 0 failed" ] "no difference"
                Expect.equal (result.Passed, result.Failed) (count, 0) "the counts"
            }

        test "a difference is printed with its place, and counts" {
            Expect.equal
                (runCase "ds2" $$$"""{{{{timely}}},"expect":{"workers":4}}""")
                [ "x/1: expect.workers: expected 4, found 3"; "0 passed, 1 failed" ]
                "what is printed"
        }

        test "a result where a refusal is expected is a difference" {
            Expect.equal
                (runCase "ds2" $$$"""{{{{timely}}},"expect":{"error":"too-few"}}""")
                [ """x/1: expected a refusal (too-few), found {"workers":3}"""; "0 passed, 1 failed" ]
                "what is printed"
        }

        test "a case that cannot be run is no refusal" {
            Expect.equal
                (runCase "ds2" """{"id":"x/1","op":"timelyWorkers","given":{},"expect":{"error":"anything"}}""")
                [ "x/1: CaseException: given has no member 'unrounded'"; "0 passed, 1 failed" ]
                "what is printed"
        }

        test "an unknown operation and an unknown kind fail and say what is known" {
            Expect.stringStarts
                (runCase "ds2" """{"id":"x/1","op":"guess","given":{},"expect":{}}"""
                 |> List.head)
                "x/1: the operation 'guess' is not known, known are: rates, evaluate,"
                "the operation"

            let lines = runCase "tarot" """{"id":"x/1","op":"guess","given":{},"expect":{}}"""

            Expect.stringContains
                (List.head lines)
                "the kind 'tarot' is not known, known are: ds2, hpa, keda-kafka, flink-autoscaler, break-even, simulation"
                "the kind"

            Expect.equal (List.last lines) "0 passed, 1 failed" "it counts"
        }

        test "a file that is none fails" {
            let _, lines = run "there-is-no-such.json"
            Expect.equal (List.last lines) "0 passed, 1 failed" "it counts"
        }

        test "numbers may be as far apart as the file or the case says" {
            let rates more =
                runCase
                    "ds2"
                    ("""{"id":"x/1","op":"rates","given":{"recordsIn":100,"recordsOut":100,"usefulSeconds":3,"windowSeconds":10},"expect":{"trueProcessingRate":33.4}"""
                     + more
                     + "}")
                |> List.last

            Expect.equal (rates "") "0 passed, 1 failed" "one in a million"
            Expect.equal (rates ""","tolerance":0.01""") "1 passed, 0 failed" "one in a hundred"
        }
    ]
