module Kta.Functional.Tests.Codecs.CodecTests

open System
open System.Buffers
open System.Collections.Generic
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Text.Json.Serialization.Metadata
open Expecto
open Kta.Functional
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

type Optional = {
    Needed: int
    Maybe: int option
    Text: string | null
    Many: int list
    ByName: Map<string, float>
}

type Extreme = {
    Float: float
    Whole: int64
    Exact: decimal
}

type Loop() =
    member val Self: Loop | null = null with get, set

let private write (codec: ResultCodec<'T>) value =
    let output = ArrayBufferWriter<byte>()
    codec.Write(value, output)
    Encoding.UTF8.GetString output.WrittenSpan

let private read (codec: ResultCodec<'T>) (text: string) = codec.Read(ReadOnlySpan(Encoding.UTF8.GetBytes text))
let private survives codec value = Expect.equal (read codec (write codec value)) value "the same value"
let private unreadable codec text = thrownBy<FormatException>(fun () -> read codec text |> ignore)
let private unwritable codec value = thrownBy<UdfResultException>(fun () -> write codec value |> ignore)

let private byDefault =
    let optional = Codec.Json<Optional>()

    testList "by default" [
        test "writes camelCase, as other languages do, and reads it again" {
            let value = {
                Needed = 1
                Maybe = Some 2
                Text = "ü🚀\"\u0001"
                Many = [ 3 ]
                ByName = Map [ "a", 0.5 ]
            }

            Expect.equal
                (write optional value)
                "{\"needed\":1,\"maybe\":2,\"text\":\"ü\\uD83D\\uDE80\\\"\\u0001\",\"many\":[3],\"byName\":{\"a\":0.5}}"
                "the text"

            survives optional value
        }

        test "a member that may be absent may be absent, others may not" {
            Expect.equal
                (read optional """{"needed":1,"many":[],"byName":{}}""")
                {
                    Needed = 1
                    Maybe = None
                    Text = null
                    Many = []
                    ByName = Map.empty
                }
                "none, null"

            Expect.stringContains
                (unreadable optional """{"many":[],"byName":{}}""")
                "needed"
                "the message names what is missing"
        }

        test "members it does not know are ignored, as another version may write them" {
            Expect.equal (read (Codec.Json<Demand>()) """{"instances":3,"why":"load"}""") (Demand 3) "read"
        }

        test "null where a value is needed is refused with its place" {
            Expect.stringStarts (unreadable optional """{"needed":1,"many":null,"byName":{}}""") "$" "not readable"
        }

        for value in [ nan; infinity; -infinity ] do
            test $"{value} cannot be written, and the message says where it is" {
                Expect.equal
                    (unwritable (Codec.Json<LoadPerNode>()) (LoadPerNode(Dictionary(dict [ orders, value ]))))
                    $"the result LoadPerNode has a number that JSON cannot hold (NaN or Infinity) at $.rates.{orders.Key}. Decide in the step what shall be sent instead."
                    "the whole message"
            }

        test "a result that refers to itself cannot be written" {
            let loop = Loop()
            loop.Self <- loop

            Expect.stringStarts
                (unwritable (Codec.Json<Loop>()) loop)
                "the result Loop cannot be written as JSON: "
                "and not with an overflow of the stack"
        }

        test "extreme numbers survive" {
            for value in
                [
                    {
                        Float = Double.MaxValue
                        Whole = Int64.MaxValue
                        Exact = Decimal.MaxValue
                    }
                    {
                        Float = Double.Epsilon
                        Whole = Int64.MinValue
                        Exact = Decimal.MinValue
                    }
                    {
                        Float = -0.0
                        Whole = 0L
                        Exact = 0.1m
                    }
                ] do
                survives (Codec.Json<Extreme>()) value
        }

        test "a schema describes what is written" {
            Expect.stringContains (string (Codec.Json<Load>().DescribeSchema())) "recordsPerSecond" "its member"
        }

        test "nodes are keys" {
            let codec = Codec.Json<LoadPerNode>()
            let value = LoadPerNode(Dictionary(dict [ orders, 1.0; vertex "a\"b", 2.0 ]))
            Expect.sequenceEqual (read codec (write codec value)).Rates value.Rates "the same nodes"
        }
    ]

let private chosen =
    testList "of one's own choice" [
        test "options are taken as they are" {
            let options = JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower)
            Expect.equal (write (Codec.Json<Load> options) (Load 1.5)) """{"records_per_second":1.5}""" "snake case"
            survives (Codec.Json<Load> options) (Load 1.5)
        }

        test "source-generated metadata serves a whole algorithm" {
            let algorithm =
                Forms.OfThreeSteps["synchronous"]
                    .WithMonitorCodec(Codec.Json ResultsContext.Default.Load)
                    .WithAnalyzeCodec(Codec.Json ResultsContext.Default.Demand)

            Expect.equal
                (answer algorithm Step.Monitor Kta.Functional.Tests.Requests.first)
                """{"recordsPerSecond":12000}"""
                "written"

            survives (Codec.Json ResultsContext.Default.Demand) (Demand 3)
        }

        test "a source-generated context keeps the conventions of the default" {
            let made = Codec.Json<LoadPerNode>(ResultsContext.Default :> IJsonTypeInfoResolver)
            let value = LoadPerNode(Dictionary(dict [ orders, 1.0 ]), "ü🚀")
            Expect.equal (write made value) (write (Codec.Json<LoadPerNode>()) value) "the same text"
            let demand = Codec.Json<Demand>(ResultsContext.Default :> IJsonTypeInfoResolver)
            Expect.equal (read demand """{"instances":1.0E7}""") (Demand 10_000_000) "a whole number as Java writes it"
            Expect.equal (read made """{"rates":{}}""").Note null "what may be absent may be absent"

            Expect.equal
                (unreadable demand "{}")
                (unreadable (Codec.Json<Demand>()) "{}")
                "what may not is the same error"

            let load = Codec.Json<Load>(ResultsContext.Default :> IJsonTypeInfoResolver)
            Expect.equal (unwritable load (Load nan)) (unwritable (Codec.Json<Load>()) (Load nan)) "NaN is refused"
        }

        test "a source-generated context that does not know the type: the error says what to write" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () ->
                    Codec.Json<Settable>(ResultsContext.Default :> IJsonTypeInfoResolver) |> ignore))
                "ResultsContext does not know Settable. Put [JsonSerializable(typeof(Settable))] on it. (Parameter 'metadata')"
                "the whole message"
        }

        test "source-generated metadata writes nodes as keys" {
            let codec = Codec.Json ResultsContext.Default.LoadPerNode
            let value = LoadPerNode(Dictionary(dict [ orders, 1.0 ]), "ü")
            Expect.sequenceEqual (read codec (write codec value)).Rates value.Rates "the same nodes"
        }

        test "two text functions are enough" {
            let codec =
                Codec.FromText<Demand>(
                    (fun demand -> $$"""{"n":{{demand.Instances}}}"""),
                    (fun text -> Demand(int text[5..5]))
                )

            survives codec (Demand 3)
        }

        for what, text, expected in
            [
                "no object", "[1]", "gave a list for a Demand: '[1]'. It has to give the text of one JSON object."
                "no JSON",
                "{n}",
                "gave text that is not JSON for a Demand ('n' is an invalid start of a property name. Expected a '\"'): '{n}'."
                "two objects",
                "{}{}",
                "gave text that is not JSON for a Demand ('{' is invalid after a single JSON value. Expected end of data): '{}{}'."
            ] do
            test $"a text function that gives {what} is an error that shows it" {
                Expect.equal
                    (unwritable (Codec.FromText<Demand>((fun _ -> text), (fun _ -> Demand 1))) (Demand 1))
                    $"the codec's encode function {expected}"
                    "the whole message"
            }

        test "a text function that throws makes the result unreadable" {
            let codec = Codec.FromText<Demand>((fun _ -> "{}"), (fun _ -> raise (KeyNotFoundException "no n")))
            Expect.equal (unreadable codec "{}") "$: no n" "with its reason"
        }
    ]

let private untyped =
    testList "untyped" [
        test "keeps digits, order, null and empty names" {
            let text = """{"b":1.10,"a":12345678901234567890,"":null,"e":1.0E7,"l":[[],{}]}"""
            Expect.equal (write Codec.Untyped (read Codec.Untyped text)) text "the same text"
        }

        test "refuses two members with one name" {
            Expect.equal
                (unreadable Codec.Untyped """{"a":1,"b":2,"a":3}""")
                "$: the member 'a' stands there twice"
                "nobody knows which one counts"
        }

        test "refuses half a surrogate pair" {
            for text in [ """{"a":"\ud83d"}"""; """{"\ud83d":1}""" ] do
                Expect.equal (unreadable Codec.Untyped text) "$: a text holds half a surrogate pair" text
        }

        test "is the codec of JsonObject" {
            Expect.isTrue (obj.ReferenceEquals(Codec.Json<JsonObject>(), Codec.Untyped)) "the same"
        }

        test "refuses to write NaN" {
            let value = JsonObject()
            value["x"] <- JsonValue.Create nan

            Expect.stringStarts
                (unwritable Codec.Untyped value)
                "the result cannot be written as JSON: "
                "the step is told"
        }
    ]

let tests = testSequenced (testList "A codec" [ byDefault; chosen; untyped ])
