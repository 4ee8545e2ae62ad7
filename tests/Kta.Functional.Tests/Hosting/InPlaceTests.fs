module Kta.Functional.Tests.Hosting.InPlaceTests

open System
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Hosting
open Kta.Functional.Tests

type Ctx = MonitorContext<JsonObject, JsonObject>

let monitoring (monitor: Ctx -> JsonObject) = Algorithm.For<JsonObject, JsonObject>().WithMonitor monitor

let private request = ReadOnlyMemory(Encoding.UTF8.GetBytes Requests.first)
let private ok () = Json.object [ "ok", JsonValue.Create true ]
let bodyOf (reply: StepReply) = Encoding.UTF8.GetString reply.Body.Span

let unexpected =
    Func<Task<StepReply>, Task>(fun _ -> raise (InvalidOperationException "nothing was late"))

let run (runner: StepRunner) (late: Func<Task<StepReply>, Task>) (gone: CancellationToken) =
    runner.RunInPlaceAsync(Step.Monitor, request, late, gone)

/// After this the step counts as quick.
let warmUp (runner: StepRunner) = task {
    for _ in 1..5 do
        let! reply = run runner unexpected CancellationToken.None
        Expect.equal (nonNull reply).StatusCode 200 "a call before"
}

/// A runner of a step that waits for a gate, and how to run it on a thread that may be held up.
let private gated (limit: TimeSpan) =
    let gate = Service.Of(new ManualResetEventSlim(true))
    let begun = Service.Of(new SemaphoreSlim(0))

    let runner =
        StepRunner(
            monitoring (fun _ ->
                begun.Value.Release() |> ignore
                gate.Value.Wait()
                ok ()),
            Nullable limit
        )

    let hold (late: Func<Task<StepReply>, Task>) (gone: CancellationToken) : Task<Task<StepReply | null>> = task {
        do! warmUp runner

        for _ in 1..5 do
            do! begun.Value.WaitAsync()

        gate.Value.Reset()

        let held =
            Task.Factory.StartNew((fun () -> (run runner late gone).AsTask()), TaskCreationOptions.LongRunning).Unwrap()

        do! begun.Value.WaitAsync()
        return held
    }

    hold, (fun () -> gate.Value.Set())

let private long = TimeSpan.FromMinutes 5.0
let private short = TimeSpan.FromMilliseconds 100.0

let tests =
    testSequenced
    <| testList "A step in place" [
        testTask "quick so far: runs on the thread of the caller" {
            let runner =
                StepRunner(
                    monitoring (fun _ -> Json.object [ "thread", JsonValue.Create Environment.CurrentManagedThreadId ])
                )

            do! warmUp runner
            let here = Environment.CurrentManagedThreadId
            let call = run runner unexpected CancellationToken.None
            Expect.isTrue call.IsCompleted "it has ended when the call returns"
            Expect.equal (bodyOf (nonNull call.Result)) $"""{{"thread":{here}}}""" "the thread"
        }

        testTask "not known yet: runs beside the caller" {
            let gate = Service.Of(new ManualResetEventSlim(false))

            let runner =
                StepRunner(
                    monitoring (fun _ ->
                        gate.Value.Wait()
                        ok ())
                )

            let call = run runner unexpected CancellationToken.None
            gate.Value.Set()
            let! reply = call
            Expect.equal (nonNull reply).StatusCode 200 "it could return while the step was blocked"
        }

        testTask "that fails: the error is the reply" {
            let runner =
                StepRunner(
                    monitoring (fun ctx ->
                        if ctx.History.IsEmpty then
                            ok ()
                        else
                            raise (InvalidOperationException "too hot"))
                )

            do! warmUp runner

            let hot = ReadOnlyMemory(Encoding.UTF8.GetBytes(Requests.withHistory [ Requests.entry "{}" "{}" ]))

            let! reply = runner.RunInPlaceAsync(Step.Monitor, hot, unexpected, CancellationToken.None)
            Expect.equal (nonNull reply).StatusCode 500 "the status"
            Expect.stringContains (bodyOf (nonNull reply)) "too hot" "what it threw"
        }

        testTask
            "that holds up its caller beyond the limit: the reply comes on another thread, once, and the call gives none" {
            let hold, release = gated short
            let handed = TaskCompletionSource<StepReply>(TaskCreationOptions.RunContinuationsAsynchronously)

            let late = Func<Task<StepReply>, Task>(fun reply -> task { handed.SetResult reply.Result } :> Task)

            let! (held: Task<StepReply | null>) = hold late CancellationToken.None
            let! (reply: StepReply) = handed.Task
            Expect.isFalse held.IsCompleted "the caller is still held up"
            Expect.equal reply.StatusCode 500 "the status"

            Expect.stringStarts
                (bodyOf reply)
                """{"message":"monitor took longer than its time limit of 0.1 s"""
                "the reason"

            release ()
            let! none = held
            Expect.isNull none "the reply was handed over"
        }

        testTask "that is late: the call waits for the reply to be sent" {
            let hold, release = gated short
            let sending = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
            let sent = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

            let late =
                Func<Task<StepReply>, Task>(fun _ ->
                    sending.SetResult()
                    sent.Task)

            let! (held: Task<StepReply | null>) = hold late CancellationToken.None
            do! sending.Task
            release ()
            Expect.isFalse held.IsCompleted "the transport is not done"
            sent.SetResult()
            let! none = held
            Expect.isNull none "the reply was handed over"
        }

        testTask "that is late, and the reply cannot be sent: the error reaches the caller" {
            let hold, release = gated short
            let failing = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

            let late =
                Func<Task<StepReply>, Task>(fun _ ->
                    failing.SetResult()
                    Task.FromException(TimeoutException "the line is dead"))

            let! (held: Task<StepReply | null>) = hold late CancellationToken.None
            do! failing.Task
            release ()
            let! (error: Task) = Task.WhenAny(held :> Task)

            Expect.equal
                (nonNull (nonNull error.Exception).InnerException).Message
                "the line is dead"
                "the transport's error"
        }

        testTask "whose caller has gone: the transport is told, without a reply" {
            let hold, release = gated long
            let leaving = new CancellationTokenSource()
            let told = TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)

            let late =
                Func<Task<StepReply>, Task>(fun reply ->
                    told.SetResult reply.IsCanceled
                    Task.CompletedTask)

            let! (held: Task<StepReply | null>) = hold late leaving.Token
            leaving.Cancel()
            let! isCancelled = told.Task
            Expect.isTrue isCancelled "the task is cancelled"
            release ()
            let! none = held
            Expect.isNull none "there is no reply"
        }

        testTask "that ends just when its time is up: one answer, here or there" {

            let runner =
                StepRunner(
                    monitoring (fun ctx ->
                        if ctx.UdfStartTimestampMillis % 2L = 0L then
                            Thread.Sleep 8

                        ok ()),
                    Nullable(TimeSpan.FromMilliseconds 8.0)
                )

            let asked (n: int) =
                ReadOnlyMemory(Encoding.UTF8.GetBytes(Requests.first.Replace("1700000100000", string n)))

            for n in 1..300 do
                let late = ref 0

                let! reply =
                    runner.RunInPlaceAsync(
                        Step.Monitor,
                        asked n,
                        (fun _ ->
                            Interlocked.Increment &late.contents |> ignore
                            Task.CompletedTask),
                        CancellationToken.None
                    )

                Expect.equal (late.Value + (if isNull reply then 0 else 1)) 1 "answers to one call"
        }
    ]
