/// What F# has for results: records with options, lists, maps, anonymous records, and codecs.
module Kta.Functional.Tests.FSharp.ResultTests

open System
open System.Buffers
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.FSharp
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.FSharp.Loads

type Reading = {
    Rate: float
    Limit: int option
    Recent: int list
    ByName: Map<string, int>
}

type Mood =
    | Calm
    | Busy of instances: int

type Verdict = { Mood: Mood }

let private write (codec: ResultCodec<'T>) value =
    let output = ArrayBufferWriter<byte>()
    codec.Write(value, output)
    Encoding.UTF8.GetString output.WrittenSpan

let private read (codec: ResultCodec<'T>) (text: string) = codec.Read(ReadOnlySpan(Encoding.UTF8.GetBytes text))

let private reading = {
    Rate = 0.5
    Limit = Some 8
    Recent = [ 1; 2 ]
    ByName = Map [ "a", 1 ]
}

let private echo = algorithmFor<Reading, Reading> { analyze (fun ctx -> ctx.MonitorResult) }

let private records =
    testList "Records" [
        test "with options, lists and maps are written as JSON has them" {
            let text = """{"rate":0.5,"limit":8,"recent":[1,2],"byName":{"a":1}}"""
            Expect.equal (write Codec.json reading) text "camelCase"
            Expect.equal (read Codec.json text) reading "and read again"
        }

        test "may lack an option: it is None" {
            let text = """{"rate":0.5,"recent":[],"byName":{}}"""

            Expect.equal
                (answer echo Step.Analyze (requestWith text "{}"))
                """{"rate":0.5,"limit":null,"recent":[],"byName":{}}"""
                "None is null on the wire"
        }

        test "may not lack anything else: 422 with the path" {
            let request = requestWith """{"limit":8,"recent":[],"byName":{}}""" "{}"

            Expect.equal
                (refusal 422 echo Step.Analyze request)
                "The request to analyze is not valid: $.monitorResult: expected a Reading, found something else: JSON deserialization for type 'Kta.Functional.Tests.FSharp.ResultTests+Reading' was missing required properties including: 'rate'"
                "the whole message"
        }

        test "with a member of the wrong type: 422 with its path" {
            let request = requestWith """{"rate":0.5,"recent":[1,"two"],"byName":{}}""" "{}"

            Expect.equal
                (refusal 422 echo Step.Analyze request)
                "The request to analyze is not valid: $.monitorResult.recent[1]: expected a Reading, found something else: a whole number is needed, not text"
                "the whole message"
        }

        for member', reason in
            [
                "recent", "The constructor parameter 'recent' on type"
                "byName", "The constructor parameter 'byName' on type"
                "rate", "The JSON value could not be converted to"
            ] do
            test $"with null for {member'}, which is no option: 422 with its path" {
                let text = Map [ "rate", "0.5"; "recent", "[]"; "byName", "{}" ] |> Map.add member' "null"
                let members = [ for KeyValue(name, value) in text -> $"\"{name}\":{value}" ]
                let request = requestWith ("{" + String.concat "," members + "}") "{}"

                Expect.stringStarts
                    (refusal 422 echo Step.Analyze request)
                    $"The request to analyze is not valid: $.monitorResult.{member'}: expected a Reading, found something else: {reason}"
                    "the path, and what System.Text.Json says"
            }

        test "that hold NaN: 500 with the path, because JSON has no NaN" {
            let broken = algorithm { monitor (fun ctx -> { RecordsPerSecond = nan }) }

            Expect.equal
                (refusal 500 broken Step.Monitor Requests.first)
                "monitor failed: the result Load has a number that JSON cannot hold (NaN or Infinity) at $.recordsPerSecond. Decide in the step what shall be sent instead."
                "the whole message"
        }

        testCaseTask "may be anonymous"
        <| fun () -> task {
            let anonymous = algorithm {
                monitor (fun ctx -> {|
                    Rate = 12_000.0
                    Source = Some "kafka"
                |})

                analyze (fun ctx -> task {
                    return {|
                        Instances = int (ceil (ctx.MonitorResult.Rate / 5_000.0))
                    |}
                })

                plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.AnalyzeResult.Instances))
            }

            let! turn = firstTurn anonymous
            Expect.equal turn ("""{"rate":12000,"source":"kafka"}""", """{"instances":3}""", [ 3; 3 ]) "all the way"
        }
    ]

let private encode verdict =
    match verdict.Mood with
    | Calm -> """{"mood":"calm"}"""
    | Busy instances -> $$"""{"mood":"busy {{instances}}"}"""

let private decode (text: string) =
    match Json.text (Json.parse text) "mood" with
    | "calm" -> Ok { Mood = Calm }
    | mood when mood.StartsWith "busy " -> Ok { Mood = Busy(int mood[5..]) }
    | mood -> Error $"'{mood}' is no mood"

let private moody = algorithm {
    monitor (fun ctx -> load)

    analyze (fun ctx -> {
        Mood = Busy((demandOf ctx.MonitorResult).Instances)
    })

    analyzeCodec (Codec.ofText encode decode)

    plan (fun ctx ->
        ctx.Topology
        |> Plan.forEach (fun node ->
            match ctx.AnalyzeResult.Mood with
            | Calm -> 1
            | Busy instances -> instances))
}

let private codecs =
    testList "A codec" [
        testCaseTask "of two text functions takes unions through the loop"
        <| fun () -> task {
            let! turn = firstTurn moody
            Expect.equal turn ("""{"recordsPerSecond":12000}""", """{"mood":"busy 3"}""", [ 3; 3 ]) "written and read"
        }

        test "of two text functions refuses what its decode function refuses: 422 with the reason" {
            let request = requestWith """{"recordsPerSecond":1}""" """{"mood":"sleepy"}"""

            Expect.equal
                (refusal 422 moody Step.Plan request)
                "The request to plan is not valid: $.analyzeResult: expected a Verdict, found something else: 'sleepy' is no mood"
                "the whole message"
        }

        test "of two text functions refuses what its decode function throws on" {
            let request = requestWith """{"recordsPerSecond":1}""" """{"mood":"busy x"}"""

            Expect.equal
                (refusal 422 moody Step.Plan request)
                "The request to plan is not valid: $.analyzeResult: expected a Verdict, found something else: The input string 'x' was not in a correct format."
                "the whole message"
        }

        test "of two text functions that writes no object: 500" {
            let broken = algorithm {
                monitor (fun ctx -> load)
                monitorCodec (Codec.ofText (fun load -> "[]") (fun text -> Ok load))
            }

            Expect.equal
                (refusal 500 broken Step.Monitor Requests.first)
                "monitor failed: the codec's encode function gave a list for a Load: '[]'. It has to give the text of one JSON object."
                "the whole message"
        }

        test "with options of one's own takes them as they are" {
            let codec =
                Codec.jsonWith<Load>(JsonSerializerOptions(PropertyNamingPolicy = JsonNamingPolicy.KebabCaseLower))

            Expect.equal (write codec load) """{"records-per-second":12000}""" "kebab-case"
            Expect.equal (read codec """{"records-per-second":12000}""") load "and read again"
        }

        test "without a type keeps what came, with all digits" {
            let text = """{"a":[1,{"b":null}],"c":0.12345678901234567890}"""
            Expect.equal (write Codec.untyped (read Codec.untyped text)) text "to the digit"
        }

        test "for a type that is no JSON object is refused when it is made" {
            Expect.equal
                (thrownBy<ArgumentException>(fun () -> Codec.json<int list> |> ignore))
                "FSharpList<Int32> cannot be the result of a step: it is not written as a JSON object, and the operator reads nothing else. Wrap it into a record, for example: record Load(double RecordsPerSecond)."
                "the whole message"
        }
    ]

let private untyped =
    testCaseTask "Results without a type are JsonObjects"
    <| fun () -> task {
        let dynamic = algorithmFor<JsonObject, JsonObject> {
            monitor (fun ctx -> JsonObject [ KeyValuePair.Create("rate", JsonValue.Create 12 :> JsonNode) ])
            analyze (fun ctx -> None)
            plan (fun ctx -> ctx.Topology |> Plan.forEach (fun node -> ctx.MonitorResult.Count))
        }

        let! turn = firstTurn dynamic
        Expect.equal turn ("""{"rate":12}""", "{}", [ 1; 1 ]) "like a dict in Python"
    }

let tests = testList "F# results" [ records; codecs; untyped ]
