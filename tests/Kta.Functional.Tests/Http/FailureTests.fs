module Kta.Functional.Tests.Http.FailureTests

open System
open System.Net.Http
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server
open Microsoft.Extensions.Logging

let private expectError (reply: Server.Reply) (message: string) =
    Expect.equal reply.Status 500 reply.Text
    Expect.equal reply.ContentType "application/json" "an error is JSON"
    Expect.equal reply.Message message "the whole message"

let private errorsIn (server: Server.RunningServer) =
    server.Log.Lines |> List.filter (fun line -> line.Level = LogLevel.Error)

/// A provider of the application that cannot write about requests that are refused.
type BrokenLog() =
    interface ILogger with
        member _.BeginScope _ = null
        member _.IsEnabled _ = true

        member _.Log(_, id, _, _, _) =
            if id.Name = "Refused" then
                raise (InvalidOperationException "the disk is full")

    interface ILoggerProvider with
        member this.CreateLogger _ = this
        member _.Dispose() = ()

let private logging =
    testCaseTask "a log that fails for a request that is refused unread: answered with 500 as JSON, not with silence"
    <| fun () -> task {
        let change = alsoConfigure (fun builder -> builder.Logging.AddProvider(new BrokenLog()) |> ignore)

        do!
            serveWith change plain (fun server -> task {
                for contentType, method in [ "application/json", "PUT"; "text/plain", "POST" ] do
                    let! reply = server.Send(method, "/api/v1alpha1/monitor", "{}"B, contentType)
                    Expect.equal reply.Status 500 reply.Text
                    Expect.stringStarts reply.Message "The SDK failed while serving monitor" "where"
                    Expect.stringContains reply.Message "the disk is full" "what"
            })
    }

let private failing =
    testList "A step that throws" [
        for isAsync in [ false; true ] do
            let kind = if isAsync then "asynchronous" else "synchronous"

            testCaseTask
                $"{kind}: the operator gets step, exception type and message, the log has the stack, the next call works"
            <| fun () -> task {
                let explode (ctx: MonitorCtx) : JsonObject =
                    if ctx.Id = "bad" then
                        raise (DivideByZeroException "no records yet")
                    else
                        ok ()

                let algorithm =
                    if isAsync then
                        plain.WithMonitor(fun ctx _ -> task {
                            do! Task.Yield()
                            return explode ctx
                        })
                    else
                        plain.WithMonitor explode

                do!
                    serve algorithm (fun server -> task {
                        let! bad =
                            server.Call(
                                "monitor",
                                Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", "bad")
                            )

                        expectError bad "monitor threw DivideByZeroException: no records yet"
                        let logged = List.exactlyOne (errorsIn server)
                        Expect.equal logged.Id.Name "Failed" "the event has a stable name"
                        Expect.stringContains (string logged.Error) "FailureTests" "the stack leads to the step"
                        let! good = server.Call("monitor", Requests.first)
                        Expect.equal good.Status 200 good.Text
                    })
            }

        testCaseTask "in analyze and in plan: the message names the step"
        <| fun () -> task {
            let algorithm =
                plain
                    .WithAnalyze(fun _ -> raise (InvalidOperationException "a"))
                    .WithPlan(fun _ -> raise (InvalidOperationException "p"))

            do!
                serve algorithm (fun server -> task {
                    let! analyze = server.Call("analyze", Requests.first)
                    expectError analyze "analyze threw InvalidOperationException: a"
                    let! plan = server.Call("plan", Requests.first)
                    expectError plan "plan threw InvalidOperationException: p"
                })
        }
    ]

let private wrongResults =
    let call (step: string) (algorithm: Untyped) (request: string) (message: string) =
        serve algorithm (fun server -> task {
            let! reply = server.Call(step, request)
            expectError reply message
            let! next = server.Call("monitor", Requests.first)
            Expect.isTrue (next.Status = 200 || step = "monitor") "the next request works"
        })

    let two = Requests.ofNodes [ "orders"; "payments" ] "{}" "{}" "[]"

    testList "A step that answers nonsense" [
        testCaseTask "monitor answers null"
        <| fun () -> task {
            do!
                call
                    "monitor"
                    (plain.WithMonitor(fun _ -> Unchecked.defaultof<JsonObject>))
                    Requests.first
                    "monitor failed: monitor answered null. It has to answer a JsonObject; only analyze may have nothing to say."
        }

        testCaseTask "an asynchronous monitor answers null instead of a task"
        <| fun () -> task {
            do!
                call
                    "monitor"
                    (plain.WithMonitor(fun _ _ -> Unchecked.defaultof<Task<JsonObject>>))
                    Requests.first
                    "monitor failed: the function answered null instead of a task. Write it as async, or answer Task.FromResult(…)."
        }

        testCaseTask "plan answers null"
        <| fun () -> task {
            do!
                call
                    "plan"
                    (plain.WithPlan(fun _ -> Unchecked.defaultof<Plan>))
                    Requests.first
                    "plan failed: plan answered null. It has to answer a Plan with an entry for every node."
        }

        testCaseTask "plan misses a node and names a foreign one"
        <| fun () -> task {
            do!
                call
                    "plan"
                    (plain.WithPlan(fun ctx ->
                        Plan.Of(
                            struct (ctx.Topology[0], 1),
                            struct (TopologyNode.Deployment "shop" :> TopologyNode, 2)
                        )))
                    two
                    "plan failed: plan does not fit the topology. Missing: Deployment/payments. Not in the topology: Deployment/shop. Expected exactly one entry for each of: Deployment/orders, Deployment/payments. Plan.ForEach(ctx.Topology, node => …) gives that."
        }

        testCaseTask "plan asks for nothing"
        <| fun () -> task {
            do!
                call
                    "plan"
                    (plain.WithPlan(fun ctx ->
                        Plan.ForEach(ctx.Topology, (fun node -> if node = ctx.Topology[1] then 0 else 3))))
                    two
                    "plan failed: A plan asks for parallelism 0 of Deployment/payments. It has to be at least 1: KTA cannot scale to zero, and the operator would turn this into the policy's minimum. Parallelism.Of(number).AtLeast(1) raises the number for a rate of 0, and refuses NaN, of which a cast makes 0."
        }
    ]

let private history =
    testCaseTask "History entries that do not fit: the call works, and the log says what was left out"
    <| fun () -> task {
        let request =
            Requests.withHistory [
                Requests.entry """{"other":1}""" "{}"
                Requests.entry """{"numInvocations":"x"}""" "{}"
                Requests.entry """{"numInvocations":1.0E1}""" """{"toggleState":0}"""
            ]

        do!
            serve (DummyAutoscaler.Create()) (fun server -> task {
                let! reply = server.Call("monitor", request)
                Expect.equal reply.Text """{"numInvocations":11}""" "the newest readable entry counts"
                let line = server.Log.Lines |> List.find (fun line -> line.Id.Name = "SkippedHistory")
                Expect.equal line.Level LogLevel.Warning "not an error, but worth a look"

                Expect.stringStarts
                    line.Text
                    "monitor left out 2 history entries that do not fit the algorithm's types. The first: $.resultHistory[0].monitorResult"
                    "where and why"
            })
    }

let tests = testSequenced (testList "Failures" [ failing; wrongResults; history; logging ])
