/// Which rooms of the house use which: folders by what the compiler finds in their code, projects by their references.
module Kta.Functional.Tests.Project.Rooms

open System.Text.RegularExpressions
open System.Xml.Linq
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.CSharp.Syntax
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers

/// One room uses another: where, and which type.
type Use = {
    From: string
    To: string
    File: string
    Type: string
}

/// The files of a project, by their paths below it.
let sources (project: string) : (string * string) list = [
    for file in Repository.files do
        if file.StartsWith $"src/{project}/" && file.EndsWith ".cs" then
            file.Substring(project.Length + 5), Repository.read file
]

let private usings =
    [
        "System"
        "System.Collections.Generic"
        "System.IO"
        "System.Linq"
        "System.Net.Http"
        "System.Threading"
        "System.Threading.Tasks"
    ]
    |> List.map (fun space -> $"global using {space};")
    |> String.concat "\n"

let rec private typeOf (symbol: ISymbol | null) : INamedTypeSymbol option =
    match symbol with
    | null
    | :? INamespaceSymbol -> None
    | :? INamedTypeSymbol as found -> Some found.OriginalDefinition
    | other -> typeOf other.ContainingType

/// Every use of a type of one room in the code of another.
let uses (roomOf: string -> string) (files: (string * string) list) : Use list =
    let trees = [ for path, text in ("", usings) :: files -> CSharpSyntaxTree.ParseText(text, path = path) ]

    let compilation =
        CSharpCompilation.Create(
            "House",
            trees,
            Compiled.frameworks,
            CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe = true)
        )

    let usedIn (tree: SyntaxTree) =
        let model = compilation.GetSemanticModel(tree, false)

        tree.GetRoot().DescendantNodes()
        |> Seq.choose (fun node ->
            match node with
            | :? SimpleNameSyntax as name -> typeOf (model.GetSymbolInfo(name).Symbol)
            | _ -> None)
        |> Seq.distinct

    [
        for tree in trees.Tail do
            for used in usedIn tree do
                match used.Locations[0].SourceTree with
                | null -> ()
                | declared when roomOf declared.FilePath <> roomOf tree.FilePath -> {
                    From = roomOf tree.FilePath
                    To = roomOf declared.FilePath
                    File = tree.FilePath
                    Type = used.Name
                  }
                | _ -> ()
    ]

/// Rooms that reach themselves through others.
let circles (edges: (string * string) list) : string list =
    let next room = edges |> List.filter (fst >> (=) room) |> List.map snd

    let rec reachable (seen: Set<string>) (rooms: string list) =
        match rooms with
        | [] -> seen
        | room :: rest when seen.Contains room -> reachable seen rest
        | room :: rest -> reachable (seen.Add room) (next room @ rest)

    edges
    |> List.map fst
    |> List.distinct
    |> List.filter (fun room -> (reachable Set.empty (next room)).Contains room)

let private nameOf (project: string) =
    project.Split('/')
    |> Array.last
    |> _.Replace(".csproj", "").Replace(".fsproj", "")

/// The references between the projects of src; deeper in it are those of templates.
let projects: (string * string) list = [
    for file in Repository.files do
        if Regex.IsMatch(file, @"^src/[^/]+/[^/]+\.(cs|fs)proj$") then
            let project = XDocument.Parse(Repository.read file)

            for reference in project.Descendants(XName.Get "ProjectReference") do
                let path = string (reference.Attribute(XName.Get "Include"))
                nameOf file, nameOf (path.Split('"')[1])
]
