/// Several policies in one run, and failures as the real operator handles them.
module Kta.Functional.Tests.Simulation.PolicyTests

open System
open System.Collections.Generic
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Simulation
open Kta.Functional.Tests

let private at (seconds: float) = DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds seconds

let private options (interval: float) =
    LocalOperatorOptions(NewId = IterationIds.Numbered(), Interval = TimeSpan.FromSeconds interval)

/// Plans the number of entries it sees, and one.
let private counting =
    Algorithm
        .For<JsonObject, JsonObject>()
        .WithMonitor(fun _ -> Json.object [])
        .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1 + ctx.History.Count)))

let private orders, payments =
    Topology.Of(Calls.deployment "orders"), Topology.Of(Calls.vertex "payments")

let private decisions (run: LocalRun) = [ for decision in run.Decisions -> decision[run.Topology[0]] ]

let private run (policies: LocalPolicy list) iterations = LocalOperator.RunAsync(List<LocalPolicy> policies, iterations)

let private several =
    testList "Several policies in one run" [
        testCaseTask "each has its own interval, topology and history, by one clock"
        <| fun () -> task {
            let! runs =
                run
                    [
                        LocalPolicy.Of("fast", counting, orders, options 20.0)
                        LocalPolicy.Of("slow", counting, payments, options 30.0)
                    ]
                    4

            Expect.equal [ for run in runs -> decisions run ] [ [ 1; 2; 3; 4 ]; [ 1; 2; 3; 4 ] ] "none sees the other's"

            Expect.equal
                [ for run in runs -> [ for iteration in run.Iterations -> iteration.StartedAt ] ]
                [ List.map at [ 0.0; 20.0; 40.0; 60.0 ]; List.map at [ 0.0; 30.0; 60.0; 90.0 ] ]
                "each when it is due"
        }

        testCaseTask "with the operator's defect they share one history"
        <| fun () -> task {

            let defect () =
                LocalOperatorOptions(
                    NewId = IterationIds.Numbered(),
                    Interval = TimeSpan.FromSeconds 30.0,
                    Defects = OperatorDefects.SharedHistory
                )

            let! runs =
                run
                    [
                        LocalPolicy.Of("one", counting, orders, defect ())
                        LocalPolicy.Of("two", counting, payments, defect ())
                    ]
                    3

            Expect.equal [ for run in runs -> decisions run ] [ [ 1; 3; 5 ]; [ 2; 4; 6 ] ] "each sees both"
        }

        testCaseTask "they may be in process, over HTTP, or anything that answers bytes"
        <| fun () -> task {
            let! server = Server.start counting
            use _ = server :> IAsyncDisposable
            let runner = StepRunner counting
            let bytes = StepHandler(fun step request token -> runner.RunAsync(step, request, token))

            let! runs =
                run
                    [
                        LocalPolicy.Of("here", counting, orders, options 30.0)
                        LocalPolicy.Of(
                            "there",
                            StepEndpoints.At(string server.Backend.BaseAddress, analyze = false),
                            orders,
                            options 30.0
                        )
                        LocalPolicy.Of("bytes", bytes, false, orders, options 30.0)
                    ]
                    3

            Expect.equal [ for run in runs -> decisions run ] (List.replicate 3 [ 1; 2; 3 ]) "one shape"
        }

        testCaseTask "a failure names the policy"
        <| fun () -> task {
            let failing = counting.WithPlan(fun _ -> raise (TimeoutException "no answer"))

            try
                let! _ =
                    run
                        [
                            LocalPolicy.Of("fine", counting, orders, options 30.0)
                            LocalPolicy.Of("broken", failing, payments, options 30.0)
                        ]
                        3

                failtest "it did not fail"
            with :? LocalOperatorException as error ->
                Expect.stringStarts error.Message "broken: iteration 1 failed in plan" error.Message
        }

        test "two of one name are refused" {
            Expect.throwsT<ArgumentException>
                (fun () ->
                    run [ LocalPolicy.Of("a", counting, orders); LocalPolicy.Of("a", counting, payments) ] 1
                    |> ignore)
                "names tell them apart"
        }
    ]

/// A monitor that fails in these calls, counted from 1, and notes when it was called with which id.
let private failingIn (calls: int -> bool) =
    let noted = Service.Of(List<string * DateTimeOffset>())

    noted,
    counting.WithMonitor(fun ctx ->
        noted.Value.Add(ctx.Id[34..], ctx.StartedAt)

        if calls noted.Value.Count then
            raise (TimeoutException "not yet")

        Json.object [])

let private seconds (noted: Service<List<string * DateTimeOffset>>) = [
    for id, called in noted.Value -> id, (called - at 0.0).TotalSeconds
]

let private failures =
    testList "A loop that goes on" [
        testCaseTask "gives an iteration up, and tells"
        <| fun () -> task {
            let noted, algorithm = failingIn (fun call -> call = 2 || call = 3)

            let going =
                LocalOperatorOptions(NewId = IterationIds.Numbered(), OnFailure = FailureHandling.GoOn, Attempts = 2)

            let! run = LocalOperator.RunAsync(algorithm, orders, 3, going)
            Expect.equal [ for iteration in run.Iterations -> iteration.Number ] [ 1; 3 ] "the second is missing"

            Expect.equal
                (seconds noted)
                [ "01", 0.0; "02", 30.0; "02", 32.0; "03", 62.0 ]
                "again after two seconds, then the next after the interval"

            Expect.equal
                [ for failure in run.Failures -> failure.Iteration, failure.Attempt, failure.Step, failure.At ]
                [ 2, 1, Step.Monitor, at 30.0; 2, 2, Step.Monitor, at 32.0 ]
                "both attempts"

            Expect.stringContains run.Failures[0].Message "not yet" "and why"
        }

        testCaseTask "with the operator's defect is silent for ten hours, and then again"
        <| fun () -> task {
            let noted, algorithm = failingIn (fun call -> call > 1 && call < 9)

            let! run =
                LocalOperator.RunAsync(
                    algorithm,
                    orders,
                    5,
                    LocalOperatorOptions(
                        NewId = IterationIds.Numbered(),
                        OnFailure = FailureHandling.GoOn,
                        Attempts = 6,
                        Defects = OperatorDefects.LongSilence
                    )
                )

            let ten = 36_000.0
            let last = 30.0 + 2.0 + 2.0 + 3.0 + 4.5 + 6.75

            Expect.equal
                (seconds noted)
                [
                    "01", 0.0
                    "02", 30.0
                    "02", 32.0
                    "02", 34.0
                    "02", 37.0
                    "02", 41.5
                    "02", 48.25
                    "02", last + ten
                    "02", last + 2.0 * ten
                    "03", last + 2.0 * ten + 30.0
                ]
                "six attempts, ten hours, one attempt, ten hours; then all is well"

            Expect.equal run.Iterations.Count 3 "1, 2 in the end, and 3"
        }

        test "silence needs a loop that goes on" {
            Expect.throwsT<ArgumentException>
                (fun () ->
                    LocalOperator.RunAsync(
                        counting,
                        orders,
                        1,
                        LocalOperatorOptions(Defects = OperatorDefects.LongSilence)
                    )
                    |> ignore)
                "a run that ends is not silent"
        }
    ]

let tests = testSequenced (testList "Policies" [ several; failures ])
