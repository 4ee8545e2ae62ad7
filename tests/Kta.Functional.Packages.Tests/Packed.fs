/// The packages as `build.fsx pack` makes them, once a run.
module Kta.Functional.Packages.Tests.Packed

open System
open System.Globalization
open System.IO
open System.IO.Compression
open System.Xml.Linq
open Expecto
open Kta.Functional.Tests

/// No other package has it, so that none is taken for one of this run.
let private suffix = DateTime.UtcNow.ToString("'tests.'yyyyMMddHHmmssfff", CultureInfo.InvariantCulture)

let version =
    let properties = XDocument.Load(Repository.path "Directory.Build.props")
    let prefix = properties.Descendants "VersionPrefix" |> Seq.exactlyOne
    $"{prefix.Value}-{suffix}"

/// Packs what is built by now.
let private packed =
    lazy
        (let folder = Machine.path "feed"

         use started =
             Processes.startWith [ "EnableSourceControlManagerQueries", "true" ] [
                 "pack"
                 "src/packages.slnf"
                 "-c"
                 "Release"
                 "--no-build"
                 "-m"
                 "-v"
                 "quiet"
                 "-nologo"
                 "-o"
                 folder
                 $"-p:VersionSuffix={suffix}"
                 "-p:BillOfMaterials=true"
             ]

         let output = started.StandardOutput.ReadToEnd()
         started.WaitForExit()
         Expect.equal started.ExitCode 0 output
         // Package validation warns, NuGet warns: what is there to say is said in a package.
         Expect.equal (output.Trim()) "" "pack has nothing to say"
         folder)

let feed () = packed.Value

let private file (id: string) (kind: string) = Path.Combine(feed (), $"{id}.{version}.{kind}")

/// The ids of all packages there are.
let ids () =
    [
        for file in Directory.GetFiles(feed (), "*.nupkg") ->
            (Path.GetFileName file |> Unchecked.nonNull).Replace($".{version}.nupkg", "")
    ]
    |> List.sort

let billOfMaterials (id: string) = File.ReadAllText(file id "cdx.json")

let hasSymbols (id: string) = File.Exists(file id "snupkg")

type Package = {
    /// Paths of the files, and what they hold; without what belongs to the format.
    Files: Map<string, byte array>
    Specification: XElement
}

let private read (path: string) =
    use archive = ZipFile.OpenRead path

    Map [
        for entry in archive.Entries do
            if
                not (entry.FullName.StartsWith "_rels/")
                && not (entry.FullName.StartsWith "package/")
                && entry.FullName <> "[Content_Types].xml"
            then
                use content = entry.Open()
                use bytes = new MemoryStream()
                content.CopyTo bytes
                entry.FullName, bytes.ToArray()
    ]

let private openFile (id: string) (kind: string) =
    let files = read (file id kind)
    let nuspec = $"{id}.nuspec"

    {
        Files = files.Remove nuspec
        Specification = (XDocument.Load(new MemoryStream(files[nuspec]))).Root |> Unchecked.nonNull
    }

let package (id: string) = openFile id "nupkg"
let symbols (id: string) = openFile id "snupkg"

/// The elements of a specification with this name.
let elements (name: string) (package: Package) =
    package.Specification.Descendants()
    |> Seq.filter (fun one -> one.Name.LocalName = name)
    |> List.ofSeq

/// What one element says, which has to be there once.
let text (name: string) (package: Package) =
    match elements name package with
    | [ one ] -> one.Value
    | found -> failtest $"{found.Length} elements {name}"

let attribute (name: string) (element: XElement) =
    match element.Attribute(XName.Get name) with
    | null -> ""
    | found -> found.Value
