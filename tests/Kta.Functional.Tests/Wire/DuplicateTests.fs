/// A name that stands twice in one object: some readers take the first member, some the last.
module Kta.Functional.Tests.Wire.DuplicateTests

open System.Buffers
open System.Collections.Generic
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.CSharp.Shapes

let private node = """{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}"""
let private key = (nonNull (JsonValue.Create node)).ToJsonString()

let private request topology monitor history =
    $$"""{"id":"a","udfStartTimestampMillis":1,"topology":[{{topology}}],"monitorResult":{{monitor}},"analyzeResult":{},"resultHistory":[{{history}}]}"""

let private load = """{"recordsPerSecond":1}"""

let private entry monitor plan parallelism more =
    $$"""{"id":"a","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{{monitor}},"analyzeResult":{},"planResult":{{plan}},"parallelism":{{parallelism}}{{more}}}"""

let private nodes (values: string list) =
    let members = [ for value in values -> key + ":" + value ]
    "{" + String.concat "," members + "}"

let private planned (number: int) = $$"""{"parallelism":{{number}}}"""
let private one = nodes [ planned 1 ]
let private applied = nodes [ "1" ]

/// Answers how many entries it can read.
let private counting =
    Algorithm
        .For<Load, JsonObject>()
        .WithMonitor(fun ctx -> Load(float ctx.History.Count))
        .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> int ctx.MonitorResult.RecordsPerSecond)))

let private requests =
    testList "in a request is refused with its place" [
        for member', value in
            [
                "id", "\"b\""
                "udfStartTimestampMillis", "2"
                "topology", $"[{node}]"
                "monitorResult", load
                "analyzeResult", "{}"
                "resultHistory", "[]"
            ] do
            test $"the member {member'}" {
                let whole = request node load ""

                for twice in
                    [
                        whole.Insert(1, $"\"{member'}\":{value},")
                        whole.Insert(whole.Length - 1, $",\"{member'}\":{value}")
                    ] do
                    Expect.equal
                        (refusal 422 counting Step.Plan twice)
                        $"The request to plan is not valid: $.{member'}: expected this member once, found it again"
                        "the whole message"
            }

        for where, topology, problem in
            [
                "a node",
                """{"type":"flinkStreamingGraphNode","type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}""",
                "\"type\" stands there twice"
                "the fields of a node",
                """{"type":"scaleTargetRef","fields":{"id":null,"kind":"Deployment","name":"a","name":"orders"}}""",
                "\"fields\" has \"name\" twice"
                "a node as text",
                (nonNull (
                    JsonValue.Create """{"type":"x","type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}"""
                ))
                    .ToJsonString(),
                "\"type\" stands there twice"
            ] do
            test where {
                Expect.stringEnds
                    (refusal 422 counting Step.Plan (request topology load ""))
                    $"found none: {problem}"
                    "the whole reason"
            }

        test "a result" {
            Expect.stringStarts
                (refusal 422 counting Step.Plan (request node """{"recordsPerSecond":1,"recordsPerSecond":2}""" ""))
                "The request to plan is not valid: $.monitorResult.recordsPerSecond: expected a Load, found something else: Duplicate property 'recordsPerSecond'"
                "what System.Text.Json says"
        }
    ]

let private entries =
    testList "in a history leaves out the entry, as other entries that cannot be read" [
        for what, bad in
            [
                "a result", entry """{"recordsPerSecond":1,"recordsPerSecond":2}""" one applied ""
                "a member", entry load one applied ",\"id\":\"b\""
                "an optional member", entry load one applied ",\"analyzeResult\":{}"
                "a planned node", entry load (nodes [ planned 1; planned 2 ]) applied ""
                "a planned number", entry load (nodes [ """{"parallelism":1,"parallelism":2}""" ]) applied ""
                "a single number", entry load """{"parallelism":1,"parallelism":2}""" applied ""
                "an applied node", entry load one (nodes [ "1"; "2" ]) ""
            ] do
            test what {
                let good = entry load one applied ""
                let reply = call counting Step.Monitor (request node load $"{bad},{good},{bad}")
                Expect.equal (body reply) """{"recordsPerSecond":1}""" "the good one is read"
                Expect.equal reply.SkippedHistory.Count 2 "the others are told"
            }

        test "so does a plan of what a cast makes of infinity" {
            let good = entry load one applied ""
            let single = entry load """{"parallelism":2147483647}""" applied ""
            let perNode = entry load (nodes [ planned 2147483647 ]) applied ""

            Expect.equal
                (answer counting Step.Monitor (request node load $"{single},{good},{perNode}"))
                """{"recordsPerSecond":1}"""
                "the good one is read"
        }
    ]

let private unwritable (codec: ResultCodec<'T>) value =
    thrownBy<UdfResultException>(fun () -> codec.Write(value, ArrayBufferWriter<byte>()))

let private parsed (json: string) = JsonDocument.Parse(json).RootElement

let private replies =
    testList "is never in a reply" [
        test "from a codec of two text functions" {
            let codec = Codec.FromText<Demand>((fun _ -> """{"a":[{"n":1,"n":2}]}"""), (fun _ -> Demand 1))

            Expect.equal
                (unwritable codec (Demand 1))
                "the codec's encode function gave the member $.a[0].n twice for a Demand; readers take the first one, or the last."
                "the whole message"
        }

        test "from further members that have the name of a declared one" {
            let value = Further(Count = 1, Others = Dictionary(dict [ "count", parsed "2" ]))

            Expect.equal
                (unwritable (Codec.Json<Further>()) value)
                "the result Further has the member $.count twice; readers take the first one, or the last."
                "the whole message"
        }

        test "from JSON that has one" {
            let value = Settable<JsonElement>(Value = parsed """{"a":1,"a":2}""")

            Expect.equal
                (unwritable (Codec.Json<Settable<JsonElement>>()) value)
                "the result Settable<JsonElement> has the member $.value.a twice; readers take the first one, or the last."
                "the whole message"
        }

        test "and what has none is written as ever" {
            let output = ArrayBufferWriter<byte>()

            Codec
                .Json<Settable<JsonElement>>()
                .Write(Settable<JsonElement>(Value = parsed """{"a":{"b":1},"b":2}"""), output)

            Expect.equal (Encoding.UTF8.GetString output.WrittenSpan) """{"value":{"a":{"b":1},"b":2}}""" "the text"
        }
    ]

let tests = testSequenced (testList "A name that stands twice" [ requests; entries; replies ])
