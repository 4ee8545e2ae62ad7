/// What schemas say of members with converters of their own, of keys, and of JSON as it is.
module Kta.Functional.Tests.Codecs.MemberSchemaTests

open System
open System.Collections.Generic
open System.ComponentModel
open System.Text.Json
open System.Text.Json.Nodes
open System.Text.Json.Serialization
open Expecto
open global.Json.Schema
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Codecs.SchemaTests
open Kta.Functional.Tests.Codecs.Trying

type Speed =
    | Slow = 0
    | [<JsonStringEnumMemberName "very.fast">] VeryFast = 1

[<JsonConverter(typeof<JsonStringEnumConverter>)>]
type Gear =
    | First = 1
    | [<JsonStringEnumMemberName "number two">] Second = 2

[<Flags>]
type Rights =
    | Read = 1
    | Write = 2

type Seconds() =
    inherit JsonConverter<DateTime>()
    override _.Read(reader, _, _) = DateTime.UnixEpoch.AddSeconds(reader.GetDouble())
    override _.Write(writer, value, _) = writer.WriteNumberValue((value - DateTime.UnixEpoch).TotalSeconds)

type OwnConverters = {
    [<JsonConverter(typeof<Seconds>)>]
    At: Nullable<DateTime>
    [<JsonConverter(typeof<JsonStringEnumConverter<DayOfWeek>>)>]
    Day: Nullable<DayOfWeek>
}

type ByKey<'K when 'K: not null> = { Many: Dictionary<'K, int> }

type Raw = {
    Node: JsonNode
    Value: JsonValue
    Maybe: JsonNode | null
}

[<Description "A vehicle."; JsonDerivedType(typeof<Car>, "car"); JsonDerivedType(typeof<Ship>, "ship"); AbstractClass>]
type Vehicle() = class end

and [<Description "On a road.">] Car() =
    inherit Vehicle()

and Ship() =
    inherit Vehicle()

type Traffic = { Vehicle: Vehicle }

type MarkedOption = {
    [<JsonConverter(typeof<JsonStringEnumConverter<DayOfWeek>>)>]
    Day: DayOfWeek option
}

let private schemaText (codec: ResultCodec<'T>) = (nonNull (codec.DescribeSchema())).ToJsonString()

let private agree (codec: ResultCodec<'T>) (text: string) (isFit: bool) =
    let schema = schemaText codec
    Expect.equal (isRead codec typeof<'T> text) isFit $"the codec: {text}"
    Expect.equal (fits (JsonSchema.FromText schema) (JsonNode.Parse text)) isFit $"its schema: {text}: {schema}"

/// What is written fits, and what the schema shows is read.
let private keyed<'K when 'K: not null and 'K: equality> (options: JsonSerializerOptions | null) (keys: 'K list) =
    let codec =
        match options with
        | null -> Codec.Json<ByKey<'K>>()
        | options -> Codec.Json<ByKey<'K>> options

    let written =
        Tried.Write(
            codec,
            {
                Many = Dictionary(dict [ for key in keys -> key, 1 ])
            }
        )

    agree codec written true

    let schema = nonNull (codec.DescribeSchema())

    for member' in (nonNull schema["properties"]).AsObject() do
        let rules = nonNull member'.Value

        match rules["propertyNames"] with
        | null -> ()
        | names ->
            let examples = (nonNull names["examples"]).AsArray()
            let counted, whole = JsonObject(), JsonObject()
            counted[string examples[0]] <- JsonValue.Create 1
            whole[member'.Key] <- counted
            agree codec (whole.ToJsonString()) true

let private ofMembers =
    testList "of a member" [
        test "that can be null and has a converter of the user's is not known" {
            agree (Codec.Json<OwnConverters>()) """{"at":5,"day":null}""" true
            agree (Codec.Json<OwnConverters>()) """{"at":null,"day":"Monday"}""" true
            agree (Codec.Json<OwnConverters>()) """{"at":null,"day":"Doomsday"}""" false

            Expect.stringContains
                (schemaText (Codec.Json<OwnConverters>()))
                "{\"at\":{\"description\":\"A Nullable\\u003CDateTime\\u003E, read by Seconds whose schema is not known. WithSchema on the codec of the result tells it.\"}"
                "the note"
        }

        test "that is JSON as it is allows null where it is read" {
            for text, isFit in
                [
                    """{"node":[],"value":1,"maybe":null}""", true
                    """{"node":{},"value":"x","maybe":[1]}""", true
                    """{"node":null,"value":1,"maybe":null}""", false
                    """{"node":1,"value":null,"maybe":null}""", false
                    """{"node":1,"value":[],"maybe":null}""", false
                    """{"node":1,"value":{},"maybe":null}""", false
                ] do
                agree (Codec.Json<Raw>()) text isFit
        }

        test "that has kinds carries what is said of each of them" {
            let schema = schemaText (Codec.Json<Traffic>())
            Expect.equal (schema.Split("A vehicle.").Length) 2 $"once: {schema}"
            Expect.stringContains schema "\"description\":\"On a road.\"" "of a kind"
        }

        test "with a converter that cannot read it is refused before the first call" {
            let message = thrownBy<ArgumentException>(fun () -> Codec.Json<MarkedOption>() |> ignore)

            Expect.stringStarts
                message
                "MarkedOption cannot be the result of a step: System.Text.Json cannot work with it: "
                "what"

            Expect.stringContains message "MarkedOption.Day" "where"

            Expect.stringEnds
                message
                ". Change it (a [JsonConverter] on an F# option has to be one of the option), or give the algorithm a codec of your own with Codec.FromText (F#: Codec.ofText)."
                "what to do"
        }
    ]

let private ofKeys =
    testList "of keys" [
        test "that are enums lets pass what is written" {
            keyed null [ Speed.Slow; Speed.VeryFast; enum<Speed> 7 ]
            keyed null [ Gear.First; Gear.Second ]
            keyed null [ Rights.Read; Rights.Read ||| Rights.Write ]
            keyed null [ DayOfWeek.Monday ]
            agree (Codec.Json<ByKey<Speed>>()) """{"many":{"SLOW":1}}""" true
            agree (Codec.Json<ByKey<Speed>>()) """{"many":{"VERY.FAST":1}}""" false
            agree (Codec.Json<ByKey<Speed>>()) """{"many":{"veryxfast":1}}""" false
            agree (Codec.Json<ByKey<Gear>>()) """{"many":{"number two":1}}""" true
        }

        test "that are enums with a naming policy lets pass what is written" {
            let options = JsonSerializerOptions(IncludeFields = true)
            options.Converters.Add(JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper))
            keyed options [ ConsoleKey.PageUp; ConsoleKey.A ]
        }

        test "of other kinds has an example that is read" {
            keyed null [ 'a' ]
            keyed null [ Half.One ]
            keyed null [ Int128.One ]
            keyed null [ UInt128.One ]
            keyed null [ Guid.Empty ]
            keyed null [ 1.5 ]
        }
    ]

let tests = testSequenced (testList "The schema of members" [ ofMembers; ofKeys ])
