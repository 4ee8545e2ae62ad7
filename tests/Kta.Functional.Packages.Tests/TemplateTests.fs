/// The templates: made from the packed package, built against the packed packages, and used as their READMEs say.
module Kta.Functional.Packages.Tests.TemplateTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

/// The commands of a text, in backticks.
let private commands (text: string) = [
    for found in Regex.Matches(text, "`((?:dotnet|kubectl) [^`]+)`") -> found.Groups[1].Value
]

let private source (template: string) =
    let own = Repository.path $"src/Kta.Functional.Templates/templates/{template}/README.md"

    if File.Exists own then
        File.ReadAllText own
    else
        Repository.read "src/Kta.Functional.Templates/shared/csharp/README.md"

let private ofTemplate (template: string) =
    let named = commands (source template)

    testList template [
        test "says what to run next, which its README explains" {
            let said = commands (Built.saidBy template)
            Expect.equal said [ named.Head ] "the first command of the README"
        }

        test "names nothing but what it was made for" {
            let folder = Machine.path (Built.folderOf template)

            for file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories) do
                if not (Regex.IsMatch(file, @"/(bin|obj)/")) then
                    let text = file + File.ReadAllText file

                    for placeholder in
                        [ "Autoscaler1"; "KTA_VERSION"; "PROJECT_NAME"; "ROOT_NAMESPACE"; "kta-autoscaler" ] do
                        Expect.isFalse (text.Contains placeholder) $"{placeholder} in {file}"
        }

        test "leaves what is built to nobody's repository" {
            let ignored = File.ReadAllLines(Machine.path $"{Built.folderOf template}/.gitignore")
            Expect.containsAll ignored [ "bin/"; "obj/" ] "ignored"
        }

        for command in named do
            testCaseTask command
            <| fun () -> Commands.once (Built.folderOf template) command
    ]

/// What pages show with a template in it, block by block.
let private shown = [
    for page in [ "README.md"; "docs/templates.md"; "src/Kta.Functional.Templates/README.md" ] do
        let blocks =
            Regex.Matches(
                Repository.read page,
                @"^```sh\r?\n(.*?)^```",
                RegexOptions.Multiline ||| RegexOptions.Singleline
            )

        for number, block in Seq.indexed blocks do
            if block.Groups[1].Value.Contains "dotnet new kta" then
                let lines =
                    block.Groups[1]
                        .Value.Split('\n', StringSplitOptions.TrimEntries ||| StringSplitOptions.RemoveEmptyEntries)

                $"{page}, block {number + 1}", List.ofArray lines
]

let private versionIn (file: string) (pattern: string) = (Regex.Match(Repository.read file, pattern)).Groups[1].Value

let private paths (warnings: string list) = [ for line in warnings -> line.Replace(Machine.folder, "").TrimStart('/') ]

let tests =
    testList "A template" [
        for template, _ in Built.templates do
            testSequencedGroup template (ofTemplate template)

        for place, lines in shown do
            testCaseTask $"starts as shown in {place}"
            <| fun () -> Commands.executeAll lines

        test "prints what docs/templates.md shows" {
            let printed =
                (Machine.succeed (Built.folderOf "kta") [ "run"; "--no-build"; "--project"; "src"; "--"; "try" ]).Split
                    '\n'

            let page =
                Regex.Matches(Repository.read "docs/templates.md", @"^ +(#|\d+)  .*$", RegexOptions.Multiline)

            Expect.equal page.Count 4 "the first lines"

            Expect.containsAll
                [ for line in printed -> line.Trim() ]
                [ for line in page -> line.Value.Trim() ]
                "as printed"
        }

        test "builds without a warning" {
            let warnings = [
                for line in (Built.output ()).Build.Split '\n' do
                    if line.Contains "warning" && not (line.Contains "/library/") then
                        line
            ]

            Expect.equal (paths warnings) [] "of the compilers, of NuGet, or of the analyzers"
        }

        test "takes the packages this repository is tested with" {
            let taken =
                versionIn
                    "src/Kta.Functional.Templates/templates/kta-fsharp/tests/Autoscaler1.Tests.fsproj"
                    @"""Expecto"" Version=""([\d.]+)"""

            Expect.equal taken (versionIn "paket.lock" @"\n    Expecto \(([\d.]+)\)") "Expecto"
        }
    ]
