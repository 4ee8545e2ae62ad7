module Kta.Functional.Tests.Project.RepositoryTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

let private isText (file: string) =
    [ ".png"; ".ico"; ".snk" ] |> List.forall (fun kind -> not (file.EndsWith kind))

let private linesOf (file: string) =
    File.ReadAllLines(Repository.path file)
    |> Seq.mapi (fun i line -> $"{file}:{i + 1}", line)

let private offending (pattern: string) =
    let expression = Regex(pattern, RegexOptions.IgnoreCase)

    [
        for file in Repository.files do
            if isText file then
                for place, line in linesOf file do
                    if expression.IsMatch line then
                        place
    ]

let private sources =
    Repository.files
    |> List.filter (fun file ->
        [ ".cs"; ".fs"; ".fsx" ]
        |> List.exists (fun (kind: string) -> file.EndsWith kind))

let tests =
    testList "The repository" [
        test "names no package feed, so that it builds behind any mirror" {
            let feed = String.concat "" [ "(nu"; @"get|nu"; @"getgallery)\.(org|com)" ]
            Expect.equal (offending feed) [] "places that name a feed"
        }

        test "keeps its top level small" {
            let allowed =
                set [
                    "src"
                    "tests"
                    "samples"
                    "docs"
                    "paket.dependencies"
                    "paket.lock"
                    "build.fsx"
                    "Kta.Functional.sln"
                    "README.md"
                    "LICENSE"
                    "CHANGELOG.md"
                    "CONTRIBUTING.md"
                    "Directory.Build.props"
                    "Directory.Build.targets"
                ]

            let topLevel = Repository.files |> List.map (fun file -> file.Split('/')[0]) |> List.distinct

            Expect.equal
                (topLevel
                 |> List.filter (fun name -> not (name.StartsWith '.' || allowed.Contains name)))
                []
                "names that do not belong there"
        }

        test "has no file that does too much" {
            let long = [
                for file in sources do
                    let length = File.ReadAllLines(Repository.path file).Length

                    if length > 260 then
                        $"{file}: {length} lines"
            ]

            Expect.equal long [] "files beyond 260 lines"
        }
    ]
