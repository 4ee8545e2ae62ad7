/// What goes wrong between operator and steps, and what the operator does then.
module Kta.Functional.Tests.Testing.FakeOperatorFaultTests

open System
open System.Collections.Concurrent
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Testing
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Simulation.Answers
open Kta.Functional.Tests.FSharp.TestingSnippets.Autoscaler
open Microsoft.AspNetCore.Http

let private everyMinute () = LocalOperatorOptions(Interval = minutes 1, NewId = IterationIds.Numbered())

/// When calls were made, in seconds since the clock started, and what came back.
let private calls (op: FakeOperator<_, _>) = [
    for call in op.Calls ->
        call.Step, (call.At - VirtualClock().GetUtcNow()).TotalSeconds, Option.ofNullable call.Status
]

let private idOf (call: CallRecord) = Json.text (Json.parse (Recording.Recordings.textOf call.Request)) "id"

/// Waits for its token in the first attempt at an iteration of a clock that moves only in between, and tells when that has fired.
let private waiting () =
    let stopped = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    let told = Service.Of stopped

    let algorithm =
        careful.WithMonitor(fun ctx (token: CancellationToken) -> task {
            if ctx.StartedAt.Second = 0 then
                try
                    do! Task.Delay(Timeout.InfiniteTimeSpan, token)
                finally
                    told.Value.TrySetResult() |> ignore

            return { RecordsPerSecond = 3_000.0 }
        })

    algorithm, stopped.Task

let private elsewhere (address: string) =
    FakeOperator.At(Algorithm.For<JsonObject, JsonObject>(), StepEndpoints.At(address, analyze = false))

let tests =
    testList "A fake operator and faults" [
        testCaseTask
            "a lost reply: the iteration is tried again with the same id, after the operator's pause, and all steps are called"
        <| fun () -> task {
            use! op = FakeOperator.StartAsync(careful, options = everyMinute ())
            let! one = op.IterateAsync(CallFault.ReplyLost Step.Plan)
            one.Plan.Expect 1 |> ignore

            Expect.equal
                (calls op)
                [
                    for at in [ 0.0; 2.0 ] do
                        for step in [ Step.Monitor; Step.Analyze; Step.Plan ] do
                            step, at, Some 200
                ]
                "twice, two seconds apart"

            Expect.allEqual [ for call in op.Calls -> idOf call ] one.Id "the same id"

            Expect.equal
                [ for failure in op.Run.Failures -> failure.Attempt, failure.Step, failure.Message ]
                [ 1, Step.Plan, "As the test wants it, the reply of plan was lost." ]
                "why"

            Expect.equal (op.Run.Iterations[0].Attempts, one.StartedAt.Second) (2, 2) "a new start"
        }

        testCaseTask "each attempt has its own fault, and the pauses are the operator's"
        <| fun () -> task {
            use! op = FakeOperator.StartAsync(careful, options = everyMinute ())

            let! one =
                op.IterateAsync(
                    CallFault.Unreachable Step.Monitor,
                    CallFault.ReplyLost Step.Monitor,
                    CallFault.ReplyLost Step.Monitor,
                    CallFault.ReplyLost Step.Monitor,
                    CallFault.ReplyLost Step.Monitor
                )

            one.Plan.Expect 1 |> ignore

            Expect.equal
                [
                    for step, at, _ in calls op do
                        if step = Step.Monitor then
                            at
                ]
                [ 2.0; 4.0; 7.0; 11.5; 18.25 ]
                "after 2, 2, 3, 4.5 and 6.75 s; the first call did not arrive"

            Expect.equal
                op.Run.Failures[0].Message
                "As the test wants it, the request for monitor did not arrive."
                "why"

            let! next = op.IterateAsync()
            Expect.equal (next.StartedAt - one.StartedAt) (minutes 1) "and on"
        }

        testCaseTask "a caller that goes away: the step that waits is told to stop, and the next attempt is answered"
        <| fun () -> task {
            let waiting, stopped = waiting ()
            let patient = LocalOperatorOptions(StepTimeout = minutes 1)
            use! op = FakeOperator.StartAsync(waiting, options = patient)
            let! one = op.IterateAsync(CallFault.CallerGone Step.Monitor)
            do! stopped

            Expect.equal
                (one.StartedAt.Second, op.Run.Failures[0].Message)
                (2, "As the test wants it, the operator went away while monitor was called.")
                "tried again"

            Expect.equal
                op.Calls[0].Error
                (CallError(
                    "OperationCanceledException",
                    "The caller went away before there was a reply, or the host stopped."
                ))
                "recorded as such"
        }

        testCaseTask "a step that is slower than the operator waits is left, and the iteration tried again"
        <| fun () -> task {
            let impatient = LocalOperatorOptions(StepTimeout = TimeSpan.FromMilliseconds 200.0)
            let waiting, stopped = waiting ()
            use! op = FakeOperator.StartAsync(waiting, options = impatient)
            let! one = op.IterateAsync()
            do! stopped
            Expect.equal one.StartedAt.Second 2 "tried again"

            Expect.stringContains
                op.Run.Failures[0].Message
                "did not answer within 0.2 s. Make the step faster, or allow it more with StepTimeout."
                "why"
        }

        testCaseTask "a request that comes piece by piece is answered as any other"
        <| fun () -> task {
            let pieces = ConcurrentQueue<int>()

            let counting (ctx: HttpContext) : Task = task {
                let buffer = Array.zeroCreate<byte> 65536
                let mutable count, goesOn = 0, true

                while goesOn do
                    let! read = ctx.Request.Body.ReadAsync(Memory buffer)
                    goesOn <- read > 0
                    count <- if goesOn then count + 1 else count

                pieces.Enqueue count
                do! answering 200 "application/json" """{"parallelism":1}"""B ctx
            }

            do!
                served plainly counting (fun address -> task {
                    use op = elsewhere address
                    let! one = (op: FakeOperator<_, _>).IterateAsync(CallFault.SlowRequest Step.Plan)
                    one.Plan.Expect 1 |> ignore
                    Expect.isEmpty op.Run.Failures "nothing failed"
                    Expect.isGreaterThan (Seq.last pieces) 1 "the pieces of plan's request"
                })
        }

        testCaseTask "a caller that goes away from a server elsewhere does so when it has sent the request"
        <| fun () -> task {
            do!
                served plainly (answering 200 "application/json" """{"parallelism":1}"""B) (fun address -> task {
                    use op = elsewhere address
                    let! one = (op: FakeOperator<_, _>).IterateAsync(CallFault.CallerGone Step.Plan)
                    one.Plan.Expect 1 |> ignore

                    Expect.equal
                        [ for failure in op.Run.Failures -> failure.Message ]
                        [ "As the test wants it, the operator went away while plan was called." ]
                        "once"
                })
        }

        testCaseTask "faults that cannot occur are refused before anything is called, and named"
        <| fun () -> task {
            use! op = FakeOperator.StartAsync(careful, options = everyMinute ())

            let refused (faults: CallFault array) =
                thrownBy<ArgumentException>(fun () -> op.IterateAsync(faults).GetAwaiter().GetResult() |> ignore)

            Expect.equal
                (refused [|
                    CallFault.SlowRequest Step.Plan
                    CallFault.ReplyLost Step.Plan
                    CallFault.Unreachable Step.Plan
                |])
                "These faults cannot occur, for attempt 1 succeeds (the request for plan came piece by piece): attempt 2: the reply of plan was lost; attempt 3: the request for plan did not arrive. Each fault is that of one attempt; leave these out, or give them to an iteration of their own. (Parameter 'faults')"
                "after an attempt that succeeds"

            Expect.equal
                (refused (Array.replicate 7 (CallFault.CallerGone Step.Monitor)))
                "These faults cannot occur, for an iteration is tried 6 times at most: attempt 7: the operator went away while monitor was called. Each fault is that of one attempt; leave these out, or give them to an iteration of their own. (Parameter 'faults')"
                "more than there are attempts"

            Expect.equal
                (refused [| CallFault.ReplyLost Step.Plan; Unchecked.defaultof<CallFault> |])
                "The fault of attempt 2 is null. The attempts after the last fault are in order; for one that is, give no fault. (Parameter 'faults')"
                "none"

            Expect.isEmpty op.Calls "nothing was called"
            let! one = op.IterateAsync(CallFault.ReplyLost Step.Plan, CallFault.SlowRequest Step.Plan)

            Expect.equal
                (one.Id, op.Run.Iterations[0].Attempts)
                ("00000000-0000-4000-8000-000000000001", 2)
                "a slow one last"
        }

        testCaseTask "a step that always fails ends it, after six attempts, with the answer"
        <| fun () -> task {
            let broken = careful.WithPlan(fun (_: PlanContext<Load, Demand>) -> Plan.Single 0)
            use! op = FakeOperator.StartAsync broken

            let failed =
                thrownBy<LocalOperatorException>(fun () -> op.IterateAsync().GetAwaiter().GetResult() |> ignore)

            Expect.stringStarts
                failed
                $"Iteration 1 failed in plan, 6 times: {op.Endpoints.Plan} answered 500: "
                "which"

            Expect.stringContains failed "A plan asks for parallelism 0" "why"
        }
    ]
