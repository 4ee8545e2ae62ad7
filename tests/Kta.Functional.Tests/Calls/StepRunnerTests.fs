module Kta.Functional.Tests.StepRunnerTests

open System
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls

type private Ctx = MonitorContext<JsonObject, JsonObject>

let private ok () = Json.object [ "ok", JsonValue.Create true ]

let private monitoring (monitor: Ctx -> JsonObject) : Untyped =
    Algorithm.For<JsonObject, JsonObject>().WithMonitor monitor

let private monitoringLater (monitor: Ctx -> CancellationToken -> Task<JsonObject>) : Untyped =
    Algorithm.For<JsonObject, JsonObject>().WithMonitor(Func<_, _, _>(monitor))

let private plain = monitoring (fun _ -> ok ())
let private bytesOf (text: string) = Encoding.UTF8.GetBytes text
let private oneEntry = Requests.withHistory [ Requests.entry "{}" "{}" ]

let private making =
    testList "is made" [
        test "with 4.5 s for a step, enough below the operator's 5" {
            Expect.equal (StepRunner plain).TimeLimit (TimeSpan.FromSeconds 4.5) "the default"
        }

        test "without a limit, if one says so" {
            Expect.equal
                (StepRunner(plain, Nullable Timeout.InfiniteTimeSpan)).TimeLimit
                Timeout.InfiniteTimeSpan
                "none"
        }

        for limit in [ TimeSpan.Zero; TimeSpan.FromSeconds -2.0 ] do
            test $"not with a limit of {limit}" {
                Expect.equal
                    (thrownBy<ArgumentOutOfRangeException>(fun () -> StepRunner(plain, Nullable limit) |> ignore))
                    $"The time limit of a step has to be positive and at most a day, or Timeout.InfiniteTimeSpan for none. (Parameter 'timeLimit')\nActual value was {limit}."
                    "the whole message"
            }
    ]

let private calling =
    testList "calls a step" [
        test "and answers with its result" {
            let reply = call plain Step.Monitor Requests.first
            Expect.equal (reply.StatusCode, body reply) (200, """{"ok":true}""") "status and body"
            Expect.isNull reply.Error "no error"
            Expect.isTrue reply.RequestIsFree "the request's buffer may be used again"
        }

        test "that is not there: an error that names the algorithm and its steps" {
            Expect.equal
                (thrownBy<IllegalStateException>(fun () ->
                    call (plain.WithName "dummy") Step.Plan Requests.first |> ignore))
                "dummy (monitor) has no plan step. Add it, or serve that step elsewhere."
                "the whole message"
        }

        testTask "many times at once" {
            let runner = StepRunner(monitoring (fun ctx -> Json.object [ "id", JsonValue.Create ctx.Id ]))

            let! (replies: StepReply array) =
                Task.WhenAll [
                    for n in 1..200 ->
                        runner.RunAsync(
                            Step.Monitor,
                            bytesOf (Requests.first.Replace("c3f7bdf5-37c4-4724-a92c-4428e47e04c1", string n))
                        )
                ]

            Expect.equal
                (replies |> Array.map body)
                [| for n in 1..200 -> $$"""{"id":"{{n}}"}""" |]
                "every call sees its own request"
        }
    ]

let private failing =
    testList "explains" [
        test "a step that throws, and keeps what it threw" {
            let error = DivideByZeroException "no records yet"
            let reply = call (monitoring (fun _ -> raise error)) Step.Monitor Requests.first
            Expect.equal (body reply) """{"message":"monitor threw DivideByZeroException: no records yet"}""" "the body"
            Expect.isTrue (obj.ReferenceEquals((Unchecked.nonNull reply.Error).InnerException, error)) "for the log"
        }

        test "a message that is not Unicode: the answer is JSON all the same" {
            let text = "a" + string (char 0xD83D) + "\u0000\""
            let reply = call (monitoring (fun _ -> failwith text)) Step.Monitor Requests.first
            Expect.equal (message reply) "monitor threw Exception: a\uFFFD\u0000\"" "with a replacement"
        }

        test "a wrapped error of this SDK as what it is" {
            let wrapping (ctx: Ctx) =
                try
                    Plan.Single 0 |> ignore
                    ok ()
                with error ->
                    raise (AggregateException("wrapped", error))

            Expect.stringStarts
                (refusal 500 (monitoring wrapping) Step.Monitor Requests.first)
                "monitor failed: A plan asks for parallelism 0."
                "not as an AggregateException"
        }

        test "a step that cancels itself as an error, not as a caller that left" {
            Expect.equal
                (refusal
                    500
                    (monitoringLater (fun _ _ -> Task.FromCanceled<JsonObject>(CancellationToken true)))
                    Step.Monitor
                    Requests.first)
                "monitor threw TaskCanceledException: A task was canceled."
                "the whole message"
        }

        testCaseTask "a step that takes too long, and says that the request is still in use"
        <| fun () -> task {
            let gate = Service.Of(new ManualResetEventSlim(false))
            let reading = TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)

            let blocking =
                Codec.FromText<JsonObject>(
                    (fun _ -> "{}"),
                    (fun _ ->
                        reading.SetResult()
                        gate.Value.Wait()
                        JsonObject())
                )

            let algorithm = (monitoring (fun ctx -> ctx.History[0].MonitorResult)).WithMonitorCodec blocking

            let runner = StepRunner(algorithm, Nullable(TimeSpan.FromSeconds 2.0))
            let! (reply: StepReply) = runner.RunAsync(Step.Monitor, bytesOf oneEntry)
            Expect.isTrue reading.Task.IsCompleted "the codec was reached in time"
            Expect.isFalse reply.RequestIsFree "a codec still reads it"
            Expect.isTrue (reply.Error :? UdfTimeoutException) "the reason"

            Expect.equal
                (message reply)
                "monitor took longer than its time limit of 2 s and was given up. The operator waits 5 s by default. Make the step faster, pass its CancellationToken on, or raise both limits."
                "the whole message"

            gate.Value.Set()
        }
    ]

let private leaving =
    testList "when the caller has gone away" [
        testCaseTask "cancels the step, and says that nobody waits for the reply"
        <| fun () -> task {
            let leave = Service.Of(new CancellationTokenSource())
            let cancelled = Service.Of(TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))

            let waiting =
                monitoringLater (fun _ token -> task {
                    leave.Value.Cancel()

                    try
                        do! Task.Delay(Timeout.Infinite, token)
                    finally
                        cancelled.Value.SetResult()

                    return ok ()
                })

            let! (reply: StepReply) =
                StepRunner(waiting).RunAsync(Step.Monitor, bytesOf Requests.first, leave.Value.Token)

            Expect.isTrue reply.CallerHasGone "a reply for nobody"
            Expect.equal reply.StatusCode 499 "as some servers log it"
            Expect.isNull reply.Error "nothing went wrong"
            Expect.equal reply.Iteration "c3f7bdf5-37c4-4724-a92c-4428e47e04c1" "which one it was"
            do! cancelled.Value.Task
        }

        testCaseTask "before the step begins: the same"
        <| fun () -> task {
            let! (reply: StepReply) =
                StepRunner(plain).RunAsync(Step.Monitor, bytesOf Requests.first, CancellationToken true)

            Expect.isTrue reply.CallerHasGone "a reply for nobody"
        }
    ]

let private refusing =
    let changed (before: string) (after: string) =
        Expect.stringContains Requests.first before "there is something to change"
        Requests.first.Replace(before, after)

    testList "refuses" [
        for what, request, status, reason in
            [
                "an empty body", "", 422, "$: expected JSON, found an empty body"
                "a list", "[]", 422, "$: expected the operator's request, an object, found a list"
                "a syntax error",
                "{\n  \"id\" 1}",
                422,
                "$: expected JSON, found a syntax error at line 2, byte 8 of the line: '1' is invalid after a property name. Expected a ':'"
                "everything that is missing at once",
                "{}",
                422,
                "$.id: expected the id of the iteration, text, found nothing (names are case-sensitive); $.udfStartTimestampMillis: expected the start of the iteration, milliseconds since 1970, found nothing (names are case-sensitive); $.topology: expected a list of at least one topology node, found nothing (names are case-sensitive)"
                "a topology without a node",
                changed """[{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}]""" "[]",
                422,
                "$.topology: expected a list of at least one topology node, found an empty list"
                "a result that is no object",
                changed "\"monitorResult\":{}" "\"monitorResult\":[1]",
                422,
                "$.monitorResult: expected an object ({} for none), found a list"
                "half a surrogate pair",
                changed "c3f7bdf5" "\\ud83d",
                422,
                "$.id: expected Unicode text, found text with half a surrogate pair"
            ] do
            test what {
                Expect.equal
                    (refusal status plain Step.Monitor request)
                    $"The request to monitor is not valid: {reason}"
                    "the whole message"
            }

        test "bytes that are not UTF-8" {
            let reply = (bytes plain Step.Monitor [| 0x7Buy; 0xFFuy |]).Result
            Expect.equal reply.StatusCode 400 (body reply)

            Expect.equal
                (message reply)
                "The request to monitor is not valid: $: expected UTF-8, found bytes that are not UTF-8"
                "why"
        }

        test "not a member it does not know, even one whose name is not Unicode" {
            for name in [ "more"; "\\ud83d"; "\\ud83dxyz" ] do
                let known = "{\"" + name + "\":{\"a\":[1]},"
                let inEntry = "{\"id\":\"6b86b273\",\"" + name + "\":1,"
                let entry = (Requests.entry "{}" "{}").Replace("{\"id\":\"6b86b273\",", inEntry)
                let planned = entry.Replace("{\"parallelism\":4}", known + "\"parallelism\":4}")
                let request = known + Requests.first.Replace("[]", $"[{planned}]").Substring 1
                Expect.equal (answer plain Step.Monitor request) """{"ok":true}""" name
        }
    ]

let tests = testSequenced (testList "A step runner" [ making; calling; failing; leaving; refusing ])
