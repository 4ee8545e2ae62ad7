/// The public surface of the F# assemblies is recorded, as PublicAPI.*.txt is for the C# ones.
module Kta.Functional.Tests.Project.PublicApiTests

open System
open System.ComponentModel
open System.Reflection
open Expecto
open Kta.Functional.Tests.Project.PublicSurface

let tests =
    testList "The recorded public surface is the real one" [
        check "Kta.Functional.Http"
        check "Kta.Functional.FSharp"

        test "Kta.Functional.Http shows C# no type of F#" {
            let isHidden (t: Type) =
                match t.GetCustomAttribute<EditorBrowsableAttribute>() with
                | null -> false
                | shown -> shown.State = EditorBrowsableState.Never

            let assembly = Assembly.Load "Kta.Functional.Http"
            let hidden = [ for t in assembly.GetExportedTypes() |> Array.filter isHidden -> typeName t + "." ]

            let foreign =
                listing assembly
                |> List.filter (fun line ->
                    line.Contains "Microsoft.FSharp" && not (hidden |> List.exists line.Contains))

            Expect.equal foreign [] "lists and functions of F# in an API for both"
        }
    ]
