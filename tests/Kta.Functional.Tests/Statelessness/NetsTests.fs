/// Every way to keep state, and which of the three nets catches it. The table is the documentation of the nets.
module Kta.Functional.Tests.Statelessness.NetsTests

open System
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers.Compiled
open Kta.Functional.Tests.CSharp

/// Where a way is caught first, if the analyzers are not suppressed.
type private Net =
    | Compiler
    | Creation
    | Call

/// The C# ways of Stateful.cs. The compile-time net is proven by the analyzers on the same source, the others here.
let private table = [
    "assigns a captured variable", Compiler
    "assigns a captured variable in an async lambda", Compiler
    "assigns a captured variable in a local function", Compiler
    "assigns a captured variable in a lambda inside", Compiler
    "captures a list", Compiler
    "captures an array", Compiler
    "captures a dictionary", Compiler
    "captures a concurrent dictionary", Compiler
    "captures a queue", Creation
    "captures a string builder", Compiler
    "captures an object with a settable property", Compiler
    "captures an object with a field", Creation
    "captures an immutable list of mutable objects", Creation
    "captures a record that holds a list", Creation
    "captures a function that counts", Creation
    "captures a client without saying so", Creation
    "captures randomness", Creation
    "assigns a static field", Compiler
    "assigns a static property", Compiler
    "assigns a static field in a method it calls", Compiler
    "reads a static field that can be assigned", Creation
    "adds to a static list", Compiler
    "adds to a static dictionary", Compiler
    "is a static method that counts", Compiler
    "is a method of an object with a field", Compiler
    "changes a captured variable from outside", Call
]

/// Steps that are methods are reported where the method is.
let private methods =
    Map [
        "is a static method that counts", "private static Load CountingMethod("
        "is a method of an object with a field", "public Load Monitor("
    ]

let private lines = lazy ((Repository.read "tests/Kta.Functional.Tests.CSharp/Stateful.cs").Split '\n')

/// The lines of the file at which the compile-time net has something to say, its suppression taken away.
let private foundByTheCompiler =
    lazy
        (let source = lines.Value |> Array.filter (fun line -> not (line.StartsWith "#pragma"))

         let usings =
             "global using System;\nglobal using System.Collections.Generic;\nglobal using System.Linq;\nglobal using System.Net.Http;\nglobal using System.Threading;\nglobal using System.Threading.Tasks;"

         let program =
             compilation [
                 parse "usings.cs" usings
                 parse "stateful.cs" (String.Join("\n", source))
                 parse "main.cs" "return;"
             ]

         Expect.equal (errors program) [] "the file compiles"

         source, [ for found in analyze program -> found.Location.GetLineSpan().StartLinePosition.Line ])

/// From the line that names a way to the line before the next one.
let private isFoundByTheCompiler (way: string) =
    let source, found = foundByTheCompiler.Value
    let isWay (line: string) = line.TrimStart().StartsWith "[\""

    let first =
        source
        |> Array.findIndex (fun line -> line.TrimStart().StartsWith $"[\"{way}\"]")

    let last =
        source
        |> Array.skip (first + 1)
        |> Array.tryFindIndex (fun line -> isWay line || line.StartsWith "    };")
        |> Option.defaultValue 0

    let isMethod (line: int) =
        methods
        |> Map.tryFind way
        |> Option.exists (fun text -> source[line].Contains text)

    found
    |> List.exists (fun line -> (line >= first && line <= first + last) || isMethod line)

let private isRefused (way: string) =
    try
        Stateful.Ways[way].Invoke() |> ignore
        false
    with :? StatefulUdfException ->
        true

let tests =
    testSequenced
    <| testList "A way to keep state is caught by a net:" [
        for way, net in table do
            test $"a step that {way}: %A{net}" {
                let first =
                    if isFoundByTheCompiler way then Compiler
                    elif isRefused way then Creation
                    else Call

                Expect.equal first net "the first net that catches it"
            }

        test "every way of the file is in the table" {
            Expect.equal (table |> List.map fst |> Set.ofList) (Set.ofSeq Stateful.Ways.Keys) "ways"
        }
    ]
