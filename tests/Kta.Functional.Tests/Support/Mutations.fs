/// Requests that are almost right.
module Kta.Functional.Tests.Mutations

open System
open System.Text
open System.Text.Json
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Generators

let valid =
    let entry n = Requests.entry $$"""{"numInvocations":{{n}}}""" """{"toggleState":1}"""
    let history = String.concat "," [ entry 3; entry 2; entry 1 ]

    Requests.first
        .Replace("\"monitorResult\":{}", """"monitorResult":{"numInvocations":4}""")
        .Replace("\"analyzeResult\":{}", """"analyzeResult":{"toggleState":0}""")
        .Replace("[]", $"[{history}]")

/// JSON that may be wrong: names and values as they are written, members more than once.
type Tree =
    | Raw of string
    | Members of (string * Tree) list
    | Items of Tree list

let rec treeOf (element: JsonElement) =
    match element.ValueKind with
    | JsonValueKind.Object -> Members [ for m in element.EnumerateObject() -> quoted m.Name, treeOf m.Value ]
    | JsonValueKind.Array -> Items [ for item in element.EnumerateArray() -> treeOf item ]
    | _ -> Raw(element.GetRawText())

let rec textOf tree =
    match tree with
    | Raw text -> text
    | Members members ->
        "{"
        + String.concat "," [ for name, value in members -> name + ":" + textOf value ]
        + "}"
    | Items items -> "[" + String.concat "," (List.map textOf items) + "]"

let rec private size tree =
    match tree with
    | Raw _ -> 1
    | Members members -> 1 + List.sumBy (snd >> size) members
    | Items items -> 1 + List.sumBy size items

let private nested levels opening closing = String.replicate levels opening + String.replicate levels closing

let private oddValues =
    [
        "null"
        "true"
        "\"\""
        "{}"
        "[]"
        "0"
        "-1"
        "1.5"
        "1.0E7"
        "2147483648"
        "9223372036854775807"
        "1E999999"
        "-0.0"
    ]
    @ [
        "\"7\""
        "\"\\ud83d\""
        "\"\\u0000\""
        "\"NaN\""
        "\"1_000\""
        "NaN"
        "'a'"
        "01"
        "{]"
        "[1,]"
        ""
        "\"a"
        "//"
    ]
    @ [
        String.replicate 400 "9"
        quoted (String.replicate 5000 "ü")
        nested 900 "[" "]"
        nested 1100 "[" "]"
    ]
    @ [
        nested 5000 "[" "]"
        String.replicate 5000 "["
        String.replicate 1100 "{\"a\":" + "1" + String.replicate 1100 "}"
    ]
    @ [
        """{"type":"scaleTargetRef","fields":"kind=Deployment|name=b"}"""
        """{"type":"x","fields":"y"}"""
        "[null,null,null]"
    ]

let private oddNames =
    [
        "\"\""
        "\"\\ud83d\""
        "\"\\ud83dxyz\""
        "\"type\""
        "\"id\""
        "\"parallelism\""
        "\"fields\""
        "\"topology\""
        "\"a\\u0000\""
    ]
    @ [
        "\"toggleState\""
        "\"numInvocations\""
        "\"NumInvocations\""
        "a"
        "1"
        "\"{\\\"type\\\":\\\"x\\\"}\""
        quoted "{\"\\ud83dxyz\":1}"
    ]

type private Change =
    | Remove
    | Double
    | Replace of string
    | Insert of string * string
    | Rename of string

/// Changes the tree at the place with this number, counted from the root.
let rec private changeAt place change tree =
    let children items = List.scan (fun at child -> at + size child) 1 items

    let around (value: Tree) (at: int) apply unchanged =
        if place = at then
            apply
        else
            [
                unchanged (
                    if place > at && place < at + size value then
                        changeAt (place - at) change value
                    else
                        value
                )
            ]

    match tree, change with
    | _, Replace text when place = 0 -> Raw text
    | Members members, Insert(name, value) when place = 0 -> Members((name, Raw value) :: members)
    | Items items, Insert(_, value) when place = 0 -> Items(items @ [ Raw value ])
    | Members members, _ ->
        let step ((name, value), at) =
            let changed =
                match change with
                | Remove -> []
                | Double -> [ name, value; name, value ]
                | Rename other -> [ other, value ]
                | Replace _
                | Insert _ -> [ name, changeAt 0 change value ]

            around value at changed (fun value -> name, value)

        Members(
            Seq.zip members (children (List.map snd members))
            |> Seq.toList
            |> List.collect step
        )
    | Items items, _ ->
        let step (value, at) =
            let changed =
                match change with
                | Remove -> []
                | Double -> [ value; value ]
                | Rename text -> [ Raw text ]
                | Replace _
                | Insert _ -> [ changeAt 0 change value ]

            around value at changed id

        Items(Seq.zip items (children items) |> Seq.toList |> List.collect step)
    | Raw _, _ -> tree

let private change =
    let name, value = Gen.elements oddNames, Gen.elements oddValues

    Gen.frequency [
        1, Gen.constant Remove
        1, Gen.constant Double
        4, Gen.map Replace value
        2, Gen.map2 (fun name value -> Insert(name, value)) name value
        1, Gen.map Rename name
    ]

let private changedMembers = gen {
    let! count = Gen.choose (1, 3)
    let! changes = Gen.listOfLength count change

    let! tree =
        (Gen.constant (treeOf (Json.parse valid)), changes)
        ||> List.fold (fun tree change -> gen {
            let! tree = tree
            let! place = Gen.choose (0, size tree - 1)
            return changeAt place change tree
        })

    return Encoding.UTF8.GetBytes(textOf tree)
}

let private changedBytes = gen {
    let original = Encoding.UTF8.GetBytes valid
    let! at = Gen.choose (0, original.Length - 1)
    let! until = Gen.choose (at, original.Length)
    let! byte = Gen.choose (0, 255) |> Gen.map byte

    return!
        Gen.elements [
            Array.updateAt at byte original
            Array.updateAt at (original[at] ^^^ 32uy) original
            Array.insertAt at byte original
            Array.take at original
            Array.append original[.. at - 1] original[until..]
            Array.concat [ original[.. until - 1]; original[at..] ]
        ]
}

/// Shown as text when a property fails.
[<StructuredFormatDisplay("{Shown}")>]
type Mutation = {
    Step: Step
    Body: byte array
} with

    member this.Shown = $"{this.Step}: {Encoding.UTF8.GetString this.Body}"

let mutation =
    (Gen.elements [ Step.Monitor; Step.Analyze; Step.Plan ], Gen.frequency [ 3, changedMembers; 1, changedBytes ])
    ||> Gen.map2 (fun step body -> { Step = step; Body = body })
