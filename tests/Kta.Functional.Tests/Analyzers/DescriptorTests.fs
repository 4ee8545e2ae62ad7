module Kta.Functional.Tests.Analyzers.DescriptorTests

open System.Text.RegularExpressions
open Expecto
open Microsoft.CodeAnalysis
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers.Compiled

let private descriptors =
    analyzers
    |> List.collect (fun one -> List.ofSeq one.SupportedDiagnostics)
    |> List.sortBy _.Id

let private page (id: string) = Repository.read $"docs/diagnostics/{id}.md"

let programs (id: string) (heading: string) =
    let section =
        Regex.Match(page id, $@"^## {heading}$(.*?)(?=^## |\z)", RegexOptions.Multiline ||| RegexOptions.Singleline)

    [
        for block in
            Regex.Matches(
                section.Groups[1].Value,
                @"^```csharp\n(.*?)^```",
                RegexOptions.Multiline ||| RegexOptions.Singleline
            ) do
            block.Groups[1].Value
    ]

let tests =
    testList "Every rule" [
        test "has an id of its own, without gaps" {
            Expect.equal (descriptors |> List.map _.Id) [ for n in 1 .. descriptors.Length -> $"KTA%03d{n}" ] "ids"
        }

        for rule in descriptors do
            testList rule.Id [
                test "says where it is explained" {
                    Expect.equal
                        rule.HelpLinkUri
                        $"https://github.com/kta-functional/kta-functional/blob/main/docs/diagnostics/{rule.Id}.md"
                        "the link"

                    Expect.stringStarts (page rule.Id) $"# {rule.Id}: {rule.Title}\n" "the page"
                }

                test "is tracked as released or to be released" {
                    let tracked =
                        [ "Shipped"; "Unshipped" ]
                        |> List.map (fun kind ->
                            Repository.read $"src/Kta.Functional.Analyzers/AnalyzerReleases.{kind}.md")
                        |> String.concat "\n"

                    Expect.stringContains
                        tracked
                        $"{rule.Id} | {rule.Category} | {rule.DefaultSeverity} | {rule.Title}"
                        "the entry"
                }

                test "is seen in the wrong program of its page, and nowhere in the right one" {
                    let ids look program = look (programOf program) |> List.map (fun (one: Diagnostic) -> one.Id)

                    let wrong = programs rule.Id "Wrong"
                    let right = programs rule.Id "Right"
                    Expect.isNonEmpty wrong "a wrong program"
                    Expect.isNonEmpty right "a right program"

                    for program in wrong @ right do
                        Expect.equal (errors (programOf program)) [] program

                    for program in wrong do
                        Expect.contains (ids analyze program @ ids offers program) rule.Id program

                    for program in right do
                        Expect.equal (ids analyze program) [] program
                        Expect.isFalse (List.contains rule.Id (ids offers program)) program
                }
            ]
    ]
