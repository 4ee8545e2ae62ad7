module Kta.Functional.Tests.Analyzers.WholeRepositoryTests

open System
open Expecto
open Microsoft.CodeAnalysis
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers.Compiled

let private sources =
    lazy
        [
            for file in Repository.files do
                if
                    file.EndsWith ".cs"
                    && List.exists (fun (folder: string) -> file.StartsWith folder) [ "src/"; "samples/"; "tests/" ]
                then
                    // A file-based program begins with lines for `dotnet run`.
                    let text = (Repository.read file).Replace("#:", "//#:")
                    file, text
        ]

let private crashes (found: Diagnostic list) =
    found |> List.filter (fun one -> one.Id.StartsWith "AD") |> List.map string

let private isOfUsers (file: string) =
    file.StartsWith "samples/"
    || file.StartsWith "src/Kta.Functional.Algorithms/"
    || file.StartsWith "tests/"

let private programOf (files: (string * string) list) =
    let usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;\n"
        + "global using System.Threading; global using System.Threading.Tasks;"

    compilation (parse "usings.cs" usings :: [ for file, text in files -> parse file text ])

let tests =
    testList "Over this repository" [
        test "the analyzers find nothing in samples, algorithms and tests, folder by folder" {
            let files = sources.Value |> List.filter (fst >> isOfUsers)
            Expect.isGreaterThan files.Length 15 "there are such files"

            for folder, files in files |> List.groupBy (fun (file, _) -> IO.Path.GetDirectoryName file) do
                let found = analyze (programOf files)
                Expect.equal (found |> List.map string) [] $"{folder}"
        }

        test "no analyzer throws on all of it at once, with the library and without" {
            let others =
                sources.Value
                |> List.filter (fun (file, _) -> not (file.StartsWith "src/Kta.Functional/"))

            for files in [ sources.Value; others ] do
                Expect.equal (crashes (analyze (programOf files))) [] "AD0001"
        }

        test "no analyzer throws on truncated files" {
            let random = Random 20260101
            let files = Array.ofList sources.Value

            for _ in 1..15 do
                let file, text = files[random.Next files.Length]
                let truncated = text.Substring(0, random.Next text.Length)

                Expect.equal
                    (crashes (analyze (programOf [ file, truncated ])))
                    []
                    $"{file}, {truncated.Length} characters"
        }

        test "no analyzer throws on files with a piece cut out, among their neighbours" {
            let random = Random 20260102
            let files = sources.Value |> List.filter (fst >> isOfUsers)

            for _ in 1..2 do
                let cut (text: string) =
                    let start = random.Next text.Length
                    text.Remove(start, random.Next(min 60 (text.Length - start)))

                let damaged = files |> List.map (fun (file, text) -> file, cut text)
                Expect.equal (crashes (analyze (programOf damaged))) [] "AD0001"
        }
    ]
