/// Which steps a server asks twice, what may follow, and what ends it.
module Kta.Functional.Tests.Http.AskedBesideOptionTests

open System
open System.Text.Json.Nodes
open System.Threading
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Http.CountedSteps
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Recording.Recordings
open Kta.Functional.Tests.Server
open Microsoft.Extensions.Logging

let private never (options: HttpBackendOptions) = options.AskTwice <- AskTwice.Never
let private all (options: HttpBackendOptions) = options.AskTwice <- AskTwice.AllSteps

/// Steps that are not asked by default.
let private others: (string * (CallLog -> Untyped)) list = [
    "an asynchronous step",
    fun asked ->
        plain.WithMonitor(fun (ctx: MonitorCtx) (_: CancellationToken) -> task {
            return Json.object [ "n", JsonValue.Create(asked.Note ctx.Id) ]
        })
    "a step that uses a service",
    fun asked ->
        let service = Service.Of asked
        plain.WithMonitor(fun (ctx: MonitorCtx) -> Json.object [ "n", JsonValue.Create(service.Value.Note ctx.Id) ])
]

let tests =
    testList "Asking twice beside calls, as the options want it," [
        testCaseTask "can be switched off"
        <| fun () -> task {
            use asked = new CallLog()

            do!
                serveWith never (counting asked) (fun server -> task {
                    for _ in 1..20 do
                        do! succeed server Requests.first
                })

            Expect.hasLength (List.ofSeq asked.Ids) 20 "no second call"
        }

        for kind, make in others do
            testCaseTask $"leaves out {kind}, unless all steps are to be asked"
            <| fun () -> task {
                use asked = new CallLog()

                do!
                    serve (make asked) (fun server -> task {
                        for _ in 1..20 do
                            do! succeed server Requests.first
                    })

                Expect.hasLength (List.ofSeq asked.Ids) 20 "no second call"

                do!
                    serveWith all (make (new CallLog())) (fun server -> task {
                        do! succeed server Requests.first
                        let! line = server.Log.Await "ChangedDecision"
                        Expect.stringStarts line.Text "monitor is not stateless" "what was found"
                    })
            }

        testCaseTask "can end the service of a step that is found to have state"
        <| fun () -> task {
            let refusing (options: HttpBackendOptions) = options.RefuseStatefulSteps <- true

            do!
                serveWith refusing (counting (new CallLog())) (fun server -> task {
                    do! succeed server (request "one")
                    let! line = server.Log.Await "ChangedDecision"
                    let! refused = server.Call("monitor", request "two")
                    Expect.equal (refused.Status, refused.Message) (500, line.Text) "the reason"
                    let! failed = server.Log.Await "Failed"
                    Expect.isTrue (failed.Error :? IllegalAccessException) "the error"
                    let! other = server.Call("analyze", Requests.first)
                    Expect.equal other.Status 200 "another step is served"
                })
        }

        testCaseTask "ends with one warning when a second call fails"
        <| fun () -> task {
            use asked = new CallLog()

            do!
                serve (answering (fun number -> if number = 2 then invalidOp "no more" else 1) asked) (fun server -> task {
                    do! succeed server (request "one")
                    let! line = server.Log.Await "AskingEnded"
                    Expect.equal (line.Level, line.Id.Id) (LogLevel.Warning, 16) "the event"

                    Expect.equal
                        line.Text
                        "Steps are not asked twice any more, for one could not be: monitor threw InvalidOperationException: no more"
                        "the reason"

                    for _ in 1..20 do
                        do! succeed server (request "two")

                    Expect.hasLength (logged server "AskingEnded") 1 "once"
                    Expect.isEmpty (logged server "Failed") "no call has failed"
                })

            Expect.hasLength (List.ofSeq asked.Ids) 22 "no further second call"
        }

        testCaseTask "ends when a second call outlives the time limit, which nobody else notices"
        <| fun () -> task {
            let gate = new ManualResetEventSlim(false)

            let limited (options: HttpBackendOptions) =
                options.StepTimeLimit <- TimeSpan.FromMilliseconds 300.0
                options.MaxAbandonedSteps <- 1

            let holding =
                answering
                    (fun number ->
                        if number = 2 then
                            gate.Wait()

                        1)
                    (new CallLog())

            do!
                serveWith limited holding (fun server -> task {
                    do! succeed server (request "one")
                    let! line = server.Log.Await "AskingEnded"
                    Expect.stringContains line.Text "monitor took longer than its time limit of 0.3 s" "the reason"
                    let! health = server.Send("GET", "/health/live", null, null)
                    Expect.equal health.Status 200 "it is not counted as given up"
                    do! succeed server (request "two")
                    gate.Set()
                    Expect.isEmpty (logged server "EndedLate") "nor is its end told"
                })
        }

        testCaseTask "is set by the configuration, too"
        <| fun () -> task {
            let args (settings: string list) (options: HttpBackendOptions) = options.Args <- Array.ofList settings
            use asked = new CallLog()

            do!
                serveWith (args [ "--Kta:AskTwice"; "never" ]) (counting asked) (fun server -> task {
                    for _ in 1..20 do
                        do! succeed server Requests.first
                })

            Expect.hasLength (List.ofSeq asked.Ids) 20 "no second call"

            do!
                serveWith (args [ "--Kta:RefuseStatefulSteps"; "true" ]) (counting (new CallLog())) (fun server -> task {
                    do! succeed server (request "one")
                    let! _ = server.Log.Await "ChangedDecision"
                    let! refused = server.Call("monitor", request "two")
                    Expect.equal refused.Status 500 refused.Text
                })
        }
    ]
