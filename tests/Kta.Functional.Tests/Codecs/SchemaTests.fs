/// A value that a codec reads fits its schema, one that it refuses does not.
module Kta.Functional.Tests.Codecs.SchemaTests

open System
open System.Text.Json.Nodes
open Expecto
open global.Json.Schema
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp.Shapes
open Kta.Functional.Tests.Codecs.Trying

let private schemaOf (codec: obj) (kind: Type) = call "Schema" kind [| codec |] :?> JsonNode

let fits (schema: JsonSchema) (value: JsonNode | null) = schema.Evaluate(value).IsValid

let isRead (codec: obj) (kind: Type) (text: string) =
    try
        call "Read" kind [| codec; text |] |> ignore
        true
    with _ ->
        false

/// What is said of values nobody can look into: it fits everything.
let private hasUnknown (schema: JsonNode) = schema.ToJsonString().Contains "whose schema is not known"

/// Every place of a value but its root, as a way to put something else there.
let rec private places (node: JsonNode | null) : (JsonNode | null -> unit) list =
    match node with
    | :? JsonObject as members -> [
        for name in [ for member' in members -> member'.Key ] do
            (fun value -> members[name] <- value)
            yield! places members[name]
      ]
    | :? JsonArray as items -> [
        for i in 0 .. items.Count - 1 do
            (fun value -> items[i] <- value)
            yield! places items[i]
      ]
    | _ -> []

let rec private objects (node: JsonNode | null) : JsonObject list =
    match node with
    | :? JsonObject as members ->
        members
        :: [
            for member' in members do
                yield! objects member'.Value
        ]
    | :? JsonArray as items -> [
        for item in items do
            yield! objects item
      ]
    | _ -> []

let private strange = [
    "null"
    "true"
    "1"
    "-1"
    "0.5"
    "300"
    "1e28"
    "\"zzz\""
    "[]"
    "{}"
    "[null]"
    """{"zzz":1}"""
]

/// The same with something taken away, put in, or put in its place.
let mutated (random: Random) (text: string) : string =
    let value = JsonNode.Parse text |> nonNull

    for _ in 0 .. random.Next 2 do
        let whole = objects value
        let some = whole[random.Next whole.Length]

        match random.Next 4, places value with
        | 0, _ when some.Count > 0 -> some.Remove((Seq.item (random.Next some.Count) some).Key) |> ignore
        | 1, _ -> some["zzz"] <- JsonNode.Parse strange[random.Next strange.Length]
        | _, [] -> ()
        | _, all -> all[random.Next all.Length](JsonNode.Parse strange[random.Next strange.Length])

    value.ToJsonString()

/// How often the schema and the codec agreed to read, and to refuse.
type private Agreed = {
    mutable Read: int
    mutable Refused: int
}

let private agree (random: Random) (agreed: Agreed) (maker: string) (kind: Type) (codec: obj) =
    let node = schemaOf codec kind
    let text = node.ToJsonString()
    Expect.isFalse (text.Contains "\"not\":true") $"{kind}: {text}"
    let schema = JsonSchema.FromText text
    Expect.isFalse (fits schema null) $"{maker} {kind}: null is no result: {text}"

    for _ in 1..3 do
        let written = call "Write" kind [| codec; Values.make random 0 kind |> nonNull |] :?> string

        Expect.isTrue (fits schema (JsonNode.Parse written)) $"{maker} {kind}: {written} was written: {text}"

        for _ in 1..6 do
            let other = mutated random written
            let read, valid = isRead codec kind other, fits schema (JsonNode.Parse other)

            if read <> valid && not (valid && hasUnknown node) then
                failtest $"{maker} {kind}: {other} is read: {read}, fits: {valid}: {text}"

            if read then
                agreed.Read <- agreed.Read + 1
            else
                agreed.Refused <- agreed.Refused + 1

let private atRandom = test "of a type made at random says what is read, and nothing else" {
    let random = Random 20261126
    let agreed = { Read = 0; Refused = 0 }

    for _ in 1..400 do
        let kind =
            ShapeTests.holders[random.Next ShapeTests.holders.Length]
                .MakeGenericType(ShapeTests.composed random (random.Next 4))

        for maker in [ "ByReflection"; "Plain" ] do
            match trying maker kind with
            | Ok codec -> agree random agreed maker kind codec
            | Error _ -> ()

    Expect.isGreaterThan agreed.Read 500 "values that are read"
    Expect.isGreaterThan agreed.Refused 500 "values that are refused"
}

let private generated = test "of source-generated metadata says what is read, and nothing else" {
    let random = Random 3
    let agreed = { Read = 0; Refused = 0 }

    for kind in ShapeTests.generatedKinds do
        for maker in [ "Generated"; "GeneratedAsItIs" ] do
            match trying maker kind with
            | Ok codec -> agree random agreed maker kind codec
            | Error _ -> ()

    Expect.isGreaterThan agreed.Read 200 "values that are read"
    Expect.isGreaterThan agreed.Refused 200 "values that are refused"
}

let tests = testSequenced (testList "The schema of any type" [ atRandom; generated ])
