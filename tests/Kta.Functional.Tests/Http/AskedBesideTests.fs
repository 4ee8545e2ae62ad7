/// Beside its calls, a server asks steps again about some of them: about which ones, and when.
module Kta.Functional.Tests.Http.AskedBesideTests

open System
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Http.CountedSteps
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Server
open Kta.Functional.Tests.Telemetry.Listening
open Microsoft.Extensions.Logging

let tests =
    testList "Asking twice beside the calls of a server" [
        testCaseTask "logs a step that answers differently, and counts it"
        <| fun () -> task {
            do!
                serveHeard ignore (counting (new CallLog())) (fun server heard -> task {
                    do! succeed server (request "one")
                    let! line = server.Log.Await "ChangedDecision"
                    Expect.equal (line.Level, line.Id.Id) (LogLevel.Error, 15) "the event"

                    Expect.stringStarts
                        line.Text
                        "monitor is not stateless: asked twice about iteration one, it answered differently. At $.n it said 1 at first, and 2 when"
                        "what was found"

                    Expect.equal
                        (sumOf "kta.functional.decisions.changed" [ "kta.step", "monitor" ] (heard ()))
                        (Some 1.0)
                        "the counter"

                    Expect.hasLength
                        (heard () |> List.filter (fun one -> one.Name = "kta.functional.step.duration"))
                        1
                        "the second question is no call"

                    do! succeed server (request "two")
                })
        }

        testCaseTask "has nothing to say of a step that is a function of its context, and asks about calls that differ"
        <| fun () -> task {
            use asked = new CallLog()

            do!
                serve (steady asked) (fun server -> task {
                    for id in [ "one"; "two"; "three" ] do
                        do! succeed server (differing id)
                        do! asked.AwaitAsync 2

                    do! succeed server (request "four")
                    do! succeed server (request "just as four")
                    do! asked.AwaitAsync 4

                    let again =
                        asked.Ids
                        |> List.ofSeq
                        |> List.countBy id
                        |> List.filter (fun (_, count) -> count > 1)

                    Expect.containsAll (List.map fst again) [ "one" ] "asked again"
                    Expect.isFalse (again |> List.exists (fun (id, _) -> id = "just as four")) "as if it were the same"

                    Expect.isEmpty
                        (server.Log.Lines |> List.filter (fun line -> line.Level >= LogLevel.Warning))
                        "nothing to say"
                })
        }

        testCaseTask "is about the first calls, and then about one in a hundred"
        <| fun () -> task {
            use asked = new CallLog()

            do!
                serve (steady asked) (fun server -> task {
                    for number in 1..8 do
                        do! succeed server (request $"{number}")
                        do! asked.AwaitAsync 2

                    for number in 9..99 do
                        do! succeed server (request $"{number}")

                    do! asked.AwaitAsync 91
                    do! succeed server (request "100")
                    do! asked.AwaitAsync 2
                    Expect.hasLength (List.ofSeq asked.Ids) (100 + 8 + 1) "calls and second calls"
                })
        }

        testCaseTask "never asks about a body that is too large to be copied"
        <| fun () -> task {
            use asked = new CallLog()
            let large = Requests.ofNodes [ "orders" ] $"{{\"text\":\"{String('x', 1 <<< 20)}\"}}" "{}" "[]"

            do!
                serve (steady asked) (fun server -> task {
                    do! succeed server large
                    do! succeed server (request "small")
                    do! asked.AwaitAsync 3
                    do! succeed server (request "small")
                    do! asked.AwaitAsync 2

                    Expect.hasLength
                        (asked.Ids |> List.ofSeq |> List.filter (fun id -> id.StartsWith "c3f7"))
                        1
                        "the large call"
                })
        }

        testCaseTask "waits while calls wait for their turn"
        <| fun () -> task {
            use asked = new CallLog()
            let gate = new ManualResetEventSlim(false)

            let oneByOne (options: HttpBackendOptions) =
                options.MaxConcurrentCalls <- 1
                options.MaxQueuedCalls <- 1

            let holding =
                answering
                    (fun number ->
                        if number = 1 then
                            gate.Wait()

                        1)
                    asked

            do!
                serveWith oneByOne holding (fun server -> task {
                    let first = server.Call("monitor", request "first")
                    do! asked.AwaitAsync 1
                    // One of them waits, the other one is refused.
                    let others = [ server.Call("monitor", request "second"); server.Call("monitor", request "third") ]
                    let! refused = Task.WhenAny others
                    Expect.equal refused.Result.Status 429 "one is waiting"
                    gate.Set()

                    for call in first :: others do
                        let! _ = call
                        ()

                    do! asked.AwaitAsync 2
                    Expect.equal (List.last (List.ofSeq asked.Ids)) "first" "asked again when nobody waited any more"
                })

            Expect.hasLength (List.ofSeq asked.Ids) 3 "once"
        }

        testCaseTask "is in no recording"
        <| fun () -> task {
            use folder = new Folder()
            use asked = new CallLog()

            do!
                serveWith (recordingTo folder.Calls) (steady asked) (fun server -> task {
                    for number in 1..5 do
                        do! succeed server (request $"{number}")
                        do! asked.AwaitAsync 2
                })

            Expect.hasLength (callsOf folder.Calls) 5 "the calls"
        }
    ]
