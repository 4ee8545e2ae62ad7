/// What stands in each package: everything a user needs, and nothing else.
module Kta.Functional.Packages.Tests.ContentTests

open System
open System.Buffers.Binary
open System.IO
open System.Reflection.Metadata
open System.Reflection.PortableExecutable
open System.Text
open System.Text.RegularExpressions
open System.Xml.Linq
open Expecto
open Kta.Functional.Tests
open Kta.Functional.Packages.Tests.Packed

/// The packages with assemblies, and what each depends on: a package more for users to take is a decision.
let private dependencies =
    let ours =
        List.map (fun (name: string) ->
            if name = "" then
                "Kta.Functional"
            else
                $"Kta.Functional.{name}")

    let sqlite = [
        for part in [ "bundle_e_sqlite3"; "core"; "lib.e_sqlite3"; "provider.e_sqlite3" ] -> $"SQLitePCLRaw.{part}"
    ]

    [
        "Kta.Functional", []
        "Kta.Functional.Recording", ours [ "" ]
        "Kta.Functional.Algorithms", ours [ "" ]
        "Kta.Functional.Monitoring", ours [ "" ]
        "Kta.Functional.Monitoring.Kafka", ours [ ""; "Monitoring" ] @ [ "Confluent.Kafka" ]
        "Kta.Functional.Http", ours [ ""; "Recording" ] @ [ "FSharp.Core" ]
        "Kta.Functional.Simulation", ours [ ""; "Recording" ]
        "Kta.Functional.Files", ours [ ""; "Recording"; "Simulation" ] @ [ "YamlDotNet" ]
        "Kta.Functional.Operator",
        ours [ ""; "Files"; "Monitoring"; "Recording"; "Simulation" ]
        @ sqlite
        @ [
            "KubernetesClient"
            "Fractions"
            "YamlDotNet"
            "Microsoft.Data.Sqlite"
            "Microsoft.Data.Sqlite.Core"
        ]
        "Kta.Functional.Reports",
        ours [ ""; "Simulation" ]
        @ [ "FSharp.Core"; "Giraffe.ViewEngine"; "Plotly.NET"; "DynamicObj"; "Fable.Core"; "Newtonsoft.Json" ]
        "Kta.Functional.Testing", ours [ ""; "Http"; "Recording"; "Simulation" ]
        "Kta.Functional.FSharp", ours [ ""; "Algorithms"; "Http"; "Simulation" ] @ [ "FSharp.Core" ]
    ]

let private withoutLibrary = [ "Kta.Cli"; "Kta.Functional.Templates" ]
let private libraries = List.map fst dependencies
let every = libraries @ withoutLibrary

/// What a package has besides its assembly.
let private besides =
    Map [
        "Kta.Functional",
        [ "analyzers/dotnet/cs/Kta.Functional.Analyzers.dll"; "buildTransitive/Kta.Functional.targets" ]
        "Kta.Functional.Monitoring.Kafka", [ "buildTransitive/Kta.Functional.Monitoring.Kafka.targets" ]
    ]

let private repository = "https://github.com/kta-functional/kta-functional"

let private rawSources = repository.Replace("github", "raw.githubusercontent")

let private commit =
    lazy
        (let head = Repository.git [ "rev-parse"; "HEAD" ]
         head.Trim())

let private described (id: string) = test $"{id} says what it is" {
    let package = package id
    let said (name: string) = text name package
    Expect.equal (said "id", said "version") (id, version) "its name"
    Expect.equal (said "license") "Apache-2.0" "the licence"
    Expect.equal (said "releaseNotes") $"{repository}/blob/main/CHANGELOG.md" "what is new"
    Expect.isTrue (Regex.IsMatch(said "description", @"^\S.{30,200}\.$")) "a sentence or two"
    Expect.containsAll (said "tags" |> _.Split(' ')) [ "autoscaling"; "kubernetes" ] "how it is found"
    let source = List.exactlyOne (elements "repository" package)
    Expect.equal (attribute "url" source, attribute "commit" source) (repository, commit.Value) "where it comes from"

    let icon = package.Files[said "icon"]
    let size (offset: int) = BinaryPrimitives.ReadInt32BigEndian(ReadOnlySpan(icon, offset, 4))
    Expect.equal (size 16, size 20) (128, 128) "an icon of this size"

    let readme = Encoding.UTF8.GetString package.Files[said "readme"]
    Expect.stringStarts readme $"# {id}\n" "a page of its own"
    Expect.stringContains readme "```" "which shows something"

    for link in Regex.Matches(readme, @"\]\(([^)]+)\)") do
        let page = link.Groups[1].Value
        Expect.stringStarts page $"{repository}/blob/main/" "other places than GitHub show this page, too"
        Expect.isTrue (File.Exists(Repository.path (page.Substring $"{repository}/blob/main/".Length))) page
}

let private contents (id: string) = test $"{id} has what belongs to it, and nothing else" {
    let expected =
        [ "README.md"; "icon.png"; $"lib/net10.0/{id}.dll"; $"lib/net10.0/{id}.xml" ]
        @ (besides.TryFind id |> Option.defaultValue [])

    Expect.equal (Set (package id).Files.Keys) (Set expected) "its files"

    let documented = XDocument.Load(new MemoryStream((package id).Files[$"lib/net10.0/{id}.xml"]))
    Expect.isNonEmpty (documented.Descendants "summary") "it is documented"
}

let private depends (id: string, expected: string list) = test $"{id} depends on what it is expected to" {
    let found = elements "dependency" (package id)
    Expect.equal (Set [ for one in found -> attribute "id" one ]) (Set expected) "no package more, none less"

    for one in found do
        if (attribute "id" one).StartsWith "Kta." then
            Expect.equal (attribute "version" one) version "of the same release"
            Expect.equal (attribute "include" one) "All" "with its analyzers"
}

/// The recorded surface is compared with what is built, by analyzers and tests; so this is about what users get, too.
let private recorded (id: string) = test $"{id} shows the recorded surface: its assembly is the one that was compared" {
    let built = File.ReadAllBytes(Repository.path $"src/{id}/bin/Release/net10.0/{id}.dll")
    Expect.isTrue (built = (package id).Files[$"lib/net10.0/{id}.dll"]) "to the byte"
}

let private idOf (symbols: MetadataReader) =
    let id = (symbols.DebugMetadataHeader |> Unchecked.nonNull).Id
    BlobContentId id

/// Where a debugger finds the sources.
let private sourceLink (symbols: MetadataReader) =
    let sourceLink = Guid "CC110556-A091-4D38-9FEC-25AB9A351A6A"

    symbols.GetCustomDebugInformation EntityHandle.ModuleDefinition
    |> Seq.map symbols.GetCustomDebugInformation
    |> Seq.tryFind (fun one -> symbols.GetGuid one.Kind = sourceLink)
    |> Option.map (fun one -> symbols.GetBlobBytes one.Value |> Encoding.UTF8.GetString)

let private symbolsOf (id: string) = test $"{id} has symbols that fit it, and lead to its sources" {
    let files = (symbols id).Files
    Expect.equal (List.ofSeq files.Keys) [ $"lib/net10.0/{id}.pdb" ] "in a package beside it"

    use provider =
        MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(files[$"lib/net10.0/{id}.pdb"]))

    let symbols = provider.GetMetadataReader()

    use assembly = new PEReader(new MemoryStream((package id).Files[$"lib/net10.0/{id}.dll"]))

    let debug =
        assembly.ReadDebugDirectory()
        |> Seq.find (fun entry -> entry.Type = DebugDirectoryEntryType.CodeView)

    Expect.equal (idOf symbols).Guid (assembly.ReadCodeViewDebugDirectoryData debug).Guid "those of this assembly"

    match sourceLink symbols with
    | Some link -> Expect.stringContains link $"{rawSources}/" link
    | None when Environment.GetEnvironmentVariable "EnableSourceControlManagerQueries" = "false" ->
        skiptest "This build was told not to ask git where it comes from."
    | None -> failtest "no source link"
}

let tests =
    testList "The packages" [
        test "are those that are known here" { Expect.equal (ids ()) (List.sort every) "a new one needs its lines" }

        testList "as they are found" [ for id in every -> described id ]
        testList "as they are unpacked" [ for id in libraries -> contents id ]
        testList "with what comes along" [ for one in dependencies -> depends one ]
        testList "beside PublicAPI" [ for id in libraries -> recorded id ]
        testList "for a debugger" [ for id in libraries -> symbolsOf id ]

        test "the tool has no files that only a developer of it would open" {
            let package = package "Kta.Cli"
            let kinds = package.Files.Keys |> Seq.map Path.GetExtension |> Set
            Expect.contains kinds ".dll" "it is there"
            Expect.isFalse (kinds.Contains ".pdb") "symbols are beside it"
            Expect.isTrue (hasSymbols "Kta.Cli") "symbols are beside it"

            Expect.equal
                (package.Files.Keys |> Seq.filter _.EndsWith(".xml") |> List.ofSeq)
                [ "tools/net10.0/any/DotnetToolSettings.xml" ]
                "no documentation of members"
        }

        test "the templates hold no assembly, need no package, and name the version they came with" {
            let package = package "Kta.Functional.Templates"
            Expect.equal (attribute "name" (List.exactlyOne (elements "packageType" package))) "Template" "what it is"
            Expect.isEmpty (elements "dependency" package) "nothing is installed beside"
            Expect.isFalse (hasSymbols "Kta.Functional.Templates") "no symbols"

            for KeyValue(path, content) in package.Files do
                Expect.isFalse (path.EndsWith ".dll") path
                Expect.isFalse ((Encoding.UTF8.GetString content).Contains "PACKED_VERSION") path
        }
    ]
