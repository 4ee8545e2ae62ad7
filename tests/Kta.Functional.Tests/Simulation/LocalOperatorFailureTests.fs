module Kta.Functional.Tests.Simulation.LocalOperatorFailureTests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests

type Untyped = Algorithm<JsonObject, JsonObject>

let private one = Topology.Of(TopologyNode.Deployment "orders")

let private options () =
    LocalOperatorOptions(Clock = VirtualClock(), Interval = TimeSpan.FromSeconds 30.0, NewId = IterationIds.Numbered())

let private run (algorithm: Algorithm) topology iterations options =
    LocalOperator.RunAsync(algorithm, topology, iterations, options)

let private plain: Untyped =
    Algorithm
        .For<JsonObject, JsonObject>()
        .WithMonitor(fun ctx -> Json.object [ "seen", JsonValue.Create ctx.History.Count ])
        .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1)))

let private failureOf (start: unit -> Task<LocalRun>) = task {
    try
        let! _ = start ()
        return failtest "it did not fail"
    with :? LocalOperatorException as error ->
        return error
}

let tests =
    testSequenced
    <| testList "A step that fails" [
        testCaseTask "ends the run: the message has iteration, step, who answered, status and body"
        <| fun () -> task {
            let algorithm =
                plain
                    .WithName("mine")
                    .WithPlan(fun ctx ->
                        if ctx.History.Count = 2 then
                            raise (TimeoutException "no answer")

                        Plan.Single 1)

            let! error = failureOf (fun () -> run algorithm one 5 (options ()))

            Expect.equal
                error.Message
                "Iteration 3 failed in plan: mine answered 500: {\"message\":\"plan threw TimeoutException: no answer\"}"
                "the whole message"

            Expect.equal (error.Step, error.Finished.Iterations.Count) (Step.Plan, 2) "and what was finished before"
            Expect.equal (error.GetBaseException().GetType()) typeof<TimeoutException> "and the cause"
        }

        testCaseTask "is tried again with the same id and a new start, after the operator's pauses"
        <| fun () -> task {
            let calls = Service.Of(List<string * int64>())

            let algorithm =
                plain.WithMonitor(fun ctx ->
                    calls.Value.Add(ctx.Id[35..], ctx.UdfStartTimestampMillis % 100000L)

                    if calls.Value.Count < 4 then
                        raise (TimeoutException "not yet")

                    Json.object [])

            let! run =
                run
                    algorithm
                    one
                    1
                    (LocalOperatorOptions(Clock = VirtualClock(), NewId = IterationIds.Numbered(), Attempts = 6))

            let first = snd calls.Value[0]

            Expect.equal
                [ for id, at in calls.Value -> id, at - first ]
                [ "1", 0L; "1", 2000L; "1", 4000L; "1", 7000L ]
                "2, 2 and 3 s"

            Expect.equal run.Iterations[0].Attempts 4 "the run tells"
        }

        testCaseTask "because nobody serves it: the message has the address"
        <| fun () -> task {
            let! error = failureOf (fun () -> LocalOperator.RunAsync(StepEndpoints.At "http://127.0.0.1:1", one, 1))

            Expect.stringStarts
                error.Message
                "Iteration 1 failed in monitor: http://127.0.0.1:1/api/v1alpha1/monitor could not be called"
                error.Message
        }

        testCaseTask "because another step is served there: the message has the 404"
        <| fun () -> task {
            let! server = Server.start (DummyAutoscaler.CreateMonitor())
            use _ = server :> IAsyncDisposable

            let! error =
                failureOf (fun () ->
                    LocalOperator.RunAsync(StepEndpoints.At(string server.Backend.BaseAddress), one, 1))

            Expect.stringContains error.Message "Iteration 1 failed in analyze" error.Message
            Expect.stringContains error.Message "/api/v1alpha1/analyze answered 404" error.Message
        }

        test "settings that make no sense are refused, all in one message" {
            let wrong =
                LocalOperatorOptions(MinParallelism = 5, MaxParallelism = 2, HistoryLength = 0, Attempts = 9)

            let message =
                try
                    run plain one 1 wrong |> ignore
                    ""
                with :? ArgumentException as error ->
                    error.Message

            Expect.equal
                message
                "The local operator cannot run like this: MaxParallelism has to be at least MinParallelism, they are 2 and 5; HistoryLength has to be at least 1, it is 0; Attempts has to be from 1 to 6, it is 9."
                "the whole message"
        }

        test "an algorithm that lacks a step is refused before the loop starts" {
            Expect.throwsT<ArgumentException>
                (fun () -> run (DummyAutoscaler.CreateMonitor()) one 1 (options ()) |> ignore)
                "there is no plan step"
        }
    ]
