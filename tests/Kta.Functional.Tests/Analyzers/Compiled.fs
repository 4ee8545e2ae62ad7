/// Compiles real C# with the real compiler, and lets the analyzers look at it.
module Kta.Functional.Tests.Analyzers.Compiled

open System
open System.Collections.Immutable
open System.IO
open System.Reflection
open System.Threading
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CodeActions
open Microsoft.CodeAnalysis.CodeFixes
open Microsoft.CodeAnalysis.CSharp
open Microsoft.CodeAnalysis.Diagnostics
open Microsoft.CodeAnalysis.Text
open Kta.Functional.Tests

let private configuration =
    match DirectoryInfo(AppContext.BaseDirectory).Parent with
    | null -> "Release"
    | folder -> folder.Name

let private library =
    let file =
        $"src/Kta.Functional.Analyzers/bin/{configuration}/netstandard2.0/Kta.Functional.Analyzers.dll"

    Assembly.LoadFrom(Repository.path file)

let private instances<'T, 'TAttribute when 'TAttribute :> Attribute> () = [
    for found in library.GetTypes() do
        if not found.IsAbstract && Attribute.IsDefined(found, typeof<'TAttribute>) then
            Activator.CreateInstance(found, true) |> unbox<'T>
]

let analyzers: DiagnosticAnalyzer list = instances<DiagnosticAnalyzer, DiagnosticAnalyzerAttribute>()

let fixes: CodeFixProvider list = instances<CodeFixProvider, ExportCodeFixProviderAttribute>()

/// Everything this process could load: the frameworks and the libraries of this repository.
let private references =
    match AppContext.GetData "TRUSTED_PLATFORM_ASSEMBLIES" with
    | :? string as files -> [
        for file in files.Split(Path.PathSeparator) -> MetadataReference.CreateFromFile file :> MetadataReference
      ]
    | _ -> failwith "the host does not say what it loads"

let private isOurs (reference: MetadataReference) =
    match Path.GetFileName reference.Display with
    | null -> false
    | file -> file.StartsWith "Kta.Functional"

/// The frameworks without the libraries of this repository.
let frameworks = references |> List.filter (isOurs >> not)

let private globalUsings =
    [
        "System"
        "System.Collections.Generic"
        "System.Linq"
        "System.Threading"
        "System.Threading.Tasks"
    ]
    |> List.map (fun space -> $"global using {space};")
    |> String.concat "\n"

let private ours =
    "global using Kta.Functional;\npublic sealed record Load(double RecordsPerSecond);\npublic sealed record Demand(int Instances);"

let private parsing = CSharpParseOptions(LanguageVersion.Latest)

let parse (name: string) (text: string) = CSharpSyntaxTree.ParseText(text, parsing, name)

/// Resolved once: what is derived from it shares the references.
let private empty =
    lazy
        (let options =
            CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                nullableContextOptions = NullableContextOptions.Enable
            )

         let compilation = CSharpCompilation.Create("Tried", [], references, options)
         compilation.GetSpecialType SpecialType.System_Object |> ignore
         compilation)

let compilation (trees: SyntaxTree list) = empty.Value.AddSyntaxTrees(Array.ofList trees)

let private findings (compilation: Compilation) =
    compilation.WithAnalyzers(ImmutableArray.CreateRange analyzers).GetAnalyzerDiagnosticsAsync()
    |> Async.AwaitTask
    |> Async.RunSynchronously
    |> Seq.sortBy (fun found -> found.Location.SourceSpan.Start, found.Id)
    |> List.ofSeq
    |> List.partition (fun found -> found.Severity = DiagnosticSeverity.Hidden)

/// What a build or an editor shows.
let analyze compilation = snd (findings compilation)

/// What an editor offers to do, and shows nowhere.
let offers compilation = fst (findings compilation)

let errors (compilation: Compilation) =
    compilation.GetDiagnostics()
    |> Seq.filter (fun found -> found.Severity = DiagnosticSeverity.Error)
    |> Seq.map string
    |> List.ofSeq

/// Takes the brackets away from `[|place|]`.
let private marked (source: string) =
    let rec next (text: string) places =
        match text.IndexOf "[|" with
        | -1 -> text, List.rev places
        | start ->
            let text = text.Remove(start, 2)
            let finish = text.IndexOf "|]"
            next (text.Remove(finish, 2)) (TextSpan.FromBounds(start, finish) :: places)

    next source []

let programOf (text: string) =
    compilation [ parse "usings.cs" globalUsings; parse "ours.cs" ours; parse "program.cs" text ]

let private show (found: Diagnostic) = $"{found.Id}: {found.GetMessage()}"

let private finds (analyze: Compilation -> Diagnostic list) (expected: string list) (source: string) =
    let text, places = marked source
    let program = programOf text
    Expect.equal (errors program) [] "the program compiles"
    let found = analyze program
    Expect.equal (found |> List.map show) expected text

    let shownAt (span: TextSpan) = text.Substring(span.Start, span.Length)

    Expect.equal
        (found
         |> List.map (fun one -> shownAt one.Location.SourceSpan, one.Location.SourceSpan.Start))
        (places |> List.map (fun place -> shownAt place, place.Start))
        "the places"

/// A program compiles; at its marks, in their order, stand these messages, and nowhere else any.
let says expected source = finds analyze expected source

/// The same for what is only offered.
let offersTo expected source = finds offers expected source

let silent (source: string) = says [] source

/// The generators that every build runs: of expressions, messages of logs, and metadata of JSON.
let private generators =
    let installed =
        Path.GetFullPath(
            Path.Combine(Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "packs")
        )

    lazy
        [|
            for file in Directory.GetFiles(installed, "*Generat*.dll", SearchOption.AllDirectories) do
                if
                    file.Contains "Microsoft.Extensions.Logging"
                    || file.Contains "RegularExpressions"
                    || file.Contains "Text.Json"
                then
                    for found in Assembly.LoadFrom(file).GetTypes() do
                        if
                            not found.IsAbstract
                            && Attribute.IsDefined(found, typeof<GeneratorAttribute>)
                            && typeof<IIncrementalGenerator>.IsAssignableFrom found
                        then
                            (Activator.CreateInstance(found, true) |> unbox<IIncrementalGenerator>).AsSourceGenerator()
        |]

/// The same for a program of which generators write a part.
let silentWithGenerators (source: string) =
    let driver = CSharpGeneratorDriver.Create(generators.Value, parseOptions = parsing)
    let _, program, _ = driver.RunGeneratorsAndUpdateCompilation(programOf source)
    Expect.isGreaterThan (Seq.length program.SyntaxTrees) 3 "something is generated"
    Expect.equal (errors program) [] "the program compiles"
    Expect.equal (analyze program |> List.map show) [] source

/// The same names, but the library is not there.
let silentWithoutTheLibrary (source: string) =
    let program =
        CSharpCompilation.Create(
            "Tried",
            [ parse "usings.cs" globalUsings; parse "program.cs" source ],
            references |> List.filter (isOurs >> not),
            CSharpCompilationOptions(OutputKind.ConsoleApplication)
        )

    Expect.equal (errors program) [] "the program compiles"
    Expect.equal (analyze program |> List.map show) [] source

/// Applies the only fix of the first finding; the result compiles.
let fixedTo (expected: string) (source: string) =
    let program = programOf source
    let finding = analyze program @ offers program |> List.head
    use workspace = new AdhocWorkspace()

    let project =
        workspace
            .AddProject("Tried", LanguageNames.CSharp)
            .WithCompilationOptions(program.Options)
            .WithParseOptions(parsing)
            .AddMetadataReferences(references)

    let project = project.AddDocument("usings.cs", globalUsings).Project
    let project = project.AddDocument("ours.cs", ours).Project
    let document = project.AddDocument("program.cs", source)
    let tree = document.GetSyntaxTreeAsync().Result |> nonNull

    let relocated (place: Location) = Location.Create(tree, place.SourceSpan)

    let found =
        Diagnostic.Create(
            finding.Descriptor,
            relocated finding.Location,
            finding.AdditionalLocations |> Seq.map relocated,
            finding.Properties,
            [||]
        )

    let actions = ResizeArray<CodeAction>()

    for provider in fixes do
        if provider.FixableDiagnosticIds.Contains found.Id then
            let context =
                CodeFixContext(document, found, (fun action _ -> actions.Add action), CancellationToken.None)

            provider.RegisterCodeFixesAsync(context).Wait()

    Expect.equal actions.Count 1 "one fix"

    let changed =
        actions[0].GetOperationsAsync(CancellationToken.None).Result
        |> Seq.pick (function
            | :? ApplyChangesOperation as change -> Some change.ChangedSolution
            | _ -> None)

    let after = changed.GetDocument(document.Id) |> nonNull
    Expect.equal (string (after.GetTextAsync().Result)) expected "after the fix"
    Expect.equal (errors (nonNull (after.Project.GetCompilationAsync().Result))) [] "it still compiles"
