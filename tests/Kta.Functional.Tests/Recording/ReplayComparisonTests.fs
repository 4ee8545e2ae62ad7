module Kta.Functional.Tests.Recording.ReplayComparisonTests

open System
open System.Text
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Recording
open Kta.Functional.Tests
open Kta.Functional.Tests.Recording.Recordings

/// Answers monitor with this text, as it is.
let private answering (reply: string) =
    let codec = Codec.FromText<string>((fun text -> text), (fun text -> text))
    Algorithm.For<string, JsonObject>().WithMonitor(fun _ -> reply).WithMonitorCodec(codec).WithName("now")

let private planning (plan: PlanContext<JsonObject, JsonObject> -> Plan) = Plain.plain.WithPlan(fun ctx -> plan ctx)

let private replay (algorithm: Algorithm) (calls: CallRecord list) : Task<ReplayReport> =
    Replay.RunAsync(algorithm, calls)

let private first (recorded: string) (replayed: string) = task {
    let! report = replay (answering replayed) [ callOf Requests.first recorded ]
    return [ for d in report.Differences -> d.Path, d.Recorded, d.Replayed ]
}

let private same = [
    """{"a":1,"b":2}""", """{ "b" : 2, "a" : 1 }"""
    """{"n":10000000}""", """{"n":1.0E7}"""
    """{"n":0.1}""", """{"n":0.10}"""
    """{"t":"é"}""", """{"t":"\u00e9"}"""
    """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=a\"}":1}""",
    """{"{\"fields\": \"name=a|kind=Deployment\", \"type\": \"scaleTargetRef\"}":1}"""
]

let private different = [
    """{"n":1}""", """{"n":2}""", "$.n", "1", "2"
    """{"n":0.1}""", """{"n":0.10000000000000001}""", "$.n", "0.1", "0.10000000000000001"
    """{"n":1}""", """{"n":"1"}""", "$.n", "1", "\"1\""
    """{"n":null}""", "{}", "$.n", "null", "(nothing)"
    "{}", """{"n":null}""", "$.n", "(nothing)", "null"
    """{"a":{"b":[1,{"c":true}]}}""", """{"a":{"b":[1,{"c":false}]}}""", "$.a.b[1].c", "true", "false"
    """{"a":[1]}""", """{"a":[1,2]}""", "$.a[1]", "(nothing)", "2"
    """{"a":[1,2]}""", """{"a":[1]}""", "$.a[1]", "2", "(nothing)"
    """{"b":1,"a":1}""", """{"a":2,"b":2}""", "$.b", "1", "2"
    """{"two words":1}""", """{"two words":2}""", "$['two words']", "1", "2"
    """{"t":"\ud83d"}""", """{"t":"\ud83e"}""", "$", """{"t":"\ud83d"}""", """{"t":"\ud83e"}"""
]

let private comparing =
    testList "compares answers" [
        for recorded, replayed in same do
            testCaseTask $"{recorded} is {replayed}"
            <| fun () -> task {
                let! found = first recorded replayed
                Expect.equal found [] "the same"
            }

        for recorded, replayed, path, before, now in different do
            testCaseTask $"{recorded} is not {replayed}"
            <| fun () -> task {
                let! found = first recorded replayed
                Expect.equal found [ path, before, now ] "the first difference"
            }
    ]

let private failed (error: CallError | null) =
    CallRecord(
        At = at,
        Step = Step.Plan,
        Request = utf8 Requests.first,
        Status = Nullable 500,
        Reply = utf8 """{"message":"…"}""",
        Error = error
    )

let private failing =
    testList "compares failures" [
        for recorded, thrown, differs in
            [
                Some(CallError("DivideByZeroException", "then")), DivideByZeroException "now", false
                Some(CallError("TimeoutException", "then")), DivideByZeroException "now", true
                None, DivideByZeroException "now", false
            ] do
            testCaseTask $"{recorded} and {thrown.GetType().Name}"
            <| fun () -> task {
                let! report = replay (planning (fun _ -> raise thrown)) [ failed (Option.toObj recorded) ]

                Expect.equal
                    [ for d in report.Differences -> d.Path, d.Recorded, d.Replayed ]
                    [
                        if differs then
                            "$",
                            "500 TimeoutException: then",
                            "500 DivideByZeroException: plan threw DivideByZeroException: now"
                    ]
                    "by status and type"
            }

        testCaseTask "with answers"
        <| fun () -> task {
            let! report =
                replay (planning (fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 3)))) [
                    failed (CallError("DivideByZeroException", "then"))
                ]

            let difference = Seq.exactlyOne report.Differences
            Expect.equal (difference.Path, difference.Recorded) ("$", "500 DivideByZeroException: then") "then an error"
            Expect.stringStarts difference.Replayed "200 {" "now an answer"
        }

        testCaseTask "not with calls that had no decision, and says so"
        <| fun () -> task {
            let calls = [
                CallRecord(
                    At = at,
                    Step = Step.Plan,
                    Request = utf8 Requests.first,
                    Error = CallError("OperationCanceledException", "The caller went away.")
                )
                failed (CallError("UdfTimeoutException", "plan took longer than its time limit."))
                CallRecord(
                    At = at,
                    Step = Step.Analyze,
                    Request = utf8 Requests.first,
                    Status = Nullable 200,
                    Reply = utf8 "{}"
                )
            ]

            let! report =
                replay (planning(fun _ -> failtest "is not called").WithOnly(Step.Monitor, Step.Plan)) calls

            Expect.equal
                [ for call in report.NotComparable -> call.Line, call.Step, call.Reason ]
                [
                    1L, Step.Plan, "The caller went away."
                    2L, Step.Plan, "plan took longer than its time limit."
                    3L, Step.Analyze, "algorithm (monitor, plan) has no analyze step"
                ]
                "each with the reason"

            Expect.equal (report.Calls, report.Compared) (3, 0) "nothing was compared"

            let message = Calls.thrownBy<ReplayException>(fun () -> report.ThrowIfDifferent())

            Expect.stringContains
                message
                "nothing could be compared, 3 are not comparable."
                "a test that compares nothing fails"
        }
    ]

let private report =
    testCaseTask "reports as a table to read"
    <| fun () -> task {
        let lines = [
            RecordedLine("calls.jsonl", 1L, Call = call)
            RecordedLine("calls.jsonl", 2L, Call = callOf "nonsense" """{"numInvocations":1}""")
            RecordedLine(
                "calls.jsonl",
                3L,
                Call = CallRecord(Algorithm = "dummy", Version = "2", Step = Step.Plan, Request = utf8 "{}")
            )
            RecordedLine("calls.jsonl", 4L, Dropped = 7L)
            RecordedLine("calls.jsonl", 5L, Problem = "the line is torn: it ends too early", IsTorn = true)
        ]

        let! report = Replay.RunAsync(answering """{"numInvocations":2}""", lines)

        Expect.equal
            (report.ToText().Split(Environment.NewLine))
            [|
                "3 calls of dummy, dummy 2, replayed with now, each by itself: 2 differ, 1 is not comparable, 1 line cannot be read, 7 calls were dropped by the recorder."
                ""
                "  line  step     iteration                             path              recorded                  replayed"
                "     1  monitor  c3f7bdf5-37c4-4724-a92c-4428e47e04c1  $.numInvocations  1                         2"
                "     2  monitor                                        $                 200 {\"numInvocations\":1}  422 InvalidRequestException: $: expected JSON, found a syntax error at line 1, b…"
                ""
                "           line  step  why"
                "  calls.jsonl:3  plan  there was no reply"
                ""
                "           line  why"
                "  calls.jsonl:5  the line is torn: it ends too early"
                ""
            |]
            "the whole text"

        Expect.equal
            (Calls.thrownBy<ReplayException>(fun () -> report.ThrowIfDifferent()))
            (report.ToText())
            "the loud variant says the same"

        Expect.stringContains (report.ToText 1) "  … and 1 more" "cut where it is told to"
    }

let tests = testList "A replay" [ comparing; failing; report ]
