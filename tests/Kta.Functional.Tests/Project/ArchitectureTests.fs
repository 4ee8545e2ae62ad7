module Kta.Functional.Tests.Project.ArchitectureTests

open Expecto
open Kta.Functional.Tests.Project.Rooms

/// What has no folder, and the class style beside it: algorithms, functions, backends.
let private values = "Algorithm"

let private roomOf (path: string) =
    match path.Split '/' with
    | [| _ |] -> values
    | parts when parts[0] = "Classes" -> values
    | parts -> parts[0]

/// The folders of Kta.Functional, those that know least first; rooms of one line may use each other in one direction.
let private floors = [
    [ "Json"; "Errors"; "Reflection" ]
    [ "Model" ]
    [ "Codecs"; "Contexts"; "Statelessness"; "Measurements" ]
    [ values; "Wire" ]
    [ "Calls" ]
]

let private floorOf (room: string) =
    floors
    |> List.tryFindIndex (List.contains room)
    |> Option.defaultWith (fun () -> failtest $"The folder {room} has no place in the house: give it one here.")

let private upwards (found: Use list) = [
    for one in found do
        if floorOf one.To > floorOf one.From then
            $"{one.File} uses {one.Type} of {one.To}"
]

let private edges (found: Use list) = found |> List.map (fun one -> one.From, one.To) |> List.distinct

let private house = lazy (uses roomOf (sources "Kta.Functional"))

/// The projects, those that know least first.
let private order = [
    "Kta.Functional.Templates"
    "Kta.Functional.Analyzers"
    "Kta.Functional"
    "Kta.Functional.Recording"
    "Kta.Functional.Algorithms"
    "Kta.Functional.Monitoring"
    "Kta.Functional.Monitoring.Kafka"
    "Kta.Functional.Http"
    "Kta.Functional.Simulation"
    "Kta.Functional.Testing"
    "Kta.Functional.Files"
    "Kta.Functional.Operator"
    "Kta.Functional.Reports"
    "Kta.Functional.FSharp"
    "Kta.Cli"
]

let private planted =
    "Json/Planted.cs",
    "namespace Kta.Functional; internal static class Planted { internal static Topology? Of(Plan plan) => null; }"

let tests =
    testList "The house" [
        test "no folder of Kta.Functional uses one above it" {
            Expect.isNonEmpty house.Value "there is something to see"
            Expect.isEmpty (upwards house.Value) "upwards"
        }

        test "no folders of Kta.Functional use each other in a circle" {
            Expect.isEmpty (circles (edges house.Value)) "rooms in a circle"
        }

        test "a use that is planted upwards is found, and so is its circle" {
            let found = uses roomOf (planted :: sources "Kta.Functional")

            Expect.containsAll
                (upwards found)
                [ "Json/Planted.cs uses Topology of Model"; "Json/Planted.cs uses Plan of Model" ]
                "upwards"

            Expect.containsAll (circles (edges found)) [ "Json"; "Model" ] "in a circle"
        }

        test "no project uses one that stands above it" {
            for user, used in projects do
                for project in [ user; used ] do
                    Expect.contains order project "every project has its place"

                Expect.isLessThan
                    (List.findIndex ((=) used) order)
                    (List.findIndex ((=) user) order)
                    $"{user} uses {used}"
        }
    ]
