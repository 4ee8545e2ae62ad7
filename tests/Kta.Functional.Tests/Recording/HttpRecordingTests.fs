module Kta.Functional.Tests.Recording.HttpRecordingTests

open System
open System.IO
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Server
open Microsoft.AspNetCore.Builder
open Microsoft.Extensions.Logging

let private three =
    Topology.Of(TopologyNode.Deployment "orders", TopologyNode.Deployment "payments", TopologyNode.Deployment "mails")

let tests =
    testSequenced
    <| testList "A recording over HTTP is" [
        testCaseTask "the same as the loop on the other side has recorded, and replays without HTTP"
        <| fun () -> task {
            use folder = new Folder()
            let there, here = folder.File "server.jsonl", folder.File "loop.jsonl"

            do!
                serveWith (recordingTo there) (DummyAutoscaler.Create()) (fun server -> task {
                    let! _ =
                        record here (CallRecorderOptions()) (fun recorder ->
                            let options =
                                LocalOperatorOptions(
                                    Clock = VirtualClock(),
                                    NewId = IterationIds.Numbered(),
                                    AskTwice = [||],
                                    Record = recorder
                                )

                            LocalOperator.RunAsync(
                                StepEndpoints.At(string server.Backend.BaseAddress),
                                three,
                                40,
                                options
                            ))

                    Expect.equal
                        (logged server "Recording")
                        [ $"Recording every call in {there}" ]
                        "the log names the file"
                })

            let essence path = [
                for call in callsOf path -> call.Step, textOf call.Request, call.Status, textOf call.Reply, call.Error
            ]

            Expect.equal (essence there).Length 120 "three calls each"
            Expect.equal (essence here) (essence there) "what was sent is what came"
            Expect.stringEnds (callsOf here).[1].Algorithm "/api/v1alpha1/analyze" "the loop knows an address only"

            for path in [ there; here ] do
                let! report = Replay.RunAsync(DummyAutoscaler.Create(), path)
                Expect.equal (report.Compared, report.IsSame) (120, true) (report.ToText())
        }

        testCaseTask "whole when 16 connections call at once: 2,000 calls are 2,000 lines"
        <| fun () -> task {
            use folder = new Folder()

            do!
                serveWith (recordingTo folder.Calls) (DummyAutoscaler.Create()) (fun server -> task {
                    let client (number: int) = task {
                        for n in 1..125 do
                            let request =
                                Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", $"{number}/{n}")

                            let! reply = server.Call("monitor", request)
                            Expect.equal reply.Status 200 reply.Text
                    }

                    let! _ = Task.WhenAll [ for number in 1..16 -> client number ]
                    ()
                })

            let ids = [ for call in callsOf folder.Calls -> Json.text (Json.parse (textOf call.Request)) "id" ]
            Expect.equal ids.Length 2000 "one line each"

            Expect.equal
                (set ids)
                (set [
                    for number in 1..16 do
                        for n in 1..125 -> $"{number}/{n}"
                ])
                "each call once"
        }

        testCaseTask "set by the configuration, without code"
        <| fun () -> task {
            use folder = new Folder()

            let configured (options: HttpBackendOptions) =
                options.Args <- [|
                    "--Kta:Record:Path"
                    folder.Calls
                    "--Kta:Record:MaxFileBytes"
                    "1"
                    "--Kta:Record:MaxFiles"
                    "2"
                |]

            do!
                serveWith configured (DummyAutoscaler.Create()) (fun server -> task {
                    for _ in 1..3 do
                        let! _ = server.Call("monitor", Requests.first)
                        ()
                })

            Expect.equal folder.Names [ "calls.000002-x.jsonl"; "calls.jsonl" ] "two of three files are left"
        }

        testCaseTask "refused with settings that make no sense"
        <| fun () -> task {
            let wrong (options: HttpBackendOptions) =
                options.Args <- [| "--Kta:Record:Path"; "x.jsonl"; "--Kta:Record:MaxFiles"; "many" |]

            Expect.equal
                (Calls.thrownBy<ArgumentException>(fun () ->
                    (Server.startWith wrong plain).GetAwaiter().GetResult() |> ignore))
                "The setting Kta:Record:MaxFiles has to be a whole number; it is 'many'."
                "the whole message"

            use folder = new Folder()
            use recorder = new CallRecorder(folder.Calls)

            Expect.equal
                (Calls.thrownBy<ArgumentException>(fun () ->
                    HttpBackend(HttpBackendOptions(RecordPath = "x.jsonl", Record = recorder))
                    |> ignore))
                "The HTTP options do not work: Record and RecordPath exclude each other; set one of them."
                "the whole message"
        }
    ]
