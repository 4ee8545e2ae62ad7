/// What stands in a history after a while: other policies' entries, old result types, numbers that went through Java.
module Kta.Functional.Tests.Model.SharedHistoryTests

open System.Collections.Generic
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

type Whole = { Int: int; Long: int64; Byte: byte }

let private entryOf (node: TopologyNode) (rate: float) =
    HistoryEntry<Load, Demand>(Load rate, null, Plan.Of(struct (node, 2)))

let private rates (history: History<Load, Demand>) = [ for entry in history -> entry.MonitorResult.RecordsPerSecond ]

let private foreign =
    let job = """{\"type\":\"nomadJob\",\"fields\":\"job=a\"}"""

    let request (other: string) =
        Requests.withHistory [
            Requests.entry """{"n":1}""" "{}"
            (Requests.entry """{"n":2}""" "{}").Replace(planKey "orders", other)
            Requests.entry """{"n":3}""" "{}"
        ]

    let counting: Untyped =
        Algorithm
            .For<JsonObject, JsonObject>()
            .WithMonitor(fun ctx ->
                let seen = [ for entry in ctx.History -> string entry.MonitorResult["n"] ]
                Json.object [ "seen", JsonValue.Create(String.concat " " seen) ])

    testList "of other policies" [
        test "an entry about nodes of a kind this version does not know is left out, whatever the result type" {
            let reply = call counting Step.Monitor (request job)
            Expect.equal (body reply) """{"seen":"1 3"}""" "the others are there"

            Expect.equal
                (string (Seq.exactlyOne reply.SkippedHistory))
                "$.resultHistory[1].planResult: expected topology nodes of a known kind, found the type 'nomadJob' is unknown (known: flinkStreamingGraphNode, scaleTargetRef)"
                "and reported"
        }

        test "an entry about other nodes of a known kind is there" {
            let reply = call counting Step.Monitor (request (planKey "payments"))
            Expect.equal (body reply) """{"seen":"1 2 3"}""" "all"
        }

        test "About leaves out entries about other nodes, and keeps the order of the rest" {
            let history =
                History<Load, Demand> [
                    entryOf orders 1.0
                    entryOf payments 2.0
                    entryOf orders 3.0
                    HistoryEntry<Load, Demand>(Load 4.0, null, Plan.Of(struct (orders, 1), struct (payments, 1)))
                ]

            Expect.equal (rates (history.About(Topology.Of orders))) [ 1.0; 3.0 ] "about orders"
            Expect.equal (rates (history.About(Topology.Of(payments, orders)))) [ 4.0 ] "in any order"
            Expect.isTrue (history.About(Topology.Of audit)).IsEmpty "about nothing"
        }

        test "About goes by what was applied, not by what was planned" {
            let applied: IReadOnlyDictionary<TopologyNode, int> = Dictionary(dict [ payments, 1 ])
            let entry = HistoryEntry<Load, Demand>(Load 1.0, null, Plan.Of(struct (orders, 4)), applied)
            Expect.isTrue (entry.IsAbout(Topology.Of payments)) "applied to payments"
            Expect.isFalse (entry.IsAbout(Topology.Of orders)) "planned for orders"
        }

        test "an entry made for a test applies what it plans" {
            Expect.equal (entryOf orders 1.0).Parallelism[orders] 2 "the plan"
        }
    ]

let private numbers =
    let algorithm: Algorithm<Whole, JsonObject> =
        Algorithm
            .Monitor(fun _ -> { Int = 0; Long = 0L; Byte = 0uy })
            .Plan(fun ctx -> ctx.ForEachNode(fun _ -> ctx.MonitorResult.Int))

    let planOf (monitorResult: string) =
        call algorithm Step.Plan (Requests.ofNodes [ "orders" ] monitorResult "{}" "[]")

    let whole (int: string) (long: string) (byte: string) = $$"""{"int":{{int}},"long":{{long}},"byte":{{byte}}}"""

    /// Not through a JSON library, which may change the notation of numbers.
    let exactly (monitorResult: string) =
        call algorithm Step.Plan (Requests.first.Replace("\"monitorResult\":{}", "\"monitorResult\":" + monitorResult))

    testList "of numbers that went through Java" [
        for text, expected in [ "1.0E7", 10_000_000; "7", 7; "7.0", 7; "70E-1", 7; "2.147483646E9", 2147483646 ] do
            test $"{text} is a whole number" {
                Expect.equal
                    (body (exactly (whole text "1.0E7" "2.55E2")))
                    (planText [ "orders" ] expected)
                    "the same number"
            }

        for int, long, byte, place, range in
            [
                "7.5", "1", "1", "int", "from -2147483648 to 2147483647 is needed, not 7.5"
                "2147483648", "1", "1", "int", "from -2147483648 to 2147483647 is needed, not 2147483648"
                "1",
                "9.223372036854775807E18",
                "1",
                "long",
                "from -9223372036854775808 to 9223372036854775807 is needed, not 9.223372036854775807E18"
                "1", "1", "2.56E2", "byte", "from 0 to 255 is needed, not 2.56E2"
                "1E400", "1", "1", "int", "from -2147483648 to 2147483647 is needed, not 1E400"
            ] do
            test $"{whole int long byte} does not fit, and the message says where" {
                let reply = exactly (whole int long byte)
                Expect.equal reply.StatusCode 422 (body reply)

                Expect.equal
                    (message reply)
                    $"The request to plan is not valid: $.monitorResult.{place}: expected a Whole, found something else: a whole number {range}"
                    "the whole message"
            }

        test "text is not a number" {
            Expect.equal
                (message (planOf (whole "\"7\"" "1" "1")))
                "The request to plan is not valid: $.monitorResult.int: expected a Whole, found something else: a whole number is needed, not text"
                "the whole message"
        }
    ]

let private deep =
    let nested levels = String.replicate levels """{"a":""" + "1" + String.replicate levels "}"

    let withExactly (entry: string) = Requests.first.Replace("[]", "[" + entry + "]")

    let echoing: Untyped =
        Algorithm.For<JsonObject, JsonObject>().WithMonitor(fun ctx -> ctx.History[0].MonitorResult)

    testList "of results nested deeply" [
        test "900 levels survive reading and writing" {
            Expect.equal
                (answer echoing Step.Monitor (withExactly (Requests.entry (nested 900) "{}")))
                (nested 900)
                "the same"
        }

        test "1100 levels are refused" {
            Expect.equal
                (refusal 400 echoing Step.Monitor (withExactly (Requests.entry (nested 1100) "{}")))
                "The request to monitor is not valid: $: expected at most 1024 levels of nesting, found more"
                "the whole message"
        }
    ]

let tests = testSequenced (testList "The history of a shared operator" [ foreign; numbers; deep ])
