/// What schemas of records, of measurements and of told codecs say.
module Kta.Functional.Tests.Codecs.SchemaShapeTests

open System
open System.Collections.Generic
open System.ComponentModel
open System.Text.Json.Nodes
open System.Text.Json.Serialization
open Expecto
open global.Json.Schema
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Codecs.SchemaTests
open Kta.Functional.Tests.Codecs.Trying

type Colour =
    | Red = 0
    | Green = 1

[<Description "A part of the job.">]
type Part = {
    [<Description "Records per second.">]
    Rate: float
    Parts: Part list
}

type Everything = {
    Whole: int
    Maybe: float option
    Text: string
    [<JsonConverter(typeof<JsonStringEnumConverter<Colour>>)>]
    Colour: Colour
    Style: DayOfWeek
    ByName: Map<string, Part>
    PerNode: Dictionary<TopologyNode, int>
    Any: JsonObject
}

[<JsonDerivedType(typeof<Circle>, "circle"); JsonDerivedType(typeof<Square>, "square"); AbstractClass>]
type Figure() = class end

and Circle(radius: float) =
    inherit Figure()
    member _.Radius = radius

and Square(side: float) =
    inherit Figure()
    member _.Side = side

type Drawing = { Shape: Figure }

type Upper() =
    inherit JsonConverter<string>()
    override _.Read(reader, _, _) = (nonNull (reader.GetString())).ToUpperInvariant()
    override _.Write(writer, value, _) = writer.WriteStringValue value

type Converted = {
    [<JsonConverter(typeof<Upper>); Description "A name.">]
    Name: string
}

let private schemaText (codec: ResultCodec<'T>) = (nonNull (codec.DescribeSchema())).ToJsonString()

let private everything =
    """{"whole":1,"maybe":1,"text":"","colour":"Green","style":0,"byName":{},"perNode":{},"any":{}}"""

let private withMembers (text: string) =
    let whole = (JsonNode.Parse everything |> nonNull).AsObject()

    for member' in (JsonNode.Parse text |> nonNull).AsObject() do
        whole[member'.Key] <- member'.Value |> Option.ofObj |> Option.map _.DeepClone() |> Option.toObj

    whole.ToJsonString()

let private ofRecords =
    testList "of a record" [
        test "has members, descriptions, and a reference where it is inside of itself" {
            Expect.equal
                (schemaText (Codec.Json<Part>()))
                """{"type":"object","properties":{"rate":{"type":"number","description":"Records per second."},"parts":{"type":"array","items":{"anyOf":[{"$ref":"#"},{"type":"null"}]}}},"required":["rate","parts"],"description":"A part of the job."}"""
                "the whole schema"
        }

        for text, isFit in
            [
                "{}", true
                """{"whole":1.0E7}""", true
                """{"whole":1.5}""", false
                """{"whole":2147483648}""", false
                """{"whole":"1"}""", false
                """{"maybe":null}""", true
                """{"maybe":"1"}""", false
                """{"text":1}""", false
                """{"colour":"Red"}""", true
                """{"colour":1}""", true
                """{"colour":"Blue"}""", false
                """{"colour":null}""", false
                """{"style":6}""", true
                """{"style":"Sunday"}""", false
                """{"byName":{"a":null}}""", true
                """{"byName":{"a":{"rate":1,"parts":[{"rate":2,"parts":[]}]}}}""", true
                """{"byName":{"a":{"rate":1,"parts":[{"rate":2}]}}}""", false
                """{"perNode":{"orders":1}}""", false
                """{"any":{"x":[1]}}""", true
                """{"any":[]}""", false
                """{"further":1}""", true
            ] do
            let does = if isFit then "lets pass" else "refuses"

            test $"%s{does} %s{text}, as the codec does" {
                let codec = Codec.Json<Everything>()
                let whole = withMembers text
                Expect.equal (isRead codec typeof<Everything> whole) isFit "the codec"
                Expect.equal (fits (JsonSchema.FromText(schemaText codec)) (JsonNode.Parse whole)) isFit "its schema"
            }

        test "with parameters that are the default of a struct is complete" {
            Expect.stringContains
                (schemaText (Codec.Json<Timed>()))
                ""","required":["at"]}"""
                "what the exporter of System.Text.Json cannot do"
        }

        test "with a converter of the user's says that nobody can know" {
            Expect.equal
                (schemaText (Codec.Json<Converted>()))
                """{"type":"object","properties":{"name":{"description":"A name. A String, read by Upper whose schema is not known. WithSchema on the codec of the result tells it."}},"required":["name"]}"""
                "the whole schema"
        }

        test "with kinds has one shape for each, by its name" {
            let schema = JsonSchema.FromText(schemaText (Codec.Json<Drawing>()))

            for text, isFit in
                [
                    """{"shape":{"$type":"circle","radius":1}}""", true
                    """{"shape":{"$type":"circle"}}""", false
                    """{"shape":{"$type":"square","side":1}}""", true
                    """{"shape":{"$type":"triangle"}}""", false
                    """{"shape":{"radius":1}}""", false
                ] do
                Expect.equal (isRead (Codec.Json<Drawing>()) typeof<Drawing> text) isFit $"the codec: {text}"
                Expect.equal (fits schema (JsonNode.Parse text)) isFit $"its schema: {text}"
        }
    ]

let private demands =
    Codec.FromText<Demand>((fun demand -> $$"""{"n":{{demand.Instances}}}"""), (fun text -> Demand(int text[5..5])))

let private ofOthers =
    testList "of a codec" [
        test "without types is any object" {
            Expect.equal (schemaText Codec.Untyped) """{"type":"object"}""" "the whole schema"
        }

        test "of text functions is not known, unless it is told" {
            Expect.isNull (demands.DescribeSchema()) "unknown"
            let told = demands.WithSchema """{"type":"object","required":["n"]}"""
            Expect.equal (schemaText told) """{"type":"object","required":["n"]}""" "as it was told"
            let again = FSharp.Codec.withSchema "true" told
            Expect.equal (schemaText again) "true" "the last word counts"
            Expect.equal (Tried.Write(again, Demand 3)) """{"n":3}""" "it writes as before"
            Expect.equal (Tried.Read(again, """{"n":3}""")) (Demand 3) "and reads"
        }

        for text, what in
            [
                "{",
                "is not JSON (Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed)"
                "[]", "is a list"
                "null", "is null"
                "false", "is false, which nothing fits"
                """{"not":true}""", "has \"not\": true, which nothing fits"
                """{"not":{}}""", "has \"not\": {}, which nothing fits"
                """{"type":"string"}""", "has the type \"string\", and a result is always an object"
                """{"type":["array","null"]}""", "has the type [\"array\",\"null\"], and a result is always an object"
                """{"required":[null]}""", "has null at #/required/0, where the name of a member is expected"
                """{"type":[null,"object"]}""",
                "has null at #/type/0, where one of object, array, string, number, integer, boolean, null is expected"
                """{"properties":{"a":{"maxLength":-1}}}""",
                "has -1 at #/properties/a/maxLength, where a whole number, 0 or more is expected"
                """{"properties":[1]}""", "has [1] at #/properties, where an object with schemas is expected"
                """{"$defs":{"a b":{"anyOf":[]}}}""",
                "has [] at #/$defs/a%20b/anyOf, where a list of schemas, at least one is expected"
                """{"properties":{"a":1}}""",
                "has 1 at #/properties/a, where a schema (an object, true or false) is expected"
                """{"multipleOf":0}""", "has 0 at #/multipleOf, where a number above 0 is expected"
                """{"allOf":[{"readOnly":"yes"}]}""",
                "has \"yes\" at #/allOf/0/readOnly, where true or false is expected"
                """{"$id":"https://example.com/a","items":{"$ref":"https://example.com/a#/$defs/b"}}""",
                "has \"https://example.com/a#/$defs/b\" at #/items/$ref, where a reference to a schema inside of this one, such as \"#\" or \"#/$defs/Name\" is expected"
                """{"$ref":"#/$defs/gone"}""",
                "has \"#/$defs/gone\" at #/$ref, where a reference to a schema inside of this one, such as \"#\" or \"#/$defs/Name\" is expected"
            ] do
            test $"that is told %s{text} is refused" {
                Expect.equal
                    (thrownBy<ArgumentException>(fun () -> demands.WithSchema text |> ignore))
                    ("The schema of Demand "
                     + what
                     + """. It has to be the text of a JSON Schema of an object, such as {"type":"object","properties":{"rate":{"type":"number"}}}, or true.""")
                    "the whole message"
            }

        for text, isFit in
            [
                "{}", true
                """{"nodes":{"Deployment/orders":{"lag":1,"busy":null,"cpu":"x","instances":[1]}},"edges":null}""", true
                """{"nodes":{"Deployment/orders":1}}""", false
                """{"nodes":{"a=b":1,"a/":1,"":1}}""", true
                """{"nodes":[]}""", false
                """{"nodes":null}""", false
                """{"sources":[{"name":1,"age":"x","at":[],"nodes":{}}]}""", true
                """{"sources":[1]}""", false
                """{"sources":null}""", false
                """{"sources":[{"nodes":1}]}""", false
                """{"edges":[["a","b"],["a"],[1,2,3]]}""", true
                """{"edges":[{}]}""", false
                """{"further":1}""", true
            ] do
            test $"of measurements: %s{text}" {
                let codec = Codec.Json<Measurements>()
                Expect.equal (isRead codec typeof<Measurements> text) isFit "the codec"
                Expect.equal (fits (JsonSchema.FromText(schemaText codec)) (JsonNode.Parse text)) isFit "its schema"
            }
    ]

let tests = testSequenced (testList "The schema" [ ofRecords; ofOthers ])
