module Kta.Functional.Tests.Simulation.RecordedLoopTests

open System
open System.Text
open System.Threading.Tasks
open Expecto
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Simulation.ValueLoopTests

let tests =
    testList "A loop of values is recorded to the byte" [
        testCaseTask "as the same loop over HTTP"
        <| fun () -> task {
            use folder = new Folder()

            let record (path: string) (start: LocalOperatorOptions -> Task<LocalRun>) = task {
                use recorder = new CallRecorder(path)
                let! _ = start (LocalOperatorOptions(NewId = IterationIds.Numbered(), Record = recorder))
                return ()
            }

            let! server = Server.start autoscaler
            use _ = server :> IAsyncDisposable
            let here, there = folder.File "here.jsonl", folder.File "there.jsonl"
            do! record here (fun options -> LocalOperator.RunAsync(autoscaler, nodes 3, 12, options))

            do!
                record there (fun options ->
                    LocalOperator.RunAsync(StepEndpoints.At(string server.Backend.BaseAddress), nodes 3, 12, options))

            let calls (path: string) = [
                for line in CallRecording.Read path ->
                    let call = nonNull line.Call
                    call.Step, Encoding.UTF8.GetString call.Request.Span, Encoding.UTF8.GetString call.Reply.Span
            ]

            Expect.hasLength (calls here) 36 "three calls in each iteration"
            Expect.sequenceEqual (calls here) (calls there) "the same bytes"
        }
    ]
