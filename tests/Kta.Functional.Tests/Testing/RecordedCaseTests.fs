module Kta.Functional.Tests.Testing.RecordedCaseTests

open System
open System.Collections.Generic
open System.IO
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Testing
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.FSharp.TestingSnippets.Autoscaler

let private path = Path.Combine(AppContext.BaseDirectory, "decisions.jsonl")
let private cases = lazy (RecordedCases.Read "decisions.jsonl")

/// The recording of the documentation, with lines more.
let private longer (folder: Folder) (lines: string list) =
    File.WriteAllLines(folder.Calls, List.ofArray (File.ReadAllLines path) @ lines)
    folder.Calls

let private unmet (case: RecordedCase) (algorithm: Algorithm) =
    thrownBy<ExpectationException>(fun () -> case.CheckAsync(algorithm).GetAwaiter().GetResult()).ReplaceLineEndings
        "\n"

let tests =
    testList "Recorded cases" [
        test "are named by iteration and step, in the order of the recording" {
            Expect.equal
                (List.ofSeq cases.Value.Names)
                [
                    for number in 1..5 do
                        for step in [ "monitor"; "analyze"; "plan" ] do
                            $"iteration {number}, {step}"
                ]
                "names"

            Expect.equal cases.Value.Count 15 "all of them"
            Expect.equal (string cases.Value[5]) "iteration 2, plan" "as test explorers show it"
        }

        test "know what was asked and what is expected" {
            let case = cases.Value["iteration 2, analyze"]
            Expect.equal (case.Step, case.Reply) (Step.Analyze, """{"instances":4}""") "step and reply"
            Expect.stringContains case.Request "\"monitorResult\":{\"recordsPerSecond\":20000}" "request"
        }

        test "fail with what replay reports, below their name" {
            let other =
                careful.WithPlan(fun (ctx: PlanContext<Load, Demand>) ->
                    Plan.forEach (fun _ -> ctx.AnalyzeResult.Instances) ctx.Topology)

            let case = cases.Value["iteration 3, plan"]

            Expect.equal
                (unmet case (other.WithName("hasty", "2")))
                ("iteration 3, plan: 1 call of algorithm, replayed with hasty 2, each by itself: 1 differs.\n\n"
                 + "  line  step  iteration                             path                             recorded  replayed\n"
                 + "     9  plan  00000000-0000-4000-8000-000000000003  $['Deployment/app'].parallelism  3         1\n")
                "the difference"

            Expect.stringStarts
                (unmet case (careful.WithOnly Step.Monitor))
                "iteration 3, plan: 1 call of algorithm, replayed with algorithm, each by itself: nothing could be compared"
                "a step that is served elsewhere"
        }

        test "are found by name, and the message tells which there are" {
            Expect.equal
                (thrownBy<KeyNotFoundException>(fun () -> cases.Value["iteration 9, plan"] |> ignore))
                "decisions.jsonl has no case 'iteration 9, plan'; it has 15, from 'iteration 1, monitor' to 'iteration 5, plan'."
                "which ones"
        }

        test "a call that was made again has a name of its own" {
            use folder = new Folder()
            let lines = File.ReadAllLines path
            let twice = RecordedCases.Read(longer folder [ lines[2]; lines[2] ])

            Expect.equal
                (List.ofSeq (Seq.skip 15 twice.Names))
                [ "iteration 1, plan, call 2"; "iteration 1, plan, call 3" ]
                "call by call"
        }

        test "calls without a decision are left out, and a request without an id is named by its line" {
            use folder = new Folder()

            let line status request =
                $$"""{"v":1,"at":"2025-01-01T00:00:00Z","algorithm":"a","step":"plan","ms":1{{status}},"reply":{},"request":{{request}}}"""

            let read =
                RecordedCases.Read(
                    longer folder [
                        line "" """{"id":"x"}"""
                        line
                            ",\"status\":500,\"error\":{\"type\":\"UdfTimeoutException\",\"message\":\"late\"}"
                            """{"id":"x"}"""
                        line ",\"status\":422" "{}"
                    ]
                )

            Expect.equal (List.ofSeq (Seq.skip 15 read.Names)) [ "line 18, plan" ] "the last one"
        }

        test "a recording with holes is refused, unless that is accepted" {
            use folder = new Folder()
            let torn = longer folder [ """{"v":1,"at":""" ]

            Expect.equal
                (thrownBy<InvalidDataException>(fun () -> RecordedCases.Read torn |> ignore))
                $"{torn} is not complete: line 16: the line is torn: it ends too early. RecordedCases.Read(path, allowIncomplete: true) accepts that."
                "torn"

            Expect.equal (RecordedCases.Read(torn, allowIncomplete = true)).Count 15 "accepted"
            let dropped = longer folder [ """{"v":1,"at":"2025-01-01T00:00:00Z","dropped":3}""" ]

            Expect.equal
                (thrownBy<InvalidDataException>(fun () -> RecordedCases.Read dropped |> ignore))
                $"{dropped} is not complete: line 16: 3 calls were dropped by the recorder here. RecordedCases.Read(path, allowIncomplete: true) accepts that."
                "dropped"
        }

        test "a recording of nothing is refused, and one that is not there is missed" {
            use folder = new Folder()
            File.WriteAllText(folder.Calls, "")

            Expect.equal
                (thrownBy<InvalidDataException>(fun () -> RecordedCases.Read folder.Calls |> ignore))
                $"{folder.Calls} has no call with a decision, so there is nothing to test."
                "nothing"

            let missed (path: string) = thrownBy<FileNotFoundException>(fun () -> RecordedCases.Read path |> ignore)

            Expect.equal
                (missed "nowhere.jsonl")
                $"There is no recording at {AppContext.BaseDirectory}nowhere.jsonl, and no rotated file of one. A relative path begins at the folder of the test program; in a script that is the SDK's folder. Put the file there with CopyToOutputDirectory, or give its absolute path: in a script Path.Combine(__SOURCE_DIRECTORY__, \"nowhere.jsonl\")."
                "relative to the program"

            let absolute = folder.File "nowhere.jsonl"

            Expect.equal
                (missed absolute)
                $"There is no recording at {absolute}, and no rotated file of one."
                "an absolute path"
        }
    ]
