/// What the documentation shows is compiled and executed somewhere.
module Kta.Functional.Tests.Project.DocsTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

let private pages =
    Repository.files
    |> List.filter (fun file ->
        file = "README.md"
        || file = "CONTRIBUTING.md"
        || (file.StartsWith "docs/" && file.EndsWith ".md")
        || (file.StartsWith "src/" && file.EndsWith "README.md"))

type private Block = {
    Page: string
    Language: string
    Lines: string list
}

let private blocks (page: string) =
    let fences = Regex(@"^```(\w+)\r?\n(.*?)^```", RegexOptions.Multiline ||| RegexOptions.Singleline)

    [
        for fence in fences.Matches(Repository.read page) do
            {
                Page = page
                Language = fence.Groups[1].Value
                Lines = fence.Groups[2].Value.Trim().Split('\n') |> Seq.map _.Trim() |> List.ofSeq
            }
    ]

let private code (extensions: string list) =
    lazy
        [
            for file in Repository.files do
                if
                    (file.StartsWith "samples/"
                     || file.StartsWith "tests/"
                     || file.StartsWith "src/Kta.Functional.Templates/")
                    && extensions |> List.exists (fun (kind: string) -> file.EndsWith kind)
                then
                    File.ReadAllLines(Repository.path file)
                    |> Seq.map _.Trim()
                    |> Seq.filter (fun line -> line <> "")
                    |> String.concat "\n"
        ]

let private sources = dict [ "csharp", code [ ".cs" ]; "fsharp", code [ ".fs"; ".fsx" ] ]

let private paragraphs (block: Block) =
    String
        .Join("\n", block.Lines)
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
    |> List.ofArray

let private stands (language: string) (paragraph: string) =
    sources[language].Value |> List.exists (fun source -> source.Contains paragraph)

/// Commands of the documentation, and who executes them.
let private executed =
    let byTheTests = Samples.commands |> List.map (fun command -> command.Shown)
    let run = Repository.read ".ci/run"
    let workflow = Repository.read ".github/workflows/ci.yml" + run

    let targets = [
        for target in Regex.Matches(run, @"^(?:target|records) (.+)$", RegexOptions.Multiline) do
            $"dotnet fsi build.fsx {target.Groups[1].Value}"
    ]

    fun (line: string) ->
        List.contains line byTheTests
        // Kta.Cli.Tests runs what it finds in the pages.
        || line.StartsWith "kta "
        || line.StartsWith "curl "
        || workflow.Contains line
        || List.contains line targets

/// Kta.Functional.Packages.Tests runs such a block as a whole.
let private startsFromATemplate (block: Block) = block.Lines |> List.exists _.Contains("dotnet new kta")

/// Acts on a cluster or on a user's own folder; nothing here could run it.
let private elsewhere =
    set [
        "kubectl apply -f samples/Quickstart/kubernetes/quickstart.yaml"
        "kubectl apply -k samples/Quickstart/kubernetes"
        "kubectl apply -k samples/Quickstart/kubernetes-production"
        "kubectl apply -f samples/KtaRun/kubernetes/kta-run.yaml"
        "dotnet run autoscaler.cs"
        "dotnet tool install --global Kta.Cli --prerelease"
    ]

let private links (page: string) =
    let inlineLinks = Regex(@"\]\(([^)#]+)(#[^)]*)?\)")

    [
        for link in inlineLinks.Matches(Repository.read page) do
            let target = link.Groups[1].Value

            if not (target.StartsWith "http") then
                let folder = Path.GetDirectoryName page |> Option.ofObj |> Option.defaultValue ""

                if not (Path.Exists(Repository.path (Path.Combine(folder, target)))) then
                    $"{page}: {target}"
    ]

/// The analyzers are for C#; in F# nothing stands in their place.
let private forCSharpOnly (page: string) = page.StartsWith "docs/diagnostics/"

let tests =
    testList "The documentation" [
        test "shows F# wherever it shows C#" {
            let languages (page: string) = blocks page |> List.map _.Language

            let alone =
                pages
                |> List.filter (fun page -> page.StartsWith "docs/" && not (forCSharpOnly page))
                |> List.filter (fun page ->
                    List.contains "csharp" (languages page)
                    && not (List.contains "fsharp" (languages page)))

            Expect.equal alone [] "pages with C# alone"
        }

        for page in pages do
            testList page [
                test "shows only code that is compiled in samples or tests" {
                    let strangers =
                        blocks page
                        |> List.filter (fun block -> sources.ContainsKey block.Language)
                        // Right and wrong programs, compiled by Analyzers/DescriptorTests.
                        |> List.filter (fun block -> not (block.Page.StartsWith "docs/diagnostics/"))
                        |> List.collect (fun block -> paragraphs block |> List.filter (stands block.Language >> not))

                    Expect.equal strangers [] "snippets that stand in no compiled file"
                }

                test "shows only commands that are executed by a test or by CI" {
                    let unknown =
                        blocks page
                        |> List.filter (fun block -> block.Language = "sh" && not (startsFromATemplate block))
                        |> List.collect _.Lines
                        |> List.filter (fun line -> line <> "" && not (executed line || elsewhere.Contains line))

                    Expect.equal unknown [] "commands nobody executes"
                }

                test "links to files that exist" { Expect.equal (links page) [] "dead links" }
            ]
    ]
