module Kta.Functional.Tests.Model.HistoryTests

open System
open System.Collections.Generic
open System.Globalization
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

type private Ctx = MonitorContext<Load, Demand>

let private load (rate: float) =
    let text = rate.ToString CultureInfo.InvariantCulture
    $$"""{"recordsPerSecond":{{text}}}"""

let private loads = [ for rate in 1.0 .. 5.0 -> Requests.entry (load rate) """{"instances":7}""" ]
let private five = Requests.withHistory loads

/// Asks monitor something about its history.
let private asked (question: Ctx -> string) : Algorithm<Load, Demand> =
    Algorithm
        .For<Load, Demand>()
        .WithMonitorCodec(
            Codec.FromText<Load>(
                (fun load -> $$"""{"recordsPerSecond":{{load.RecordsPerSecond}}}"""),
                (fun text -> Load(Json.parse(text).GetProperty("recordsPerSecond").GetDouble()))
            )
        )
        .WithMonitor(fun ctx ->
            ctx |> question |> failwith
            Load 0.0)

/// The words are carried by the message of an exception, so that a result type is not in the way.
let private answers (question: Ctx -> string) (request: string) =
    (refusal 500 (asked question) Step.Monitor request).Replace("monitor threw Exception: ", "")

let private rates (history: IEnumerable<HistoryEntry<Load, Demand>>) =
    history
    |> Seq.map (fun entry -> string entry.MonitorResult.RecordsPerSecond)
    |> String.concat " "

let private reading =
    testList "is read" [
        test "newest first" {
            Expect.equal (answers (fun ctx -> rates ctx.History) five) "1 2 3 4 5" "in the order of the request"
            Expect.equal (answers (fun ctx -> rates [ ctx.History[0]; ctx.History[4] ]) five) "1 5" "by age"
        }

        test "with everything an entry holds" {
            let describe (ctx: Ctx) =
                let e = ctx.History[0]
                let analyzed = e.AnalyzeResult |> Option.ofObj |> Option.map _.Instances

                $"{e.Id} {e.UdfStartTimestampMillis} {e.UdfEndTimestampMillis} {e.StartedAt:O} {e.EndedAt:O} {analyzed} {e.Plan} {e.Parallelism[orders]}"

            Expect.equal
                (answers describe five)
                "6b86b273 1 2 1970-01-01T00:00:00.0010000+00:00 1970-01-01T00:00:00.0020000+00:00 Some(7) Deployment/orders: 4 4"
                "all members"
        }

        test "an analyze result of {} is nothing" {
            let request = Requests.withHistory [ Requests.entry (load 1.0) "{ }" ]
            Expect.equal (answers (fun ctx -> $"{isNull ctx.History[0].AnalyzeResult}") request) "True" "null"
        }

        test "no entries: it is empty, and asking for one is an error that says what to do" {
            Expect.equal
                (answers
                    (fun ctx -> $"{ctx.History.IsEmpty} {isNull ctx.History.Latest} {ctx.History.Count}")
                    Requests.first)
                "True True 0"
                "empty"

            Expect.equal
                (thrownBy<ArgumentOutOfRangeException>(fun () -> History<Load, Demand>.Empty[0] |> ignore))
                "The history has 0 entries; 0 is the newest. Ask IsEmpty or Latest first. (Parameter 'index')\nActual value was 0."
                "the whole message"
        }

        test "times beyond .NET's range are cut to it, the numbers are kept" {
            let request =
                five.Replace("\"udfStartTimestampMillis\":1,", "\"udfStartTimestampMillis\":9223372036854775807,")

            Expect.equal
                (answers
                    (fun ctx -> $"{ctx.History[0].StartedAt.Year} {ctx.History[0].UdfStartTimestampMillis}")
                    request)
                "9999 9223372036854775807"
                "the latest moment"
        }
    ]

let private laziness =
    let decodedAfter (look: Ctx -> unit) =
        let decoded = ResizeArray<string>()

        let counting =
            Codec.FromText<Load>(
                (fun _ -> "{}"),
                (fun text ->
                    decoded.Add text
                    Load 1.0)
            )

        let algorithm =
            (asked (fun _ -> ""))
                .WithMonitorCodec(counting)
                .WithMonitor(fun ctx ->
                    look ctx
                    Load 0.0)

        answer algorithm Step.Monitor five |> ignore
        List.ofSeq decoded

    let first count = [ for rate in 1..count -> load (float rate) ]

    testList "is decoded" [
        for what, look, count in
            [
                "not at all if nobody looks", ignore, 0
                "not at all for an index below 0",
                (fun (ctx: Ctx) ->
                    thrownBy<ArgumentOutOfRangeException>(fun () -> ctx.History[-1] |> ignore)
                    |> ignore),
                0
                "as far as the newest entry for IsEmpty", (fun ctx -> ctx.History.IsEmpty |> ignore), 1
                "as far as the newest entry for Latest", (fun ctx -> ctx.History.Latest |> ignore), 1
                "as far as the newest entry for [0]", (fun ctx -> ctx.History[0] |> ignore), 1
                "as far as needed for [2]", (fun ctx -> ctx.History[2] |> ignore), 3
                "as far as a query takes", (fun ctx -> ctx.History |> Seq.take 2 |> Seq.length |> ignore), 2
                "as far as a query over About takes", (fun ctx -> ctx.History.About(ctx.Topology)[1] |> ignore), 2
                "all for Count", (fun ctx -> ctx.History.Count |> ignore), 5
                "once, however often it is looked at",
                (fun ctx ->
                    for _ in 1..3 do
                        ctx.History.Count + Seq.length ctx.History |> ignore
                        ctx.History.Latest |> ignore),
                5
            ] do
            test what { Expect.equal (decodedAfter look) (first count) "the texts that were decoded" }

        test "once when many threads look at the same time" {
            let look (ctx: Ctx) =
                Threading.Tasks.Parallel.For(0, 16, (fun _ -> ctx.History.Count |> ignore))
                |> ignore

            Expect.equal (decodedAfter look) (first 5) "each once, in order"
        }
    ]

let private unreadable =
    let request = Requests.withHistory [ loads[0]; Requests.entry """{"other":1}""" "{}"; loads[2] ]

    let under (policy: UnreadableHistory) (look: Ctx -> string) =
        let algorithm =
            Algorithm.Monitor(fun _ -> Load 0.0).Analyze(fun _ -> Demand 1).Plan(fun _ -> Plan.Single 1)

        call
            (algorithm.WithUnreadableHistory(policy).WithMonitor(fun ctx -> Load(float ((look ctx).Length))))
            Step.Monitor
            request

    let reason = "$.resultHistory[1].monitorResult: expected a Load, found something else: "

    testList "with an entry that does not fit" [
        test "Skip, the default, leaves it out and reports it" {
            let seen = Service.Of(ResizeArray())

            let reply =
                under UnreadableHistory.Skip (fun ctx ->
                    seen.Value.Add(rates ctx.History)
                    "")

            Expect.equal reply.StatusCode 200 (body reply)
            Expect.sequenceEqual seen.Value [ "1 3" ] "the entries behind it are still there"
            Expect.stringStarts (string (Seq.exactlyOne reply.SkippedHistory)) reason "where and why"
            Expect.equal (Algorithm.For<Load, Demand>().UnreadableHistory) UnreadableHistory.Skip "the default"
        }

        test "Cut ends the history before it and reports it" {
            let seen = Service.Of(ResizeArray())

            let reply =
                under UnreadableHistory.Cut (fun ctx ->
                    seen.Value.Add(rates ctx.History)
                    "")

            Expect.sequenceEqual seen.Value [ "1" ] "what is left is without gaps"
            Expect.stringStarts (string (Seq.exactlyOne reply.SkippedHistory)) reason "where and why"
        }

        test "Fail fails the call that looks at it" {
            let reply = under UnreadableHistory.Fail (fun ctx -> rates ctx.History)
            Expect.equal reply.StatusCode 422 (body reply)
            Expect.stringStarts (message reply) ("The request to monitor is not valid: " + reason) "where and why"
        }

        test "Fail does not fail a call that looks at newer entries only" {
            Expect.equal
                (under UnreadableHistory.Fail (fun ctx -> rates [ ctx.History[0] ])).StatusCode
                200
                "not reached"
        }

        test "Fail fails again when the step looks again, instead of showing a shorter history" {
            let look (ctx: Ctx) =
                try
                    ctx.History.Count |> ignore
                with :? InvalidRequestException ->
                    ()

                rates ctx.History

            Expect.equal (under UnreadableHistory.Fail look).StatusCode 422 "the second look fails too"
        }

        test "nothing is reported of entries nobody looked at" {
            Expect.isEmpty (under UnreadableHistory.Skip (fun ctx -> rates [ ctx.History[0] ])).SkippedHistory "nothing"
        }
    ]

let tests = testSequenced (testList "The history" [ reading; laziness; unreadable ])
