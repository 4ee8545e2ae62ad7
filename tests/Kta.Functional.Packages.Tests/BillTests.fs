/// What each package is made of, for those who have to know.
module Kta.Functional.Packages.Tests.BillTests

open System.Text.Json
open Expecto
open Kta.Functional.Packages.Tests.Packed

let private text (name: string) (one: JsonElement) =
    match one.TryGetProperty name with
    | true, value -> string value
    | _ -> ""

let private has (name: string) (one: JsonElement) = fst (one.TryGetProperty name)

let private described (id: string) = test $"{id} is made of what it depends on, and of what that depends on" {
    use bill = JsonDocument.Parse(billOfMaterials id)
    let root = bill.RootElement
    Expect.equal (text "bomFormat" root) "CycloneDX" "its format"
    let subject = root.GetProperty("metadata").GetProperty "component"
    Expect.equal (text "name" subject, text "version" subject) (id, version) "what it is about"
    let components = root.GetProperty("components").EnumerateArray() |> List.ofSeq

    // The version of a run of tests is one of packing only.
    let versioned (name: string) (version: string) = name, (if name.StartsWith "Kta." then "" else version)

    let direct = [
        for one in elements "dependency" (package id) -> versioned (attribute "id" one) (attribute "version" one)
    ]

    let listed = [ for one in components -> versioned (text "name" one) (text "version" one) ]
    Expect.containsAll listed direct "all that the package names"

    for one in components do
        let name = text "name" one

        if not (name.StartsWith "Kta.") then
            Expect.stringStarts (text "purl" one) $"pkg:nuget/{name}@" "where it is found"
            Expect.isTrue (has "hashes" one) $"{name} can be compared"
}

let tests =
    testList "Bills of materials" [
        for id in ContentTests.every do
            described id
    ]
